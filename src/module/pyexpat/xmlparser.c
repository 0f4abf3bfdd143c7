/* pyexpat: the parser object. */
#include "module/pyexpat/pyexpat.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/str.h"
#include "object/type.h"

#include "xmlparser.spec.h"

#define CHUNK_MAX (1 << 20)

static OwnerLock *
family_lock(XmlParser *p)
{
    while (p->parent) {
        p = (XmlParser *)obj(p->parent);
    }
    return &p->lock;
}

static void
enter(XmlParser *p)
{
    owner_lock_enter(family_lock(p));
}

static void
leave(XmlParser *p)
{
    owner_lock_leave(family_lock(p));
}

void
xmlparser_keep_place(XmlParser *p)
{
    if (threads_many && p->parsing) {
        atomic_store(&p->place[PLACE_CODE], XML_GetErrorCode(p->expat));
        atomic_store(&p->place[PLACE_LINE], (int64_t)XML_GetCurrentLineNumber(p->expat));
        atomic_store(&p->place[PLACE_COLUMN], (int64_t)XML_GetCurrentColumnNumber(p->expat));
        atomic_store(&p->place[PLACE_INDEX], XML_GetCurrentByteIndex(p->expat));
        atomic_store(&p->placed, true);
    }
}

/* -- errors -- */

static int
set_number(Value v, const char *name, int64_t number)
{
    Own i = int_from_i64(number);
    int status = i ? object_setattr_cstr(v, name, i) : -1;
    drop_opt(i);
    return status;
}

Own
expat_raise(XML_Parser parser, enum XML_Error code)
{
    int64_t line = (int64_t)XML_GetErrorLineNumber(parser), column = (int64_t)XML_GetErrorColumnNumber(parser);
    Own text = str_fmt("%s: line %zd, column %zd", XML_ErrorString(code), line, column);
    Own exc = text ? call1(expat_error_class, text) : NO_VALUE;
    if (exc && set_number(exc, "code", code) == 0 && set_number(exc, "offset", column) == 0 &&
        set_number(exc, "lineno", line) == 0) {
        raise_object(exc, NO_VALUE);
    }
    drop_opt(text);
    drop_opt(exc);
    return NO_VALUE;
}

/* -- parsing -- */

/* What Parse gives after expat's answer. lock: entered */
static Own
parse_result(XmlParser *p, enum XML_Status status)
{
    if (exc_pending()) {
        return NO_VALUE;
    }
    if (status == XML_STATUS_ERROR) {
        return expat_raise(p->expat, XML_GetErrorCode(p->expat));
    }
    return xmlparser_flush(p) < 0 ? NO_VALUE : small_int(status);
}

static Own
parse_bytes(XmlParser *p, const char *data, size_t n, bool is_final)
{
    enum XML_Status status = XML_STATUS_OK;
    enter(p);
    if (p->parsing) {
        leave(p);
        return raise_msg(&exc_RuntimeError, "cannot parse from within a handler of the same parser");
    }
    p->parsing = true;
    xmlparser_keep_place(p);
    while (n > CHUNK_MAX && status != XML_STATUS_ERROR && !exc_pending()) {
        status = XML_Parse(p->expat, data, CHUNK_MAX, 0);
        data += CHUNK_MAX;
        n -= CHUNK_MAX;
    }
    if (status != XML_STATUS_ERROR && !exc_pending()) {
        status = XML_Parse(p->expat, data, (int)n, is_final);
    }
    p->parsing = false;
    Own result = parse_result(p, status);
    atomic_store(&p->placed, false);
    leave(p);
    return result;
}

Own
xmlparser_py_Parse(XmlParser *self, Value data, bool isfinal)
{
    if (is_str(data)) {
        size_t n;
        const char *text = str_utf8(data, &n);
        if (!text) {
            return NO_VALUE;
        }
        enter(self);
        (void)XML_SetEncoding(self->expat, "utf-8");
        leave(self);
        return parse_bytes(self, text, n, isfinal);
    }
    Buffer b;
    if (buffer_get_still(data, &b) < 0) {
        return NO_VALUE;
    }
    Own result = parse_bytes(self, (const char *)b.data, (size_t)b.length, isfinal);
    buffer_release(&b);
    return result;
}

