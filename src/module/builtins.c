/* The builtins module: functions on any object. Those that run and make code are in builtins_code.c, those that walk over iterables in
 * builtins_iter.c, print() and its like in builtins_io.c. */
#include "module/builtins_priv.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/error.h"
#include "object/exception.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"
#include "vm/framelocals.h"

#include "builtins.spec.h"

Own
builtins_abs(Value module UNUSED, Value x)
{
    return object_unary(x, OP_ABS);
}

Own
builtins_ascii(Value module UNUSED, Value v)
{
    return object_ascii(v);
}

static Own
number_text(Value number, int base)
{
    Own i = object_index(number);
    Own text = i ? int_to_text(i, base, true) : NO_VALUE;
    drop_opt(i);
    return text;
}

Own
builtins_bin(Value module UNUSED, Value number)
{
    return number_text(number, 2);
}

Own
builtins_oct(Value module UNUSED, Value number)
{
    return number_text(number, 8);
}

Own
builtins_hex(Value module UNUSED, Value number)
{
    return number_text(number, 16);
}

int
builtins_callable(Value module UNUSED, Value v)
{
    return object_is_callable(v);
}

Own
builtins_chr(Value module UNUSED, Value v)
{
    Own i = object_index(v);
    int64_t c;
    if (!i) {
        return NO_VALUE;
    }
    bool fits = int_as_i64(i, &c);
    drop(i);
    if (!fits || c < 0 || c > 0x10FFFF) {
        return raise_msg(&exc_ValueError, "chr() arg not in range(0x110000)");
    }
    return str_from_char((uint32_t)c);
}

Own
builtins_ord(Value module UNUSED, Value v)
{
    int64_t length;
    if (is_str(v)) {
        length = as_str(v)->length;
        if (length == 1) {
            return small_int(str_char_at(as_str(v), 0));
        }
    } else if (is_bytes(v)) {
        length = as_bytes(v)->length;
        if (length == 1) {
            return small_int(as_bytes(v)->data[0]);
        }
    } else if (is_instance_of(v, &bytearray_type)) {
        length = object_len(v);
        if (length == 1) {
            return object_getitem_int(v, 0);
        }
    } else {
        return raise_fmt(&exc_TypeError, "ord() expected string of length 1, but %T found", v);
    }
    return raise_fmt(&exc_TypeError, "ord() expected a character, but string of length %zd found", length);
}

int
builtins_delattr(Value module UNUSED, Value v, Value name)
{
    return object_setattr(v, name, NO_VALUE);
}

int
builtins_setattr(Value module UNUSED, Value v, Value name, Value value)
{
    return object_setattr(v, name, value);
}

Own
builtins_getattr(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (args_check_positional("getattr", nargs, kwnames, 2, 3) < 0) {
        return NO_VALUE;
    }
    if (nargs == 2) {
        return object_getattr(args[0], args[1]);
    }
    Own v;
    int found = object_lookup_attr(args[0], args[1], &v);
    return found == 0 ? own(args[2]) : v;
}

int
builtins_hasattr(Value module UNUSED, Value v, Value name)
{
    Own found;
    int status = object_lookup_attr(v, name, &found);
    drop_opt(found);
    return status;
}

Own
builtins_divmod(Value module UNUSED, Value x, Value y)
{
    return object_binary(x, y, OP_DIVMOD);
}

Own
builtins_format(Value module UNUSED, Value v, Value spec)
{
    return object_format(v, spec);
}

int64_t
builtins_hash(Value module UNUSED, Value v)
{
    return object_hash(v);
}

/* An immediate is its own identity: its word, which no address equals (an address has the two low bits clear). */
Own
builtins_id(Value module UNUSED, Value v)
{
    Own id = int_from_u64(value_bits(v));
    if (id && audit_wanted() && audit_event("builtins.id", "O", (Value)id) < 0) {
        ref_clear(&id);
    }
    return id;
}

int
builtins_isinstance(Value module UNUSED, Value v, Value classes)
{
    return object_isinstance(v, classes);
}

int
builtins_issubclass(Value module UNUSED, Value class, Value classes)
{
    return object_issubclass(class, classes);
}

