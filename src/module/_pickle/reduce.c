/* _pickle: writing globals, and objects by what reduces them. Guard: the Pickler's lock. */
#include "module/_pickle/pickle.h"
#include "object/bytes.h"
#include "object/codec.h"
#include "object/dict.h"
#include "object/function.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

/* -- finding out where a global is -- */

Own
pickle_dotted(Value v, Value name, Own *parent)
{
    Own at = own(v), before = NO_VALUE;
    int64_t n = as_str(name)->length;
    for (int64_t start = 0; start <= n && at;) {
        Own point = str_from_char('.');
        int64_t stop = point ? str_find(name, point, start, n, 1) : -1;
        drop_opt(point);
        stop = stop < 0 ? n : stop;
        Own part = str_substring(name, start, stop);
        Own next = part ? object_getattr(at, part) : NO_VALUE;
        drop_opt(part);
        drop_opt(before);
        before = at;
        at = next;
        start = stop + 1;
    }
    if (parent && at) {
        *parent = before;
    } else {
        drop_opt(before);
    }
    return at;
}

static bool
is_local(Value name)
{
    static const char mark[] = "<locals>";
    const Str *s = as_str(name);
    int64_t matched = 0; /* of mark, whose first character comes once */
    for (int64_t i = 0; i < s->length && mark[matched]; i++) {
        uint32_t c = str_char_at(s, i);
        matched = c == (uint32_t)mark[matched] ? matched + 1 : c == (uint32_t)mark[0];
    }
    return !mark[matched];
}

/* Does the module have v under that name? 1, 0, -1 */
static int
module_has(Value module, Value name, Value v)
{
    Own found = pickle_dotted(module, name, NULL);
    if (!found) {
        return exc_swallow(&exc_AttributeError) ? 0 : -1;
    }
    int same = found == v;
    drop(found);
    return same;
}

/* The name of the module that v is from. own: ret new (a str, or what __module__ is) */
static Own
which_module(Value v, Value name)
{
    Own module;
    int found = object_lookup_attr_cstr(v, "__module__", &module);
    if (found < 0 || (found && module != NONE)) {
        return found < 0 ? NO_VALUE : module;
    }
    drop_opt(found ? module : NO_VALUE);
    Own modules = object_hooks.sys_get("modules"), items = modules ? dict_items_list(modules) : NO_VALUE;
    drop_opt(modules);
    Own pair, result = NO_VALUE;
    for (int64_t i = 0; items && !result && (pair = list_get(items, i)); i++) {
        Value key = tuple_item(pair, 0), candidate = tuple_item(pair, 1);
        if (is_str(key) && !str_equals_cstr(key, "__main__") && !str_equals_cstr(key, "__mp_main__") && candidate != NONE) {
            int has = module_has(candidate, name, v);
            if (has > 0) {
                result = own(key);
            } else if (has < 0) {
                exc_clear();
            }
        }
        drop(pair);
    }
    drop_opt(items);
    return result ? result : exc_pending() ? NO_VALUE : str_from_cstr("__main__");
}

/* The exception that is pending becomes the cause of PicklingError "Can't pickle v: <its text>". */
static int
raise_import_failed(Value v)
{
    Own exc = exc_take(), text = object_str(exc);
    exc_restore(exc);
    if (!text) {
        exc_clear();
        text = str_from_cstr("?");
    }
    raise_from_pending(PICKLE_ERROR(pickling_error), "Can't pickle %R: %S", v, (Value)text);
    drop_opt(text);
    return -1;
}

Own
pickle_import(Value name)
{
    if (as_str(name)->length == 0) {
        return raise_msg(&exc_ValueError, "Empty module name");
    }
    Own modules = object_hooks.sys_get("modules"), found = NO_VALUE;
    if (modules && is_dict(modules) && !as_str(name)->ascii && dict_lookup(modules, name, &found) < 0) {
        drop(modules);
        return NO_VALUE;
    }
    drop_opt(modules);
    if (found) { /* also under a name that is no text for files */
        return found;
    }
    const char *text = str_utf8(name, NULL);
    return text ? object_hooks.import_module(text) : NO_VALUE;
}