Own
xmlparser_py_ParseFile(XmlParser *self, Value file)
{
    enum { PART = 2048 };
    Own read, result = NO_VALUE;
    if (object_lookup_attr_cstr(file, "read", &read) < 0) {
        return NO_VALUE;
    }
    if (!read) {
        return raise_msg(&exc_TypeError, "argument must have 'read' attribute");
    }
    for (bool more = true; more;) {
        Own data = call1(read, small_int(PART));
        Buffer b;
        if (!data) {
            break;
        }
        if (!is_bytes(data) && !is_instance_of(data, &bytearray_type)) {
            raise_fmt(&exc_TypeError, "read() did not return a bytes object (type=%T)", (Value)data);
            drop(data);
            break;
        }
        if (buffer_get_still(data, &b) < 0) {
            drop(data);
            break;
        }
        drop_opt(result);
        result = NO_VALUE;
        if (b.length > PART) {
            raise_fmt(&exc_ValueError, "read() returned too much data: %d bytes requested, %zd returned", (int)PART, b.length);
            more = false;
        } else {
            result = parse_bytes(self, (const char *)b.data, (size_t)b.length, b.length == 0);
            more = result && b.length;
        }
        buffer_release(&b);
        drop(data);
    }
    drop(read);
    if (exc_pending()) {
        drop_opt(result);
        return NO_VALUE;
    }
    return result;
}

int
xmlparser_py_SetBase(XmlParser *self, const char *base)
{
    enter(self);
    enum XML_Status status = XML_SetBase(self->expat, base);
    leave(self);
    if (!status) {
        raise_no_memory();
        return -1;
    }
    return 0;
}

Own
xmlparser_py_GetBase(XmlParser *self)
{
    enter(self);
    const XML_Char *base = XML_GetBase(self->expat);
    Own v = base ? str_from_utf8(base, strlen(base)) : NONE;
    leave(self);
    return v;
}

Own
xmlparser_py_GetInputContext(XmlParser *self)
{
    int offset, size;
    enter(self);
    const char *context = self->in_callback ? XML_GetInputContext(self->expat, &offset, &size) : NULL;
    Own v = context ? bytes_new(context + offset, (size_t)(size - offset)) : NONE;
    leave(self);
    return v;
}

Own
xmlparser_py_SetParamEntityParsing(XmlParser *self, int flag)
{
    enter(self);
    int worked = XML_SetParamEntityParsing(self->expat, (enum XML_ParamEntityParsing)flag);
    leave(self);
    return small_int(worked);
}

int
xmlparser_py_UseForeignDTD(XmlParser *self, bool flag)
{
    enter(self);
    enum XML_Error code = XML_UseForeignDTD(self->expat, flag);
    if (code != XML_ERROR_NONE) {
        expat_raise(self->expat, code);
    }
    leave(self);
    return code == XML_ERROR_NONE ? 0 : -1;
}

int
xmlparser_py_GetReparseDeferralEnabled(XmlParser *self UNUSED)
{
    return 0;
}

int
xmlparser_py_SetReparseDeferralEnabled(XmlParser *self UNUSED, bool enabled UNUSED)
{
    return 0;
}

int
xmlparser_py_SetBillionLaughsAttackProtectionActivationThreshold(XmlParser *self, Value limit)
{
    Own index = object_index(limit);
    if (!index) {
        return -1;
    }
    bool negative = int_sign(index) < 0, large = int_bit_length(index) > 64;
    uint64_t threshold = object_as_uint64_mask(index);
    drop(index);
    if (negative) {
        return raise_int(&exc_ValueError, "Cannot convert negative int");
    }
    if (large) {
        return raise_int(&exc_OverflowError, "Python int too large for C unsigned long long");
    }
    enter(self);
    XML_Bool good = XML_SetBillionLaughsAttackProtectionActivationThreshold(self->expat, threshold);
    leave(self);
    return good ? 0 : raise_int((Type *)obj(expat_error_class), "parser must be a root parser");
}

int
xmlparser_py_SetBillionLaughsAttackProtectionMaximumAmplification(XmlParser *self, double max_factor)
{
    enter(self);
    XML_Bool good = XML_SetBillionLaughsAttackProtectionMaximumAmplification(self->expat, (float)max_factor);
    leave(self);
    return good ? 0
                : raise_int((Type *)obj(expat_error_class), max_factor >= 1.0 ? "parser must be a root parser"
                                                                             : "'max_factor' must be at least 1.0");
}

/* -- making -- */

/* A parser object around expat's, which is eaten. own: ret new */
static Own
wrap(XML_Parser expat, Value intern)
{
    Own v = expat ? type_alloc(&xmlparser_type, 0) : raise_no_memory();
    if (!v) {
        if (expat) {
            XML_ParserFree(expat);
        }
        return NO_VALUE;
    }
    XmlParser *p = (XmlParser *)obj(v);
    p->expat = expat;
    p->buffer_size = 8192;
    ref_init(&p->head, &p->intern, own_opt(intern));
    XML_SetUserData(expat, p);
    xmlparser_install_encodings(p);
    return v;
}