int64_t
builtins_len(Value module UNUSED, Value v)
{
    return object_len(v);
}

Own
builtins_pow(Value module UNUSED, Value base, Value exp, Value mod)
{
    return object_power(base, exp, mod);
}

Own
builtins_repr(Value module UNUSED, Value v)
{
    return object_repr(v);
}

Own
builtins_round(Value module UNUSED, Value number, Value digits)
{
    Own round, result;
    int found = object_lookup_special(number, NAME(__round__), &round);
    if (found <= 0) {
        return found < 0 ? NO_VALUE : raise_fmt(&exc_TypeError, "type %T doesn't define __round__ method", number);
    }
    result = digits == NONE ? call0(round) : call1(round, digits);
    drop(round);
    return result;
}

/* -- names */

static Frame *
caller(void)
{
    return frame_seen(thread_self()->frame);
}

Own
builtins_globals(Value module UNUSED)
{
    return caller() ? own(caller()->globals) : NONE;
}

Own
builtins_locals(Value module UNUSED)
{
    return caller() ? frame_locals_snapshot(caller()) : raise_msg(&exc_SystemError, "frame does not exist");
}

Own
builtins_dir(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (args_check_positional("dir", nargs, kwnames, 0, 1) < 0) {
        return NO_VALUE;
    }
    if (nargs) {
        return object_dir(args[0]);
    }
    Own names = builtins_locals(NO_VALUE);
    if (!names) {
        return NO_VALUE;
    }
    Own keys = call_method0(names, "keys");
    drop(names);
    Own list = keys ? object_to_list(keys) : NO_VALUE;
    drop_opt(keys);
    if (list && list_sort(list, NONE, false) < 0) {
        drop(list);
        return NO_VALUE;
    }
    return list;
}

Own
builtins_vars(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (args_check_positional("vars", nargs, kwnames, 0, 1) < 0) {
        return NO_VALUE;
    }
    if (!nargs) {
        return builtins_locals(NO_VALUE);
    }
    Own dict;
    int found = object_lookup_attr(args[0], NAME(__dict__), &dict);
    return found == 0 ? raise_msg(&exc_TypeError, "vars() argument must have __dict__ attribute") : dict;
}

/* -- the module */

/* Built-in types under their names, but for those that only other modules show. */
static Type *const shown_types[] = {
    &bool_type, &memoryview_type, &bytearray_type, &bytes_type, &classmethod_type, &complex_type, &dict_type, &enumerate_type,
    &filter_type, &float_type, &frozenset_type, &property_type, &int_type, &list_type, &map_type, &object_type, &range_type,
    &reversed_type, &set_type, &slice_type, &staticmethod_type, &str_type, &super_type, &tuple_type, &type_type, &zip_type,
};

static int
add_named(Value module, const char *name, Value v)
{
    return module_add(module, name, own(v));
}

static int
builtins_exec_module(Value module)
{
    for (size_t i = 0; i < ARRAY_LEN(shown_types); i++) {
        if (add_named(module, shown_types[i]->name, VALUE(shown_types[i])) < 0) {
            return -1;
        }
    }
    for (Type *const *type = builtin_exceptions; *type; type++) {
        if (add_named(module, (*type)->name, VALUE(*type)) < 0) {
            return -1;
        }
    }
    if (add_named(module, "EnvironmentError", VALUE(&exc_OSError)) < 0 || add_named(module, "IOError", VALUE(&exc_OSError)) < 0 ||
        add_named(module, "None", NONE) < 0 || add_named(module, "Ellipsis", ELLIPSIS) < 0 ||
        add_named(module, "NotImplemented", NOTIMPLEMENTED) < 0 || add_named(module, "False", FALSE_VALUE) < 0 ||
        add_named(module, "True", TRUE_VALUE) < 0) {
        return -1;
    }
    compile_hooks.decode = source_decode_bytes;
    return add_named(module, "__debug__", bool_value(builtins_optimize() == 0));
}

const ModuleDef module_builtins = {
    .name = "builtins",
    .doc = builtins_module_doc,
    .functions = builtins_functions,
    .exec = builtins_exec_module,
};
