/* pyexpat: expat's events, handed to Python functions. A handler that fails stops the parser, and its exception stays pending. */
#include "module/pyexpat/pyexpat.h"
#include "object/bytes.h"
#include "object/codec.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"

static void
stop(XmlParser *p)
{
    XML_StopParser(p->expat, XML_FALSE);
}

/* own: ret new str, None for null */
static Own
text_of(const XML_Char *text)
{
    return text ? str_from_utf8(text, strlen(text)) : NONE;
}

/* The same, one object for equal texts. */
static Own
name_of(XmlParser *p, const XML_Char *text)
{
    Own name = text_of(text);
    if (!name || !text || !p->intern) {
        return name;
    }
    bool was_present;
    Own known = dict_setdefault(p->intern, name, name, &was_present);
    drop(name);
    return known;
}

/* Calls the handler with args (eaten, also when one is NO_VALUE: then it fails). own: ret new · fail: 0, the parser stopped */
static Own
handler_call(XmlParser *p, int index, Own *args, size_t n)
{
    Own handler = ref_load(&p->head, &p->handlers[index]), result = NO_VALUE;
    bool whole = handler != NO_VALUE;
    for (size_t i = 0; i < n; i++) {
        whole &= args[i] != NO_VALUE;
    }
    if (whole) {
        bool outer = p->in_callback;
        xmlparser_keep_place(p);
        p->in_callback = true;
        result = object_call(handler, (Value const *)args, n, NO_VALUE);
        p->in_callback = outer;
    }
    for (size_t i = 0; i < n; i++) {
        drop_opt(args[i]);
    }
    drop_opt(handler);
    if (!result) {
        stop(p);
    }
    return result;
}

static void
handler_notify(XmlParser *p, int index, Own *args, size_t n)
{
    Own result = handler_call(p, index, args, n);
    drop_opt(result);
}

/* What the handler returns, as a number; otherwise when it fails. */
static int
handler_ask(XmlParser *p, int index, Own *args, size_t n, int otherwise)
{
    Own result = handler_call(p, index, args, n);
    int64_t answer = result ? object_as_int64(result) : otherwise;
    drop_opt(result);
    if (exc_pending()) {
        stop(p);
        return otherwise;
    }
    return (int)answer;
}

/* May an event be given? Not once one has failed. What is buffered goes first. */
static bool
ready(XmlParser *p)
{
    if (exc_pending()) {
        return false;
    }
    if (xmlparser_flush(p) < 0) {
        stop(p);
        return false;
    }
    return true;
}

/* -- character data -- */

static int
give_characters(XmlParser *p, const char *data, size_t n)
{
    Own arg = str_from_utf8(data, n), result = handler_call(p, HANDLER_CharacterData, &arg, 1);
    drop_opt(result);
    return result ? 0 : -1;
}

int
xmlparser_flush(XmlParser *p)
{
    int n = p->buffer_used;
    p->buffer_used = 0;
    if (!p->buffer || n == 0 || !p->handlers[HANDLER_CharacterData]) {
        return 0;
    }
    return give_characters(p, p->buffer, (size_t)n);
}

static void
on_CharacterData(void *arg, const XML_Char *data, int n)
{
    XmlParser *p = arg;
    if (exc_pending()) {
        return;
    }
    if (p->buffer && n > p->buffer_size - p->buffer_used && xmlparser_flush(p) < 0) {
        return;
    }
    if (p->buffer && n <= p->buffer_size - p->buffer_used) { /* the handler may have changed it */
        memcpy(p->buffer + p->buffer_used, data, (size_t)n);
        p->buffer_used += n;
    } else {
        give_characters(p, data, (size_t)n);
    }
}

/* -- elements -- */

static void
on_StartElement(void *arg, const XML_Char *name, const XML_Char **atts)
{
    XmlParser *p = arg;
    if (!ready(p)) {
        return;
    }
    int most = p->specified_attributes ? XML_GetSpecifiedAttributeCount(p->expat) : INT32_MAX;
    Own attributes = p->ordered_attributes ? list_new(0) : dict_new();
    int status = attributes ? 0 : -1;
    for (int i = 0; status == 0 && i < most && atts[i]; i += 2) {
        Own key = name_of(p, atts[i]), value = key ? text_of(atts[i + 1]) : NO_VALUE;
        if (!value) {
            drop_opt(key);
            status = -1;
        } else if (p->ordered_attributes) {
            status = list_append_own(attributes, key);
            status = status < 0 ? (drop(value), -1) : list_append_own(attributes, value);
        } else {
            status = dict_set_own(attributes, key, value);
        }
    }
    if (status < 0) {
        drop_opt(attributes);
        stop(p);
        return;
    }
    Own args[] = {name_of(p, name), attributes};
    handler_notify(p, HANDLER_StartElement, args, 2);
}

