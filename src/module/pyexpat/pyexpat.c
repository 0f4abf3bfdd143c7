/* The module pyexpat: making parsers, and the names of errors and content models. */
#include "module/exception_class.h"
#include "module/pyexpat/pyexpat.h"
#include "object/dict.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "pyexpat.spec.h"

Own expat_error_class;

Own
pyexpat_ParserCreate(Value module UNUSED, const char *encoding, const char *namespace_separator, Value intern)
{
    if (namespace_separator && strlen(namespace_separator) > 1) {
        return raise_msg(&exc_ValueError, "namespace_separator must be at most one character, omitted, or None");
    }
    if (intern && intern != NONE && !is_dict(intern)) {
        return raise_msg(&exc_TypeError, "intern must be a dictionary");
    }
    return xmlparser_new(encoding, namespace_separator, intern);
}

Own
pyexpat_ErrorString(Value module UNUSED, Value code)
{
    int64_t number = object_as_int64(code);
    if (number == -1 && exc_pending()) {
        return NO_VALUE;
    }
    const XML_LChar *text = number >= 0 && number <= INT32_MAX ? XML_ErrorString((enum XML_Error)number) : NULL;
    return text ? str_from_cstr(text) : NONE;
}

/* -- constants -- */

#define ERRORS(X)                                                                                  \
    X(NO_MEMORY) X(SYNTAX) X(NO_ELEMENTS) X(INVALID_TOKEN) X(UNCLOSED_TOKEN) X(PARTIAL_CHAR)       \
    X(TAG_MISMATCH) X(DUPLICATE_ATTRIBUTE) X(JUNK_AFTER_DOC_ELEMENT) X(PARAM_ENTITY_REF)           \
    X(UNDEFINED_ENTITY) X(RECURSIVE_ENTITY_REF) X(ASYNC_ENTITY) X(BAD_CHAR_REF)                    \
    X(BINARY_ENTITY_REF) X(ATTRIBUTE_EXTERNAL_ENTITY_REF) X(MISPLACED_XML_PI)                      \
    X(UNKNOWN_ENCODING) X(INCORRECT_ENCODING) X(UNCLOSED_CDATA_SECTION)                            \
    X(EXTERNAL_ENTITY_HANDLING) X(NOT_STANDALONE) X(UNEXPECTED_STATE) X(ENTITY_DECLARED_IN_PE)     \
    X(FEATURE_REQUIRES_XML_DTD) X(CANT_CHANGE_FEATURE_ONCE_PARSING) X(UNBOUND_PREFIX)              \
    X(UNDECLARING_PREFIX) X(INCOMPLETE_PE) X(XML_DECL) X(TEXT_DECL) X(PUBLICID) X(SUSPENDED)       \
    X(NOT_SUSPENDED) X(ABORTED) X(FINISHED) X(SUSPEND_PE) X(RESERVED_PREFIX_XML)                   \
    X(RESERVED_PREFIX_XMLNS) X(RESERVED_NAMESPACE_URI) X(INVALID_ARGUMENT) X(NO_BUFFER)            \
    X(AMPLIFICATION_LIMIT_BREACH)

static const struct {
    const char *name;
    int code;
} errors[] = {
#define X(name) {"XML_ERROR_" #name, XML_ERROR_##name},
    ERRORS(X)
#undef X
};

/* A module pyexpat.NAME, in sys.modules and in m. borrow: lasts while m does · fail: 0 */
static Value
add_submodule(Value m, const char *name, const char *doc)
{
    Own full = str_fmt("pyexpat.%s", name), sub = full ? module_new(full) : NO_VALUE, result = NO_VALUE;
    Own modules = object_hooks.sys_get("modules");
    if (sub && module_add_cstr(sub, "__doc__", doc) == 0 && (!modules || object_setitem(modules, full, sub) == 0) &&
        module_add(m, name, own(sub)) == 0) {
        result = own(sub);
    }
    drop_opt(full);
    drop_opt(sub);
    drop_opt(modules);
    drop_opt(result); /* m holds it */
    return result;
}

