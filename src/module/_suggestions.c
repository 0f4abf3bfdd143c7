/* The module _suggestions: vm/suggest.c for Python code. */
#include "object/list.h"
#include "object/module.h"
#include "object/tuple.h"
#include "vm/suggest.h"

#include "_suggestions.spec.h"

Own
suggestions__generate_suggestions(Value module UNUSED, Value candidates, Value item)
{
    if (!IS_EXACT(candidates, LIST)) {
        return raise_msg(&exc_TypeError, "candidates must be a list");
    }
    Own names = list_to_tuple(candidates); /* others may change the list meanwhile */
    if (!names) {
        return NO_VALUE;
    }
    const Tuple *t = as_tuple(names);
    Own result = NONE;
    for (int64_t i = 0; result && i < t->length; i++) {
        if (!is_str(t->items[i])) {
            result = raise_msg(&exc_TypeError, "all elements in 'candidates' must be strings");
        }
    }
    Value found = result ? suggest_name(item, (Value const *)t->items, (size_t)t->length) : NO_VALUE;
    if (found) {
        result = own(found);
    }
    drop(names);
    return result;
}

const ModuleDef module__suggestions = {
    .name = "_suggestions",
    .doc = suggestions_module_doc,
    .functions = suggestions_functions,
};
