/* What the files of the module _warnings share. */
#ifndef WEFT_MODULE_WARNINGS_PRIV_H
#define WEFT_MODULE_WARNINGS_PRIV_H

#include "object/object.h"

/* One warning on its way to being shown or not. Borrowed. */
typedef struct Warning {
    Value category; /* a class */
    Value
        message; /* a str, anything else that category(message) takes, or an instance of Warning */
    Value filename; /* a str */
    int lineno;
    Value module;   /* NO_VALUE or None: made of the filename */
    Value registry; /* a dict; NO_VALUE or None: none */
    Value line;     /* of the source, from the module's loader; NO_VALUE: not known */
    Value source;   /* the object in question, or NO_VALUE */
} Warning;

/* An attribute of the module warnings, where it is loaded (or can be, with `load`): 1, 0 absent,
 * -1. own: *value new */
NODISCARD int warnings_attribute(const char *name, bool load, Own *value);

/* The line of a module's source, through its loader: 1, 0 not to be had, -1. own: *line new */
NODISCARD int warning_line_from_loader(Value globals, int lineno, Own *line);
/* Shows w, whose message is an instance of Warning by now, with this text: through
 * warnings._showwarnmsg, or simply. fail: -1 */
NODISCARD int warning_show(const Warning *w, Value text);

#endif