static void
on_EndElement(void *arg, const XML_Char *name)
{
    XmlParser *p = arg;
    if (ready(p)) {
        Own args[] = {name_of(p, name)};
        handler_notify(p, HANDLER_EndElement, args, 1);
    }
}

static void
on_StartNamespaceDecl(void *arg, const XML_Char *prefix, const XML_Char *uri)
{
    XmlParser *p = arg;
    if (ready(p)) {
        Own args[] = {name_of(p, prefix), name_of(p, uri)};
        handler_notify(p, HANDLER_StartNamespaceDecl, args, 2);
    }
}

static void
on_EndNamespaceDecl(void *arg, const XML_Char *prefix)
{
    XmlParser *p = arg;
    if (ready(p)) {
        Own args[] = {name_of(p, prefix)};
        handler_notify(p, HANDLER_EndNamespaceDecl, args, 1);
    }
}

/* -- other content -- */

static void
on_ProcessingInstruction(void *arg, const XML_Char *target, const XML_Char *data)
{
    XmlParser *p = arg;
    if (ready(p)) {
        Own args[] = {name_of(p, target), text_of(data)};
        handler_notify(p, HANDLER_ProcessingInstruction, args, 2);
    }
}

static void
on_Comment(void *arg, const XML_Char *data)
{
    XmlParser *p = arg;
    if (ready(p)) {
        Own args[] = {text_of(data)};
        handler_notify(p, HANDLER_Comment, args, 1);
    }
}

