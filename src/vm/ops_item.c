/* Subscripts, unpacking, and the building of tuples, lists, sets, dicts and strings. */
#include "object/slice.h"
#include "vm/ops.h"

int
vm_load_item(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value v = regs[operand_ub(pc)], key = regs[operand_uc(pc)];
    if (IS_EXACT(v, DICT)) {
        return finish_dst(pc, regs, dict_get(v, key));
    }
    return finish_dst(pc, regs, object_getitem(v, key));
}

int
vm_store_item(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value v = regs[operand_ua(pc)], key = regs[operand_ub(pc)], item = regs[operand_uc(pc)];
    int status = IS_EXACT(v, DICT) ? dict_set(v, key, item) : object_setitem(v, key, item);
    return finish_sources(pc, regs, status);
}

int
vm_delete_item(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    int status = object_delitem(regs[operand_ua(pc)], regs[operand_ub(pc)]);
    Own a = source_end(pc, regs, operand_ua(pc), INST_KILL_A);
    reg_drop_opt(source_end(pc, regs, operand_ub(pc), INST_KILL_B));
    reg_drop_opt(a);
    return status;
}

int
vm_build_slice(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own *w = regs + operand_ub(pc);
    unsigned n = operand_uc(pc);
    return finish_window(pc, regs, n, slice_new(w[0], w[1], n == 3 ? (Value)w[2] : (Value)NONE));
}

/* -- unpacking */

/* The n items of a tuple or list of just that length, into registers. False when the length is another. */
static bool
unpack_array(Value v, Own *to, unsigned n, Thread *t)
{
    if (IS_EXACT(v, TUPLE)) {
        const Tuple *tuple = as_tuple(v);
        if (tuple->length != n) {
            return false;
        }
        for (unsigned i = 0; i < n; i++) {
            to[i] = reg_own(t, tuple->items[i]);
        }
        return true;
    }
    if (!IS_EXACT(v, LIST) || list_len(v) != n) {
        return false;
    }
    for (unsigned i = 0; i < n; i++) {
        Own item = list_get(v, i);
        if (UNLIKELY(!item)) { /* shrank meanwhile */
            window_end(to, i);
            return false;
        }
        to[i] = reg_from(item);
    }
    return true;
}

static int COLD
raise_too_many(Value v, unsigned n)
{
    if (IS_EXACT(v, LIST) || IS_EXACT(v, TUPLE) || IS_EXACT(v, DICT)) {
        int64_t length = object_len(v);
        if (length >= 0 && length > n) {
            return raise_int(&exc_ValueError, "too many values to unpack (expected %u, got %zd)", n, length);
        }
        exc_clear();
    }
    return raise_int(&exc_ValueError, "too many values to unpack (expected %u)", n);
}

static Own
unpack_iterator(Value v)
{
    Own it = object_iter_all(v);
    if (!it && exc_matches(&exc_TypeError) && !type_of(v)->slots.iter && !type_of(v)->slots.getitem) {
        exc_clear();
        raise_fmt(&exc_TypeError, "cannot unpack non-iterable %T object", v);
    }
    return it;
}

/* The first n items of an iterator. fail: -1, `to` empty again */
static int
unpack_items(Value it, Own *to, unsigned n, bool at_least)
{
    for (unsigned i = 0; i < n; i++) {
        Own item = object_next(it);
        if (!item) {
            if (!exc_pending()) {
                raise_fmt(&exc_ValueError, "not enough values to unpack (expected %s%u, got %u)", at_least ? "at least " : "", n, i);
            }
            window_end(to, i);
            return -1;
        }
        to[i] = reg_from(item);
    }
    return 0;
}

static int
unpack_iterable(Value v, Own *to, unsigned n)
{
    Own it = unpack_iterator(v);
    if (!it) {
        return -1;
    }
    int status = unpack_items(it, to, n, false);
    if (status == 0) {
        Own more = object_next(it);
        if (more || exc_pending()) {
            if (more) {
                drop(more);
                raise_too_many(v, n);
            }
            window_end(to, n);
            status = -1;
        }
    }
    drop(it);
    return status;
}

int
vm_unpack(const Inst *pc, Own *regs, Thread *t)
{
    unsigned n = operand_uc(pc);
    Own *to = regs + operand_ua(pc), *source = &regs[operand_ub(pc)];
    bool killed = inst_flag(pc, INST_KILL_B);
    Own v = killed ? reg_take(*source) : *source; /* counted: iterating a class may run Python code */
    if (killed) { /* it may lie in the window */
        *source = NO_VALUE;
    }
    int status = unpack_array(v, to, n, t) ? 0 : unpack_iterable(v, to, n);
    if (killed) {
        drop(v);
    }
    return status;
}

