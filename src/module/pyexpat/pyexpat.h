/* What the files of pyexpat share.
 *
 * Threads: a parser may be used by one thread at a time; others wait, detached, until it is done, but for asking where it is. The thread that has it may use it
 * again from the handlers that it calls, but for parsing: expat is not made for that. A parser of an external entity shares expat's
 * memory with the one that made it, so all of a family have one lock, the first one's. It guards all fields but those marked otherwise. */
#ifndef WEFT_MODULE_PYEXPAT_H
#define WEFT_MODULE_PYEXPAT_H

#define XML_DTD 1 /* it was built so: declares what limits entities */
#include <expat.h>

#include "module/work_lock.h"
#include "object/object.h"

#define HANDLERS(X)                                                                                \
    X(StartElement) X(EndElement) X(ProcessingInstruction) X(CharacterData) X(UnparsedEntityDecl)  \
    X(NotationDecl) X(StartNamespaceDecl) X(EndNamespaceDecl) X(Comment) X(StartCdataSection)      \
    X(EndCdataSection) X(Default) X(DefaultExpand) X(NotStandalone) X(ExternalEntityRef)           \
    X(StartDoctypeDecl) X(EndDoctypeDecl) X(ElementDecl) X(XmlDecl) X(AttlistDecl)                 \
    X(EntityDecl) X(SkippedEntity)

typedef enum HandlerIndex {
#define X(name) HANDLER_##name,
    HANDLERS(X)
#undef X
    HANDLER_COUNT
} HandlerIndex;

enum { PLACE_CODE, PLACE_LINE, PLACE_COLUMN, PLACE_INDEX, PLACE_COUNT };

typedef struct XmlParser {
    Object head;
    XML_Parser expat;
    Own handlers[HANDLER_COUNT]; /* NO_VALUE = none; written by ref_swap, read by ref_load */
    Own intern;                  /* dict or NO_VALUE; immutable */
    Own parent;                  /* the parser that this one's entity is in; immutable */
    bool ordered_attributes, specified_attributes, namespace_prefixes, in_callback;
    bool parsing; /* expat is at work */
    bool buffer_text;
    int buffer_size, buffer_used;
    char *buffer; /* character data to be given, UTF-8; null without buffer_text */
    OwnerLock lock; /* of the family, where there is no parent */
    _Atomic int64_t place[PLACE_COUNT]; /* at the last event, for threads that ask while another one parses: they do not wait */
    _Atomic bool placed;                /* while it parses: is there a place? */
} XmlParser;

extern Type xmlparser_type;
extern Own expat_error_class; /* written once, before the module is anybody's */

/* Sets the C handler of each handler that is there, and takes that of the others away. */
void xmlparser_install(XmlParser *p, int index);
void xmlparser_install_encodings(XmlParser *p);
/* Keeps the place where expat is, if there are threads to ask for it. lock: entered */
void xmlparser_keep_place(XmlParser *p);
/* Gives what is in the buffer of character data. fail: -1 */
NODISCARD int xmlparser_flush(XmlParser *p);
/* ExpatError of that code. Returns 0. */
Own expat_raise(XML_Parser parser, enum XML_Error code) COLD;
/* encoding and separator may be null; intern a dict, None or NO_VALUE. */
NODISCARD Own xmlparser_new(const char *encoding, const char *separator, Value intern);

#endif