/* Imports the module and checks that v is there under that name. fail: -1 */
static int
check_global(Value v, Value module_name, Value name)
{
    if (!is_str(module_name)) {
        return raise_int(PICKLE_ERROR(pickling_error), "Can't pickle %R: its __module__ is not a str", v);
    }
    Own module = pickle_import(module_name);
    if (!module) {
        return exc_matches(&exc_ImportError) || exc_matches(&exc_ValueError) ? raise_import_failed(v) : -1;
    }
    Own found = pickle_dotted(module, name, NULL);
    drop(module);
    if (!found) {
        if (!exc_matches(&exc_AttributeError)) {
            return -1;
        }
        raise_from_pending(PICKLE_ERROR(pickling_error), "Can't pickle %R: it's not found as %S.%S", v, module_name, name);
        return -1;
    }
    bool same = found == v;
    drop(found);
    return same ? 0
                : raise_int(PICKLE_ERROR(pickling_error), "Can't pickle %R: it's not the same object as %S.%S", v, module_name,
                            name);
}

/* -- writing it -- */

/* The registered code of (module, name): 1 written, 0 there is none, -1 */
static int
save_extension(Pickler *p, Value module, Value name)
{
    Own key = tuple_pack(2, module, name), code = NO_VALUE;
    int found = key ? dict_lookup(pickle_names.extension_registry, key, &code) : -1;
    drop_opt(key);
    if (found <= 0) {
        return found;
    }
    int64_t number;
    if (!is_int(code) || !int_as_i64(code, &number) || number <= 0 || number > INT32_MAX) {
        found = raise_int(&exc_RuntimeError, "extension code %S is out of range", (Value)code);
    }
    drop(code);
    if (found < 0) {
        return -1;
    }
    int size = number < 256 ? 1 : number < 65536 ? 2 : 4;
    uint8_t bytes[5] = {size == 1 ? OP_EXT1 : size == 2 ? OP_EXT2 : OP_EXT4};
    for (int i = 0; i < size; i++) {
        bytes[1 + i] = (uint8_t)(number >> (8 * i));
    }
    return pickle_write(p, bytes, 1 + size) < 0 ? -1 : 1;
}

/* Python 2's names for a global, where they are different. Replaces *module and *name. */
static int
old_names(Own *module, Own *name)
{
    Own key = tuple_pack(2, (Value)*module, (Value)*name), found = NO_VALUE;
    int status = key ? dict_lookup(pickle_names.reverse_name_mapping, key, &found) : -1;
    drop_opt(key);
    if (status > 0) {
        Own m = object_getitem_int(found, 0), n = m ? object_getitem_int(found, 1) : NO_VALUE;
        drop(found);
        if (!n) {
            drop_opt(m);
            return -1;
        }
        drop(*module);
        drop(*name);
        *module = m;
        *name = n;
        return 0;
    }
    if (status == 0) {
        status = dict_lookup(pickle_names.reverse_import_mapping, *module, &found);
        if (status > 0) {
            drop(*module);
            *module = found;
        }
    }
    return status < 0 ? -1 : 0;
}

/* GLOBAL: two lines. */
static int
write_global_lines(Pickler *p, Value module_arg, Value name_arg)
{
    Own module = own(module_arg), name = own(name_arg);
    int status = p->fix_imports ? old_names(&module, &name) : 0;
    const Value parts[] = {module, name};
    if (status == 0) {
        status = pickle_op(p, OP_GLOBAL);
    }
    for (int i = 0; status == 0 && i < 2; i++) {
        Own bytes = codec_encode(parts[i], p->proto < 3 ? "ascii" : "utf-8", "strict");
        if (!bytes && exc_matches(&exc_UnicodeEncodeError)) {
            raise_from_pending(PICKLE_ERROR(pickling_error), "can't pickle %s identifier %R using pickle protocol %d",
                               i ? "global" : "module", parts[i], p->proto);
        }
        status = bytes && pickle_write(p, as_bytes(bytes)->data, as_bytes(bytes)->length) == 0 ? pickle_op(p, '\n') : -1;
        drop_opt(bytes);
    }
    drop(module);
    drop(name);
    return status;
}

/* Below protocol 4: a.b.c as getattr(getattr(a, 'b'), 'c'). */
static int
write_dotted(Pickler *p, Value module, Value name)
{
    Own point = str_from_char('.'), parts = point ? call_method1(name, "split", point) : NO_VALUE;
    drop_opt(point);
    int64_t n = parts ? list_len(parts) : 0;
    int status = parts ? 0 : -1;
    for (int64_t i = 1; status == 0 && i < n; i++) {
        status = pickle_save(p, pickle_names.getattr_function);
        if (status == 0 && p->proto < 2) {
            status = pickle_op(p, OP_MARK);
        }
    }
    for (int64_t i = 0; status == 0 && i < n; i++) {
        Own part = list_get(parts, i);
        if (i == 0) {
            status = write_global_lines(p, module, part);
        } else {
            status = pickle_save(p, part) < 0 || pickle_op(p, p->proto < 2 ? OP_TUPLE : OP_TUPLE2) < 0 ? -1
                                                                                                      : pickle_op(p, OP_REDUCE);
        }
        drop(part);
    }
    drop_opt(parts);
    return status;
}

