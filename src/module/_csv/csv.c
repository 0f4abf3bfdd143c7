/* The module _csv: names of dialects, and the functions that make readers and writers. */
#include "module/_csv/csv.h"
#include "module/exception_class.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/module.h"
#include "object/tuple.h"
#include "object/type.h"

#include "_csv.spec.h"

Own csv_error, csv_dialects;
_Atomic int64_t csv_field_limit = 128 * 1024;

/* f(first, dialect=None, **options): the dialect. fail: 0 */
static Own
dialect_of_call(const char *function, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs < 1 || nargs > 2) {
        return raise_fmt(&exc_TypeError, nargs ? "%s expected at most 2 arguments, got %zu"
                                               : "%s expected at least 1 argument, got %zu", function, nargs);
    }
    return csv_dialect_make(args + 1, nargs - 1, kwnames);
}

Own
csv_reader(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs < 1 || nargs > 2) {
        return dialect_of_call("reader", args, nargs, kwnames);
    }
    Own it = object_iter(args[0]), dialect = it ? dialect_of_call("reader", args, nargs, kwnames) : NO_VALUE;
    Own v = dialect ? csv_reader_new(it, dialect) : NO_VALUE;
    drop_opt(it);
    drop_opt(dialect);
    return v;
}

Own
csv_writer(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs < 1 || nargs > 2) {
        return dialect_of_call("writer", args, nargs, kwnames);
    }
    Own write;
    if (object_lookup_attr_cstr(args[0], "write", &write) < 0) {
        return NO_VALUE;
    }
    if (!write || !object_is_callable(write)) {
        drop_opt(write);
        return raise_msg(&exc_TypeError, "argument 1 must have a \"write\" method");
    }
    Own dialect = dialect_of_call("writer", args, nargs, kwnames);
    Own v = dialect ? csv_writer_new(write, dialect) : NO_VALUE;
    drop_opt(dialect);
    drop(write);
    return v;
}

Own
csv_register_dialect(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs >= 1 && nargs <= 2 && !is_str(args[0])) {
        return raise_msg(&exc_TypeError, "dialect name must be a string");
    }
    Own dialect = dialect_of_call("register_dialect", args, nargs, kwnames);
    int status = dialect ? dict_set(csv_dialects, args[0], dialect) : -1;
    drop_opt(dialect);
    return status < 0 ? NO_VALUE : NONE;
}

Own
csv_list_dialects(Value module UNUSED)
{
    return dict_keys_list(csv_dialects);
}

Own
csv_get_dialect(Value module UNUSED, Value name)
{
    Own dialect;
    int found = dict_lookup(csv_dialects, name, &dialect);
    return found > 0 ? dialect : found < 0 ? NO_VALUE : csv_raise("unknown dialect");
}

int
csv_unregister_dialect(Value module UNUSED, Value name)
{
    Own dialect;
    int found = dict_pop(csv_dialects, name, &dialect);
    if (found == 0) {
        csv_raise("unknown dialect");
    }
    drop_opt(found > 0 ? dialect : NO_VALUE);
    return found > 0 ? 0 : -1;
}

Own
csv_field_size_limit(Value module UNUSED, Value new_limit)
{
    int64_t old = atomic_load(&csv_field_limit);
    if (new_limit) {
        if (!is_small_int(new_limit) && !IS_EXACT(new_limit, INT)) {
            return raise_msg(&exc_TypeError, "limit must be an integer");
        }
        int64_t limit;
        if (!int_as_i64(new_limit, &limit)) {
            return raise_msg(&exc_OverflowError, "Python int too large to convert to C ssize_t");
        }
        old = atomic_exchange(&csv_field_limit, limit);
    }
    return int_from_i64(old);
}

static int
csv_exec(Value m)
{
    static const char *const names[] = {"QUOTE_MINIMAL", "QUOTE_ALL", "QUOTE_NONNUMERIC",
                                        "QUOTE_NONE", "QUOTE_STRINGS", "QUOTE_NOTNULL"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (module_add_int(m, names[i], (int64_t)i) < 0) {
            return -1;
        }
    }
    if (!csv_error) {
        csv_error = exception_class_new("_csv", "Error", VALUE(&exc_Exception), NULL);
        csv_dialects = dict_new();
        publish(csv_dialects);
    }
    return module_add(m, "Error", own_opt(csv_error)) < 0 || module_add(m, "_dialects", own_opt(csv_dialects)) < 0 ||
                   module_add_type(m, &csv_dialect_type) < 0 || type_ready(&csv_reader_type) < 0 ||
                   type_ready(&csv_writer_type) < 0 || module_add(m, "Reader", own(VALUE(&csv_reader_type))) < 0 ||
                   module_add(m, "Writer", own(VALUE(&csv_writer_type))) < 0
               ? -1
               : 0;
}

const ModuleDef module__csv = {
    .name = "_csv",
    .doc = csv_module_doc,
    .functions = csv_functions,
    .exec = csv_exec,
};