Own
xmlparser_new(const char *encoding, const char *separator, Value intern)
{
    Own names = intern ? own(intern) : dict_new();
    if (!names) {
        return NO_VALUE;
    }
    XML_Parser expat = separator ? XML_ParserCreateNS(encoding, *separator) : XML_ParserCreate(encoding);
    if (expat) {
        uint64_t salt = (uint64_t)str_hash(str_empty) ^ (uint64_t)(uintptr_t)expat;
        Own secret = str_from_cstr("expat");
        XML_SetHashSalt(expat, (unsigned long)(salt ^ (uint64_t)(secret ? str_hash(secret) : 1)));
        drop_opt(secret);
    }
    Own v = wrap(expat, names == NONE ? NO_VALUE : (Value)names);
    drop(names);
    return v;
}

Own
xmlparser_py_ExternalEntityParserCreate(XmlParser *self, const char *context, const char *encoding)
{
    enter(self);
    Own v = wrap(XML_ExternalEntityParserCreate(self->expat, context, encoding), self->intern);
    if (v) {
        XmlParser *p = (XmlParser *)obj(v);
        ref_init(&p->head, &p->parent, own(VALUE(self)));
        p->ordered_attributes = self->ordered_attributes;
        p->specified_attributes = self->specified_attributes;
        p->namespace_prefixes = self->namespace_prefixes;
        p->buffer_size = self->buffer_size;
        p->buffer_text = self->buffer_text;
        if (self->buffer) {
            p->buffer = mem_alloc((size_t)p->buffer_size);
        }
        for (int i = 0; i < HANDLER_COUNT; i++) {
            ref_init(&p->head, &p->handlers[i], own_opt(self->handlers[i]));
            xmlparser_install(p, i);
        }
        if (self->buffer && !p->buffer) {
            drop(v);
            v = NO_VALUE;
        }
    }
    leave(self);
    return v;
}

/* -- attributes -- */

static int
no_deleting(Value value)
{
    return value ? 0 : raise_int(&exc_RuntimeError, "Cannot delete attribute");
}

static Own
get_handler(XmlParser *p, int index)
{
    Own handler = ref_load(&p->head, &p->handlers[index]);
    return handler ? handler : NONE;
}

static int
set_handler(XmlParser *p, int index, Value value)
{
    if (no_deleting(value) < 0) {
        return -1;
    }
    enter(p);
    int status = index == HANDLER_CharacterData ? xmlparser_flush(p) : 0;
    Own old = NO_VALUE;
    if (status == 0) {
        old = ref_swap(&p->head, &p->handlers[index], value == NONE ? NO_VALUE : own(value));
        xmlparser_install(p, index);
    }
    leave(p);
    drop_opt(old);
    return status;
}

#define X(name)                                                                                    \
    Own xmlparser_get_##name##Handler(XmlParser *self) { return get_handler(self, HANDLER_##name); }                            \
    int xmlparser_set_##name##Handler(XmlParser *self, Value value) { return set_handler(self, HANDLER_##name, value); }
HANDLERS(X)
#undef X

Own
xmlparser_get_DefaultHandlerExpand(XmlParser *self)
{
    return get_handler(self, HANDLER_DefaultExpand);
}

int
xmlparser_set_DefaultHandlerExpand(XmlParser *self, Value value)
{
    return set_handler(self, HANDLER_DefaultExpand, value);
}

static int
set_flag(Value value, bool *flag)
{
    int truth = no_deleting(value) < 0 ? -1 : object_truth(value);
    if (truth < 0) {
        return -1;
    }
    *flag = truth;
    return 0;
}

#define FLAG(name)                                                                                 \
    Own xmlparser_get_##name(XmlParser *self) { return bool_value(self->name); }
FLAG(ordered_attributes)
FLAG(specified_attributes)
FLAG(namespace_prefixes)

Own
xmlparser_get_buffer_text(XmlParser *self)
{
    return bool_value(self->buffer != NULL);
}

int
xmlparser_set_ordered_attributes(XmlParser *self, Value value)
{
    return set_flag(value, &self->ordered_attributes);
}

int
xmlparser_set_specified_attributes(XmlParser *self, Value value)
{
    return set_flag(value, &self->specified_attributes);
}

int
xmlparser_set_namespace_prefixes(XmlParser *self, Value value)
{
    int status = set_flag(value, &self->namespace_prefixes);
    if (status == 0) {
        enter(self);
        XML_SetReturnNSTriplet(self->expat, self->namespace_prefixes);
        leave(self);
    }
    return status;
}