#define NO_ARGUMENTS(name)                                                                         \
    static void on_##name(void *arg)                                                               \
    {                                                                                              \
        XmlParser *p = arg;                                                                        \
        if (ready(p)) {                                                                            \
            handler_notify(p, HANDLER_##name, NULL, 0);                                            \
        }                                                                                          \
    }
NO_ARGUMENTS(StartCdataSection)
NO_ARGUMENTS(EndCdataSection)
NO_ARGUMENTS(EndDoctypeDecl)

#define DEFAULT(name)                                                                              \
    static void on_##name(void *arg, const XML_Char *data, int n)                                  \
    {                                                                                              \
        XmlParser *p = arg;                                                                        \
        if (ready(p)) {                                                                            \
            Own args[] = {str_from_utf8(data, (size_t)n)};                                         \
            handler_notify(p, HANDLER_##name, args, 1);                                            \
        }                                                                                          \
    }
DEFAULT(Default)
DEFAULT(DefaultExpand)

static void
on_SkippedEntity(void *arg, const XML_Char *name, int is_parameter)
{
    XmlParser *p = arg;
    if (ready(p)) {
        Own args[] = {name_of(p, name), small_int(is_parameter)};
        handler_notify(p, HANDLER_SkippedEntity, args, 2);
    }
}

static int
on_NotStandalone(void *arg)
{
    XmlParser *p = arg;
    return ready(p) ? handler_ask(p, HANDLER_NotStandalone, NULL, 0, 0) : 0;
}

static int
on_ExternalEntityRef(XML_Parser parser, const XML_Char *context, const XML_Char *base, const XML_Char *system_id,
                     const XML_Char *public_id)
{
    XmlParser *p = XML_GetUserData(parser);
    if (!ready(p)) {
        return 0;
    }
    Own args[] = {text_of(context), name_of(p, base), name_of(p, system_id), name_of(p, public_id)};
    return handler_ask(p, HANDLER_ExternalEntityRef, args, 4, 0);
}

/* -- declarations -- */

static void
on_XmlDecl(void *arg, const XML_Char *version, const XML_Char *encoding, int standalone)
{
    XmlParser *p = arg;
    if (ready(p)) {
        Own args[] = {text_of(version), text_of(encoding), small_int(standalone)};
        handler_notify(p, HANDLER_XmlDecl, args, 3);
    }
}

static void
on_StartDoctypeDecl(void *arg, const XML_Char *name, const XML_Char *system_id, const XML_Char *public_id, int has_subset)
{
    XmlParser *p = arg;
    if (ready(p)) {
        Own args[] = {name_of(p, name), name_of(p, system_id), name_of(p, public_id), small_int(has_subset)};
        handler_notify(p, HANDLER_StartDoctypeDecl, args, 4);
    }
}

/* (type, quantifier, name, children) own: ret new */
static Own
model_of(XmlParser *p, const XML_Content *model)
{
    if (!c_stack_ok()) {
        return NO_VALUE;
    }
    Own children = tuple_new(model->numchildren);
    for (unsigned i = 0; children && i < model->numchildren; i++) {
        Own child = model_of(p, &model->children[i]);
        if (!child) {
            drop(children);
            return NO_VALUE;
        }
        tuple_init_item(children, i, child);
    }
    Own parts[] = {small_int(model->type), small_int(model->quant), name_of(p, model->name), children};
    if (!children) {
        drop_opt(parts[2]);
        return NO_VALUE;
    }
    return tuple_from_own(parts, 4);
}

static void
on_ElementDecl(void *arg, const XML_Char *name, XML_Content *model)
{
    XmlParser *p = arg;
    if (ready(p)) {
        Own tuple = model_of(p, model), args[] = {tuple ? name_of(p, name) : NO_VALUE, tuple};
        handler_notify(p, HANDLER_ElementDecl, args, 2);
    }
    XML_FreeContentModel(p->expat, model);
}

static void
on_AttlistDecl(void *arg, const XML_Char *element, const XML_Char *name, const XML_Char *type, const XML_Char *otherwise,
               int required)
{
    XmlParser *p = arg;
    if (ready(p)) {
        Own args[] = {name_of(p, element), name_of(p, name), text_of(type), text_of(otherwise), small_int(required)};
        handler_notify(p, HANDLER_AttlistDecl, args, 5);
    }
}

static void
on_EntityDecl(void *arg, const XML_Char *name, int is_parameter, const XML_Char *value, int n, const XML_Char *base,
              const XML_Char *system_id, const XML_Char *public_id, const XML_Char *notation)
{
    XmlParser *p = arg;
    if (ready(p)) {
        Own args[] = {name_of(p, name), small_int(is_parameter), value ? str_from_utf8(value, (size_t)n) : NONE,
                      name_of(p, base), name_of(p, system_id), name_of(p, public_id), name_of(p, notation)};
        handler_notify(p, HANDLER_EntityDecl, args, 7);
    }
}

static void
on_UnparsedEntityDecl(void *arg, const XML_Char *name, const XML_Char *base, const XML_Char *system_id,
                      const XML_Char *public_id, const XML_Char *notation)
{
    XmlParser *p = arg;
    if (ready(p)) {
        Own args[] = {name_of(p, name), name_of(p, base), name_of(p, system_id), name_of(p, public_id), name_of(p, notation)};
        handler_notify(p, HANDLER_UnparsedEntityDecl, args, 5);
    }
}

static void
on_NotationDecl(void *arg, const XML_Char *name, const XML_Char *base, const XML_Char *system_id, const XML_Char *public_id)
{
    XmlParser *p = arg;
    if (ready(p)) {
        Own args[] = {name_of(p, name), name_of(p, base), name_of(p, system_id), name_of(p, public_id)};
        handler_notify(p, HANDLER_NotationDecl, args, 4);
    }
}

/* -- encodings that expat does not know: those of one byte a character -- */

static int
on_unknown_encoding(void *arg, const XML_Char *name, XML_Encoding *info)
{
    XmlParser *p = arg;
    uint8_t all[256];
    if (exc_pending()) {
        return XML_STATUS_ERROR;
    }
    for (int i = 0; i < 256; i++) {
        all[i] = (uint8_t)i;
    }
    Own bytes = bytes_new(all, sizeof all), text = bytes ? codec_decode(bytes, name, "replace") : NO_VALUE;
    drop_opt(bytes);
    if (text && as_str(text)->length != 256) {
        raise_msg(&exc_ValueError, "multi-byte encodings are not supported");
        drop(text);
        text = NO_VALUE;
    }
    if (!text) {
        stop(p);
        return XML_STATUS_ERROR;
    }
    for (int i = 0; i < 256; i++) {
        uint32_t c = str_char_at(as_str(text), i);
        info->map[i] = c == 0xFFFD ? -1 : (int)c;
    }
    drop(text);
    info->data = NULL;
    info->convert = NULL;
    info->release = NULL;
    return XML_STATUS_OK;
}

void
xmlparser_install_encodings(XmlParser *p)
{
    XML_SetUnknownEncodingHandler(p->expat, on_unknown_encoding, p);
}

#define XML_SetDefaultExpandHandler XML_SetDefaultHandlerExpand /* the one that is called otherwise */

void
xmlparser_install(XmlParser *p, int index)
{
    bool on = p->handlers[index] != NO_VALUE;
    switch ((HandlerIndex)index) {
#define X(name)                                                                                    \
    case HANDLER_##name:                                                                           \
        XML_Set##name##Handler(p->expat, on ? on_##name : NULL);                                   \
        break;
        HANDLERS(X)
#undef X
    case HANDLER_COUNT:
        break;
    }
}