int
pickle_save_global(Pickler *p, Value v, Value name_arg)
{
    Own name = own_opt(name_arg);
    int status = -1;
    if (!name && object_lookup_attr_cstr(v, "__qualname__", &name) < 0) {
        return -1;
    }
    if (!name) {
        name = object_getattr_cstr(v, "__name__");
    }
    if (!name) {
        return -1;
    }
    if (!is_str(name)) {
        drop(name);
        return raise_int(PICKLE_ERROR(pickling_error), "Can't pickle %R: its name is not a str", v);
    }
    if (is_local(name)) {
        drop(name);
        return raise_int(PICKLE_ERROR(pickling_error), "Can't pickle local object %R", v);
    }
    Own module = which_module(v, name);
    if (module && check_global(v, module, name) == 0) {
        int done = p->proto >= 2 ? save_extension(p, module, name) : 0;
        Own point = str_from_char('.');
        bool dotted = point && str_find(name, point, 0, as_str(name)->length, 1) >= 0;
        drop_opt(point);
        if (done != 0) {
            status = done < 0 ? -1 : 0;
        } else if (p->proto >= 4) {
            status = pickle_save(p, module) < 0 || pickle_save(p, name) < 0 || pickle_op(p, OP_STACK_GLOBAL) < 0
                         ? -1
                         : pickle_memoize(p, v);
        } else {
            status = (dotted ? write_dotted(p, module, name) : write_global_lines(p, module, name)) < 0 ? -1
                                                                                                       : pickle_memoize(p, v);
        }
    }
    drop_opt(module);
    drop(name);
    return status;
}

/* -- what a reduction says -- */

static const char *const ordinals[] = {"first", "second", "third", "fourth", "fifth", "sixth"};

static int
bad_item(int i, const char *expected, Value got)
{
    Own name = pickle_type_name(got);
    if (name) {
        raise_fmt(PICKLE_ERROR(pickling_error), "%s item of the tuple returned by __reduce__ must be %s, not %U", ordinals[i],
                  expected, (Value)name);
        drop(name);
    }
    return -1;
}

/* functools.partial(cls.__new__, cls, *args, **kwargs), called without arguments. */
static int
save_new_partial(Pickler *p, Value cls, Value args, Value kwargs)
{
    Own new_method = object_getattr_cstr(cls, "__new__"), all = NO_VALUE, partial = NO_VALUE;
    int64_t n = as_tuple(args)->length;
    all = new_method ? tuple_new(n + 2) : NO_VALUE;
    if (all) {
        tuple_init_item(all, 0, own(new_method));
        tuple_init_item(all, 1, own(cls));
        for (int64_t i = 0; i < n; i++) {
            tuple_init_item(all, i + 2, own(tuple_item(args, i)));
        }
        partial = call_tuple(pickle_names.partial, all, kwargs);
    }
    int status = partial && pickle_save(p, partial) == 0 && pickle_save(p, tuple_empty) == 0 ? pickle_op(p, OP_REDUCE) : -1;
    drop_opt(new_method);
    drop_opt(all);
    drop_opt(partial);
    return status;
}

static int
save_newobj_ex(Pickler *p, Value args, Value v)
{
    Type *error = PICKLE_ERROR(pickling_error);
    if (as_tuple(args)->length != 3) {
        return raise_int(error, "__newobj_ex__ expected 3 arguments, got %zd", as_tuple(args)->length);
    }
    Value cls = tuple_item(args, 0), positional = tuple_item(args, 1), named = tuple_item(args, 2);
    if (!is_type(cls)) {
        return pickle_type_error("first argument to __newobj_ex__() must be a class, not %U", cls);
    }
    if (!is_tuple(positional)) {
        return pickle_type_error("second argument to __newobj_ex__() must be a tuple, not %U", positional);
    }
    if (!is_dict(named)) {
        return pickle_type_error("third argument to __newobj_ex__() must be a dict, not %U", named);
    }
    if (p->proto < 4) {
        return save_new_partial(p, cls, positional, named) < 0 ? pickle_note("when serializing %U reconstructor", v, NO_VALUE, 0) : 0;
    }
    if (pickle_save(p, cls) < 0) {
        return pickle_note("when serializing %U class", v, NO_VALUE, 0);
    }
    if (pickle_save(p, positional) < 0 || pickle_save(p, named) < 0) {
        return pickle_note("when serializing %U __new__ arguments", v, NO_VALUE, 0);
    }
    return pickle_op(p, OP_NEWOBJ_EX);
}

