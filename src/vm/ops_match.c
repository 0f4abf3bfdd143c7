/* match statements. */
#include "vm/ops.h"

#include "object/exception.h"
#include "object/set.h"

static int
write_bool(const Inst *pc, Own *regs, bool b)
{
    dst_write(pc, regs, bool_value(b));
    return 0;
}

int
vm_match_sequence(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    return write_bool(pc, regs, has_type_flag(regs[operand_ub(pc)], TYPE_SEQUENCE_PATTERN));
}

int
vm_match_mapping(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    return write_bool(pc, regs, has_type_flag(regs[operand_ub(pc)], TYPE_MAPPING_PATTERN));
}

int
vm_get_len(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    int64_t length = object_len(regs[operand_ub(pc)]);
    if (length < 0) {
        return -1;
    }
    dst_write(pc, regs, reg_from(int_from_i64(length)));
    return 0;
}

/* The values of the keys in a mapping: a tuple, None when one is missing. fail: 0 */
static Own
match_keys(Value mapping, Value keys)
{
    int64_t n = as_tuple(keys)->length;
    Own values = NO_VALUE, get = NO_VALUE, seen = NO_VALUE, missing = NO_VALUE;
    if (n == 0) {
        return own(tuple_empty);
    }
    get = object_getattr(mapping, NAME(get));
    seen = set_new();
    missing = object_new_instance(&object_type);
    values = tuple_new(n);
    if (!get || !seen || !missing || !values) {
        goto fail;
    }
    for (int64_t i = 0; i < n; i++) {
        Value key = tuple_item(keys, i);
        int added = set_add(seen, key);
        if (added <= 0) {
            if (added == 0) {
                raise_fmt(&exc_ValueError, "mapping pattern checks duplicate key (%R)", key);
            }
            goto fail;
        }
        Own v = call2(get, key, missing);
        if (!v) {
            goto fail;
        }
        if (v == missing) {
            drop(v);
            drop(values);
            values = NONE;
            break;
        }
        tuple_init_item(values, i, v);
    }
    drop(get);
    drop(seen);
    drop(missing);
    return values;
fail:
    drop_opt(get);
    drop_opt(seen);
    drop_opt(missing);
    drop_opt(values);
    return NO_VALUE;
}

int
vm_match_keys(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own values = match_keys(regs[operand_ub(pc)], regs[operand_uc(pc)]);
    if (!values) {
        return -1;
    }
    dst_write(pc, regs, reg_from(values));
    return 0;
}

/* An attribute for a class pattern, each name once: 1, 0 it has none, -1 */
static int
match_attribute(Value subject, Value class, Value name, Own seen, Own *value)
{
    int added = set_add(seen, name);
    *value = NO_VALUE;
    if (added < 0) {
        return -1;
    }
    if (added == 0) {
        return raise_int(&exc_TypeError, "%N() got multiple sub-patterns for attribute %R", (Type *)obj(class), name);
    }
    return object_lookup_attr(subject, name, value);
}

static int
add_attribute(Value subject, Value class, Value name, Own seen, Own list)
{
    Own v;
    int found = match_attribute(subject, class, name, seen, &v);
    return found <= 0 ? found : list_append_own(list, v) < 0 ? -1 : 1;
}

/* The attributes that the first `count` positional patterns stand for. */
static int
match_positional(Value subject, Value class, unsigned count, Own seen, Own list)
{
    Own names;
    int found = object_lookup_attr(class, NAME(__match_args__), &names);
    if (found < 0) {
        return -1;
    }
    bool self = false;
    if (found > 0) {
        if (!IS_EXACT(names, TUPLE)) {
            raise_fmt(&exc_TypeError, "%N.__match_args__ must be a tuple (got %T)", (Type *)obj(class), (Value)names);
            drop(names);
            return -1;
        }
    } else {
        names = own(tuple_empty);
        self = (type_flags((Type *)obj(class)) & TYPE_MATCH_SELF) != 0;
    }
    int64_t allowed = self ? 1 : as_tuple(names)->length;
    int status = 1;
    if (allowed < count) {
        status = raise_int(&exc_TypeError, "%N() accepts %zd positional sub-pattern%s (%u given)", (Type *)obj(class), allowed,
                           allowed == 1 ? "" : "s", count);
    } else if (self) {
        status = list_append(list, subject) < 0 ? -1 : 1;
    }
    for (unsigned i = 0; status > 0 && !self && i < count; i++) {
        Value name = tuple_item(names, i);
        if (!is_str(name)) {
            status = raise_int(&exc_TypeError, "__match_args__ elements must be strings (got %T)", name);
        } else {
            status = add_attribute(subject, class, name, seen, list);
        }
    }
    drop(names);
    return status;
}

/* A tuple of attributes, None when the subject does not match. */
static Own
match_class(Value subject, Value class, Value keywords, unsigned count)
{
    if (!is_type(class)) {
        return raise_msg(&exc_TypeError, "called match pattern must be a class");
    }
    int is = object_isinstance(subject, class);
    if (is <= 0) {
        return is < 0 ? NO_VALUE : NONE;
    }
    Own seen = set_new(), list = list_new(0), result = NO_VALUE;
    int status = seen && list ? 1 : -1;
    if (status > 0 && count) {
        status = match_positional(subject, class, count, seen, list);
    }
    for (int64_t i = 0; status > 0 && i < as_tuple(keywords)->length; i++) {
        status = add_attribute(subject, class, tuple_item(keywords, i), seen, list);
    }
    if (status >= 0) {
        result = status ? list_to_tuple(list) : NONE;
    }
    drop_opt(seen);
    drop_opt(list);
    return result;
}

int
vm_match_class(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own *w = regs + operand_ub(pc);
    return finish_window(pc, regs, 3, match_class(w[0], w[1], w[2], operand_uc(pc)));
}
