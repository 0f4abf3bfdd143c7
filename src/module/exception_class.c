/* Exception classes of C modules (exception_class.h). No state. */
#include "module/exception_class.h"

#include "object/dict.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

Own
exception_class_new(const char *module, const char *name, Value base, const char *doc)
{
    Own args[] = {str_from_cstr(name), tuple_pack(1, base), dict_new(), str_from_cstr(module),
                  doc ? str_from_cstr(doc) : NONE};
    Own cls = NO_VALUE;
    if (args[0] && args[1] && args[2] && args[3] && args[4] &&
        dict_set_cstr(args[2], "__module__", args[3]) == 0 &&
        dict_set_cstr(args[2], "__doc__", args[4]) == 0) {
        cls = call3(VALUE(&type_type), args[0], args[1], args[2]);
    }
    for (size_t i = 0; i < ARRAY_LEN(args); i++) {
        drop_opt(args[i]);
    }
    return cls;
}