static int
save_newobj(Pickler *p, Value args, Value v)
{
    Type *error = PICKLE_ERROR(pickling_error);
    int64_t n = as_tuple(args)->length;
    if (n < 1) {
        return raise_int(error, "__newobj__ expected at least 1 argument, got %zd", n);
    }
    Value cls = tuple_item(args, 0);
    if (!is_type(cls)) {
        return pickle_type_error("first argument to __newobj__() must be a class, not %U", cls);
    }
    if (v) {
        Own mine = object_getattr_cstr(v, "__class__");
        if (!mine) {
            return -1;
        }
        if (mine != cls) {
            raise_int(error, "first argument to __newobj__() must be %R, not %R", (Value)mine, cls);
            drop(mine);
            return -1;
        }
        drop(mine);
    }
    if (pickle_save(p, cls) < 0) {
        return pickle_note("when serializing %U class", v, NO_VALUE, 0);
    }
    Own rest = tuple_slice(args, 1, n);
    int status = rest ? pickle_save(p, rest) : -1;
    drop_opt(rest);
    return status < 0 ? pickle_note("when serializing %U __new__ arguments", v, NO_VALUE, 0) : pickle_op(p, OP_NEWOBJ);
}

static int
save_reconstructor(Pickler *p, Value function, Value args, Value v)
{
    Own name = NO_VALUE;
    if (p->proto >= 2 && object_lookup_attr_cstr(function, "__name__", &name) < 0) {
        return -1;
    }
    bool ex = name && is_str(name) && str_equals_cstr(name, "__newobj_ex__");
    bool plain = name && is_str(name) && str_equals_cstr(name, "__newobj__");
    drop_opt(name);
    if (ex || plain) {
        return ex ? save_newobj_ex(p, args, v) : save_newobj(p, args, v);
    }
    Value shown = v ? v : function;
    if (pickle_save(p, function) < 0) {
        return pickle_note("when serializing %U reconstructor", shown, NO_VALUE, 0);
    }
    if (pickle_save(p, args) < 0) {
        return pickle_note("when serializing %U reconstructor arguments", shown, NO_VALUE, 0);
    }
    return pickle_op(p, OP_REDUCE);
}

static int
save_state(Pickler *p, Value state, Value setter, Value v)
{
    if (setter == NONE) {
        return pickle_save(p, state) < 0 ? pickle_note("when serializing %U state", v, NO_VALUE, 0) : pickle_op(p, OP_BUILD);
    }
    if (pickle_save(p, setter) < 0) {
        return pickle_note("when serializing %U state setter", v, NO_VALUE, 0);
    }
    if (pickle_save(p, v) < 0) {
        return -1;
    }
    if (pickle_save(p, state) < 0) {
        return pickle_note("when serializing %U state", v, NO_VALUE, 0);
    }
    return pickle_op(p, OP_TUPLE2) < 0 || pickle_op(p, OP_REDUCE) < 0 ? -1 : pickle_op(p, OP_POP);
}

static bool
is_iterator(Value v)
{
    return type_of(v)->slots.next != NULL;
}

/* The tuple of a reduction, checked: absent items are None. fail: -1 */
static int
unpack_reduction(Value rv, Value *items)
{
    int64_t n = as_tuple(rv)->length;
    if (n < 2 || n > 6) {
        return raise_int(PICKLE_ERROR(pickling_error), "tuple returned by __reduce__ must contain 2 through 6 elements");
    }
    for (int64_t i = 0; i < 6; i++) {
        items[i] = i < n ? tuple_item(rv, i) : NONE;
    }
    if (!object_is_callable(items[0])) {
        return bad_item(0, "callable", items[0]);
    }
    if (!is_tuple(items[1])) {
        return bad_item(1, "a tuple", items[1]);
    }
    for (int i = 3; i < 5; i++) {
        if (items[i] != NONE && !is_iterator(items[i])) {
            return bad_item(i, "an iterator", items[i]);
        }
    }
    return items[5] != NONE && !object_is_callable(items[5]) ? bad_item(5, "callable", items[5]) : 0;
}