static int
add_errors(Value m)
{
    Value sub = add_submodule(m, "errors", "Constants used to describe error conditions.");
    Own codes = sub ? dict_new() : NO_VALUE, messages = codes ? dict_new() : NO_VALUE;
    int status = messages ? 0 : -1;
    for (size_t i = 0; status == 0 && i < ARRAY_LEN(errors); i++) {
        Own text = str_from_cstr(XML_ErrorString((enum XML_Error)errors[i].code));
        Value code = small_int(errors[i].code);
        if (!text || dict_set(codes, text, code) < 0 || dict_set(messages, code, text) < 0 ||
            module_add(sub, errors[i].name, own(text)) < 0) {
            status = -1;
        }
        drop_opt(text);
    }
    if (status == 0) {
        status = module_add(sub, "codes", own(codes)) < 0 ? -1 : module_add(sub, "messages", own(messages));
    }
    drop_opt(codes);
    drop_opt(messages);
    return status;
}

static int
add_model(Value m)
{
    static const struct {
        const char *name;
        int value;
    } names[] = {
        {"XML_CTYPE_EMPTY", XML_CTYPE_EMPTY}, {"XML_CTYPE_ANY", XML_CTYPE_ANY}, {"XML_CTYPE_MIXED", XML_CTYPE_MIXED},
        {"XML_CTYPE_NAME", XML_CTYPE_NAME}, {"XML_CTYPE_CHOICE", XML_CTYPE_CHOICE}, {"XML_CTYPE_SEQ", XML_CTYPE_SEQ},
        {"XML_CQUANT_NONE", XML_CQUANT_NONE}, {"XML_CQUANT_OPT", XML_CQUANT_OPT}, {"XML_CQUANT_REP", XML_CQUANT_REP},
        {"XML_CQUANT_PLUS", XML_CQUANT_PLUS},
    };
    Value sub = add_submodule(m, "model", "Constants used to interpret content model information.");
    for (size_t i = 0; sub && i < ARRAY_LEN(names); i++) {
        if (module_add_int(sub, names[i].name, names[i].value) < 0) {
            return -1;
        }
    }
    return sub ? 0 : -1;
}

/* [(name, value), ...] of what this expat can do. own: ret new */
static Own
feature_list(void)
{
    Own list = list_new(0);
    for (const XML_Feature *f = XML_GetFeatureList(); list && f->feature != XML_FEATURE_END; f++) {
        Own pair[] = {str_from_cstr(f->name), int_from_i64(f->value)};
        Own tuple = tuple_from_own(pair, 2);
        if (!tuple || list_append_own(list, tuple) < 0) {
            drop(list);
            return NO_VALUE;
        }
    }
    return list;
}

static int
pyexpat_exec(Value m)
{
    XML_Expat_Version version = XML_ExpatVersionInfo();
    if (!expat_error_class) {
        expat_error_class = exception_class_new("xml.parsers.expat", "ExpatError", VALUE(&exc_Exception), NULL);
    }
    if (module_add(m, "ExpatError", own_opt(expat_error_class)) < 0 ||
        module_add(m, "error", own_opt(expat_error_class)) < 0 || type_ready(&xmlparser_type) < 0 ||
        module_add(m, "XMLParserType", own(VALUE(&xmlparser_type))) < 0 ||
        module_add_cstr(m, "EXPAT_VERSION", XML_ExpatVersion()) < 0 || module_add_cstr(m, "native_encoding", "UTF-8") < 0) {
        return -1;
    }
    Own numbers[] = {small_int(version.major), small_int(version.minor), small_int(version.micro)};
    return module_add(m, "version_info", tuple_from_own(numbers, 3)) < 0 || module_add(m, "features", feature_list()) < 0 ||
                   module_add_int(m, "XML_PARAM_ENTITY_PARSING_NEVER", XML_PARAM_ENTITY_PARSING_NEVER) < 0 ||
                   module_add_int(m, "XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE",
                                  XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE) < 0 ||
                   module_add_int(m, "XML_PARAM_ENTITY_PARSING_ALWAYS", XML_PARAM_ENTITY_PARSING_ALWAYS) < 0 ||
                   add_errors(m) < 0
               ? -1
               : add_model(m);
}

const ModuleDef module_pyexpat = {
    .name = "pyexpat",
    .doc = pyexpat_module_doc,
    .functions = pyexpat_functions,
    .exec = pyexpat_exec,
};