/* A buffer of that size, or none; what is in the old one is given first. */
static int
change_buffer(XmlParser *p, bool wanted, int size)
{
    enter(p);
    int status = p->buffer ? xmlparser_flush(p) : 0;
    if (status == 0) {
        char *fresh = wanted ? mem_alloc((size_t)size) : NULL;
        status = wanted && !fresh ? -1 : 0;
        if (status == 0) {
            mem_free(p->buffer);
            p->buffer = fresh;
            p->buffer_size = size;
            p->buffer_used = 0;
        }
    }
    leave(p);
    return status;
}

int
xmlparser_set_buffer_text(XmlParser *self, Value value)
{
    bool wanted = false;
    if (set_flag(value, &wanted) < 0) {
        return -1;
    }
    return wanted == (self->buffer != NULL) ? 0 : change_buffer(self, wanted, self->buffer_size);
}

Own
xmlparser_get_buffer_size(XmlParser *self)
{
    return small_int(self->buffer_size);
}

int
xmlparser_set_buffer_size(XmlParser *self, Value value)
{
    int64_t size;
    if (no_deleting(value) < 0) {
        return -1;
    }
    if (!is_int(value)) {
        return raise_int(&exc_TypeError, "buffer_size must be an integer");
    }
    if (!int_as_i64(value, &size)) {
        return raise_int(&exc_OverflowError, "Python int too large to convert to C long");
    }
    if (size <= 0) {
        return raise_int(&exc_ValueError, "buffer_size must be greater than zero");
    }
    if (size > INT32_MAX) {
        return raise_int(&exc_ValueError, "buffer_size must not be greater than %d", INT32_MAX);
    }
    return change_buffer(self, self->buffer != NULL, (int)size);
}

Own
xmlparser_get_buffer_used(XmlParser *self)
{
    return small_int(self->buffer_used);
}

Own
xmlparser_get_intern(XmlParser *self)
{
    return self->intern ? own(self->intern) : NONE;
}

/* While another thread parses: as it was at the last event. */
#define NUMBER(name, function, which)                                                              \
    Own xmlparser_get_##name(XmlParser *self)                                                      \
    {                                                                                              \
        if (!call_lock_is_mine(&family_lock(self)->lock) && atomic_load(&self->placed)) {          \
            return int_from_i64(atomic_load(&self->place[which]));                                 \
        }                                                                                          \
        enter(self);                                                                               \
        int64_t number = (int64_t)function(self->expat);                                           \
        leave(self);                                                                               \
        return int_from_i64(number);                                                               \
    }
NUMBER(ErrorCode, XML_GetErrorCode, PLACE_CODE)
NUMBER(ErrorLineNumber, XML_GetErrorLineNumber, PLACE_LINE)
NUMBER(ErrorColumnNumber, XML_GetErrorColumnNumber, PLACE_COLUMN)
NUMBER(ErrorByteIndex, XML_GetErrorByteIndex, PLACE_INDEX)
NUMBER(CurrentLineNumber, XML_GetCurrentLineNumber, PLACE_LINE)
NUMBER(CurrentColumnNumber, XML_GetCurrentColumnNumber, PLACE_COLUMN)
NUMBER(CurrentByteIndex, XML_GetCurrentByteIndex, PLACE_INDEX)

/* -- the type -- */

static int
xmlparser_traverse(Object *o, Visit visit, void *arg)
{
    XmlParser *p = (XmlParser *)o;
    for (int i = 0; i < HANDLER_COUNT; i++) {
        VISIT(p->handlers[i]);
    }
    VISIT(p->intern);
    VISIT(p->parent);
    return 0;
}

static void
xmlparser_clear(Object *o)
{
    XmlParser *p = (XmlParser *)o;
    for (int i = 0; i < HANDLER_COUNT; i++) {
        ref_clear(&p->handlers[i]);
    }
}

static void
xmlparser_dealloc(Object *o)
{
    XmlParser *p = (XmlParser *)o;
    xmlparser_clear(o);
    if (p->expat) {
        enter(p);
        XML_ParserFree(p->expat);
        leave(p);
    }
    drop_opt(p->intern);
    drop_opt(p->parent);
    mem_free(p->buffer);
    object_free(o);
}

Type xmlparser_type = {
    .name = "pyexpat.xmlparser",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(XmlParser),
    .slots = {.traverse = xmlparser_traverse, .clear = xmlparser_clear, .dealloc = xmlparser_dealloc},
    .methods = xmlparser_methods,
    .getsets = xmlparser_getsets,
    .spec_doc = xmlparser_doc,
};