int
pickle_save_reduce(Pickler *p, Value rv, Value v)
{
    Value items[6];
    if (unpack_reduction(rv, items) < 0 || save_reconstructor(p, items[0], items[1], v) < 0) {
        return -1;
    }
    if (v) {
        int64_t number = p->fast ? -1 : pickle_memo_find(&p->memo, v);
        if (number >= 0) { /* its parts led back to it: it is made already */
            return pickle_op(p, OP_POP) < 0 ? -1 : pickle_get(p, number);
        }
        if (pickle_memoize(p, v) < 0) {
            return -1;
        }
    }
    Value shown = v ? v : rv;
    if ((items[3] != NONE && pickle_batch_list(p, items[3], shown) < 0) ||
        (items[4] != NONE && pickle_batch_dict(p, items[4], shown) < 0)) {
        return -1;
    }
    return items[2] != NONE ? save_state(p, items[2], items[5], shown) : 0;
}

/* -- any other object -- */

/* None's type and the like have no global name. */
static int
save_type(Pickler *p, Value v)
{
    Value only = v == VALUE(&none_type)             ? NONE
                 : v == VALUE(&notimplemented_type) ? NOTIMPLEMENTED
                 : v == VALUE(&ellipsis_type)       ? ELLIPSIS
                                                    : NO_VALUE;
    if (!only) {
        return pickle_save_global(p, v, NO_VALUE);
    }
    Own args = tuple_pack(1, only), rv = args ? tuple_pack(2, VALUE(&type_type), (Value)args) : NO_VALUE;
    int status = rv ? pickle_save_reduce(p, rv, v) : -1;
    drop_opt(args);
    drop_opt(rv);
    return status;
}

/* What v.__reduce_ex__ or __reduce__ gives. own: ret new */
static Own
call_reduce(Pickler *p, Value v)
{
    Own method;
    int found = object_lookup_attr_cstr(v, "__reduce_ex__", &method);
    if (found < 0) {
        return NO_VALUE;
    }
    if (found) {
        Own rv = call1(method, small_int(p->proto));
        drop(method);
        return rv;
    }
    found = object_lookup_attr_cstr(v, "__reduce__", &method);
    if (found <= 0) {
        return found < 0 ? NO_VALUE : raise_fmt(PICKLE_ERROR(pickling_error), "Can't pickle %T object", v);
    }
    Own rv = call0(method);
    drop(method);
    return rv;
}

/* The function that a dispatch table has for v's type: 1 (*f new), 0, -1 */
static int
find_reducer(Pickler *p, Value v, Own *f)
{
    Value type = VALUE(type_of(v));
    *f = NO_VALUE;
    if (!p->dispatch_table) {
        return dict_lookup(pickle_names.dispatch_table, type, f);
    }
    Own table = own(p->dispatch_table);
    *f = object_getitem(table, type);
    drop(table);
    return *f ? 1 : exc_swallow(&exc_KeyError) ? 0 : -1;
}

static int
save_by(Pickler *p, Value rv, Value v)
{
    if (is_str(rv)) {
        return pickle_save_global(p, v, rv);
    }
    int status = is_tuple(rv) ? pickle_save_reduce(p, rv, v)
                              : pickle_type_error("__reduce__ must return a string or tuple, not %U", rv);
    return status < 0 ? pickle_note("when serializing %U object", v, NO_VALUE, 0) : 0;
}

int
pickle_save_other(Pickler *p, Value v)
{
    Own rv = NO_VALUE, f;
    if (p->reducer_override) {
        rv = call1(p->reducer_override, v);
        if (!rv) {
            return -1;
        }
        if (rv == NOTIMPLEMENTED) {
            rv = NO_VALUE;
        }
    }
    if (!rv && type_of(v) == &type_type) {
        return save_type(p, v);
    }
    if (!rv && IS_EXACT(v, FUNCTION)) {
        return pickle_save_global(p, v, NO_VALUE);
    }
    if (!rv) {
        int found = find_reducer(p, v, &f);
        if (found < 0) {
            return -1;
        }
        if (found) {
            rv = call1(f, v);
            drop(f);
        } else if (is_type(v)) {
            return pickle_save_global(p, v, NO_VALUE);
        } else {
            rv = call_reduce(p, v);
        }
    }
    int status = rv ? save_by(p, rv, v) : -1;
    drop_opt(rv);
    return status;
}