int
vm_unpack_star(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    unsigned before = operand_uc(pc), after = (unsigned)cache_load(pc, 0);
    Own *to = regs + operand_ua(pc), *source = &regs[operand_ub(pc)];
    bool killed = inst_flag(pc, INST_KILL_B);
    Own v = killed ? reg_take(*source) : *source;
    if (killed) {
        *source = NO_VALUE;
    }
    int status = -1;
    Own it = unpack_iterator(v);
    if (!it) {
        goto done;
    }
    for (unsigned i = 0; i < before; i++) {
        Own item = object_next(it);
        if (!item) {
            if (!exc_pending()) {
                raise_fmt(&exc_ValueError, "not enough values to unpack (expected at least %u, got %u)", before + after, i);
            }
            window_end(to, i);
            goto done;
        }
        to[i] = reg_from(item);
    }
    Own rest = object_to_list(it);
    int64_t length = rest ? list_len(rest) : 0;
    if (!rest || length < after) {
        if (rest) {
            drop(rest);
            raise_fmt(&exc_ValueError, "not enough values to unpack (expected at least %u, got %zd)", before + after, before + length);
        }
        window_end(to, before);
        goto done;
    }
    to[before] = rest;
    for (unsigned i = after; i-- > 0;) {
        to[before + 1 + i] = reg_from(list_pop_at(rest, --length));
    }
    status = 0;
done:
    drop_opt(it);
    if (killed) {
        drop(v);
    }
    return status;
}

/* -- building */

/* The values of a window become owned ones, to be eaten by the maker of a container. */
static Own *
window_own(Own *w, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        w[i] = reg_take(w[i]);
    }
    return w;
}

/* The end of such an instruction: the window's values were eaten, also if result is NO_VALUE (failed). */
static int
finish_eaten(const Inst *pc, Own *regs, unsigned n, Own result)
{
    memset(regs + operand_ub(pc), 0, n * sizeof(Own));
    if (!result) {
        return -1;
    }
    dst_write(pc, regs, result);
    return 0;
}

int
vm_build_tuple(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    unsigned n = operand_uc(pc);
    return finish_eaten(pc, regs, n, tuple_from_own(window_own(regs + operand_ub(pc), n), n));
}

int
vm_build_list(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    unsigned n = operand_uc(pc);
    Own list = n ? list_from_own(window_own(regs + operand_ub(pc), n), n) : list_new(0);
    return finish_eaten(pc, regs, n, list);
}

int
vm_build_map(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own *w = regs + operand_ub(pc);
    unsigned n = operand_uc(pc);
    Own dict = n ? dict_new_sized(n) : dict_new();
    for (unsigned i = 0; dict && i < n; i++) {
        if (dict_set(dict, w[2 * i], w[2 * i + 1]) < 0) {
            drop(dict);
            dict = NO_VALUE;
        }
    }
    return finish_window(pc, regs, 2 * n, dict);
}

int
vm_build_string(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own *w = regs + operand_ub(pc);
    unsigned n = operand_uc(pc);
    int64_t length = 0;
    for (unsigned i = 0; i < n; i++) {
        length += as_str(w[i])->length;
    }
    StrBuilder b;
    str_builder_init(&b, length);
    for (unsigned i = 0; i < n; i++) {
        str_builder_str(&b, w[i]);
    }
    return finish_window(pc, regs, n, str_builder_finish(&b));
}

int
vm_list_append(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own *b = &regs[operand_ub(pc)];
    Value list = regs[operand_ua(pc)];
    if (inst_flag(pc, INST_KILL_B)) {
        Own v = reg_take(*b);
        *b = NO_VALUE;
        return list_append_own(list, v);
    }
    return list_append(list, *b);
}

int
vm_map_add(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    return finish_bc(pc, regs, dict_set(regs[operand_ua(pc)], regs[operand_ub(pc)], regs[operand_uc(pc)]));
}

/* The error of a *argument that cannot be iterated. */
int
vm_list_extend(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value v = regs[operand_ub(pc)];
    int status = list_extend(regs[operand_ua(pc)], v);
    if (status < 0 && exc_matches(&exc_TypeError) && !type_of(v)->slots.iter && !type_of(v)->slots.getitem) {
        exc_clear();
        raise_fmt(&exc_TypeError, "Value after * must be an iterable, not %T", v);
    }
    return finish_bc(pc, regs, status);
}

int
vm_list_to_tuple(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    return finish_dst(pc, regs, list_to_tuple(regs[operand_ub(pc)]));
}

int
vm_dict_update(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value v = regs[operand_ub(pc)];
    int mapping = 1;
    if (!is_dict(v)) {
        Own keys;
        mapping = object_lookup_attr(v, NAME(keys), &keys);
        drop_opt(keys);
    }
    if (mapping == 0) {
        raise_fmt(&exc_TypeError, "'%T' object is not a mapping", v);
    }
    return finish_bc(pc, regs, mapping > 0 ? dict_update(regs[operand_ua(pc)], v) : -1);
}

/* -- text */

int
vm_format(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value v = regs[operand_ub(pc)];
    return finish_dst(pc, regs, IS_EXACT(v, STR) ? own(v) : object_format(v, NO_VALUE));
}

int
vm_format_spec(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    return finish_dst(pc, regs, object_format(regs[operand_ub(pc)], regs[operand_uc(pc)]));
}

int
vm_convert(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value v = regs[operand_ub(pc)];
    unsigned how = operand_uc(pc);
    Own text = how == 1 ? object_str(v) : how == 2 ? object_repr(v) : object_ascii(v);
    Own b = source_end(pc, regs, operand_ub(pc), INST_KILL_B);
    if (text) {
        dst_write(pc, regs, reg_from(text));
    }
    reg_drop_opt(b);
    return text ? 0 : -1;
}
