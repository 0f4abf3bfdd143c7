/* What messages say about a module that lacks a name: whether it hides another, or its import is still going on. */
#ifndef WEFT_OBJECT_MODULE_FACTS_H
#define WEFT_OBJECT_MODULE_FACTS_H

#include "object/object.h"

typedef struct ModuleFacts {
    Own name, spec, origin; /* strs (spec: any object) or NO_VALUE; owned */
    bool shadowing;         /* it lies in the directory that the search for modules starts with */
    bool stdlib;            /* and is named as a module of the library */
    bool initializing;
    bool submodule; /* the name is that of a submodule whose import is still going on */
} ModuleFacts;

/* An attribute of a module as getattr() gives it; and without an error where it has none: 1, 0, -1. What an error says is found out by looking at
 * attributes of the module's __spec__, which may be the module itself. */
NODISCARD Own module_getattr(Value module, Value name);
NODISCARD int module_lookup_attr(Value module, Value name, Own *result);

/* Fills in the rest. pre: name and spec are set. Leaves nothing pending. own: origin new */
void module_find_facts(ModuleFacts *facts, Value attribute);

#endif
