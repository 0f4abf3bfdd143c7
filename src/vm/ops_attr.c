/* Attributes, out of line: general forms, which also choose the specialised ones (vm/cache.h). */
#include "heap/critical.h"
#include "vm/cache.h"
#include "vm/ops.h"

int
vm_load_attr(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value v = regs[operand_ub(pc)], name = name_operand(regs, operand_uc(pc));
    Own b = NO_VALUE;
    Own result = object_getattr(v, name);
    if (result) {
        specialize_load_attr(pc, v, name);
    }
    b = source_end(pc, regs, operand_ub(pc), INST_KILL_B);
    if (result) {
        dst_write(pc, regs, reg_from(result));
    }
    reg_drop_opt(b);
    return result ? 0 : -1;
}

/* The getter of a property is entered: 1. */
int
vm_load_property(const Inst *pc, Own *regs, Thread *t)
{
    unsigned b = operand_ub(pc);
    Value v = regs[b];
    uint64_t word = cache_load(pc, 0);
    if (!is_object(v) || CACHE_SHAPE(v, CACHE_PROPERTY) != (uint32_t)word) {
        return vm_load_attr(pc, regs, t);
    }
    const TypeEntry *entry = &type_entries[word >> 32];
    Own property = ref_load(&entry->type->head, &entry->value);
    Own get = property && IS_EXACT(property, PROPERTY) ? ref_load(obj(property), &((const Property *)obj(property))->get) : NO_VALUE;
    drop_opt(property);
    if (!get || !IS_EXACT(get, FUNCTION)) {
        drop_opt(get);
        return vm_load_attr(pc, regs, t);
    }
    Own self = inst_flag(pc, INST_KILL_B) ? regs[b] : reg_own(t, v);
    if (inst_flag(pc, INST_KILL_B)) {
        regs[b] = NO_VALUE;
    }
    Frame *callee = frame_push_call(t, reg_from(get), &self, 1, NO_VALUE);
    if (!callee) {
        return -1;
    }
    callee->prev = t->frame;
    callee->skip = 2;
    t->frame = callee;
    return 1;
}

int
vm_store_attr(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value v = regs[operand_ua(pc)], name = name_operand(regs, operand_uc(pc));
    specialize_store_attr(pc, v, name);
    int status = object_setattr(v, name, regs[operand_ub(pc)]);
    Own a = source_end(pc, regs, operand_ua(pc), INST_KILL_A);
    reg_drop_opt(source_end(pc, regs, operand_ub(pc), INST_KILL_B));
    reg_drop_opt(a);
    return status;
}

/* STORE_ATTR to an instance that others may be using, or of a value that they count: *field is its attribute while it has this shape. */
static int
store_field(const Inst *pc, Own *regs, Thread *t, ShapeId shape, Own *field, bool may_be_empty)
{
    Value v = regs[operand_ua(pc)];
    Own *b = &regs[operand_ub(pc)];
    bool killed = inst_flag(pc, INST_KILL_B);
    Own item = killed ? reg_take(*b) : own(*b), old = NO_VALUE;
    if (killed) {
        *b = NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, obj(v));
    bool fits = obj_shape(obj(v)) == shape && (may_be_empty || *field);
    if (LIKELY(fits)) {
        old = ref_swap(obj(v), field, item);
    }
    critical_leave(&section);
    if (UNLIKELY(!fits)) {
        if (killed) {
            *b = reg_from(item);
        } else {
            drop(item);
        }
        return vm_store_attr(pc, regs, t);
    }
    Own a = source_end(pc, regs, operand_ua(pc), INST_KILL_A);
    drop_opt(old);
    reg_drop_opt(a);
    return 0;
}

int
vm_store_attr_slot(const Inst *pc, Own *regs, Thread *t)
{
    Value v = regs[operand_ua(pc)];
    uint64_t word = cache_load(pc, 0);
    ShapeId shape = is_object(v) ? obj_shape(obj(v)) : 0;
    unsigned slot = (uint16_t)(word >> 32);
    if (UNLIKELY(!shape || CACHE_OF_SHAPE(shape, CACHE_SLOT) != (uint32_t)word || slot >= CACHE_ATTRS(v, word)->capacity)) {
        return vm_store_attr(pc, regs, t);
    }
    return store_field(pc, regs, t, shape, &CACHE_ATTRS(v, word)->slots[slot], false);
}

int
vm_store_attr_member(const Inst *pc, Own *regs, Thread *t)
{
    Value v = regs[operand_ua(pc)];
    uint64_t word = cache_load(pc, 0);
    ShapeId shape = is_object(v) ? obj_shape(obj(v)) : 0;
    Own *field = NULL;
    if (LIKELY(shape && CACHE_OF_SHAPE(shape, CACHE_MEMBER) == (uint32_t)word)) {
        field = member_field(v, __atomic_load_n(&type_entries[word >> 32].value, __ATOMIC_ACQUIRE));
    }
    return field ? store_field(pc, regs, t, shape, field, true) : vm_store_attr(pc, regs, t);
}

int
vm_delete_attr(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    int status = object_setattr(regs[operand_ua(pc)], name_operand(regs, operand_uc(pc)), NO_VALUE);
    reg_drop_opt(source_end(pc, regs, operand_ua(pc), INST_KILL_A));
    return status;
}

/* v.name for a call: 1 = *f is a function that wants v first, 0 = *f is the attribute, -1 */
static int
method_lookup(Value v, Value name, Own *f)
{
    Type *t = type_of(v);
    if (t->slots.getattr == object_generic_getattr && !(type_flags(t) & TYPE_DICT_FIELD)) {
        uint32_t kind;
        Own found = type_find_kind(t, name, &kind);
        if (kind == ENTRY_METHOD) {
            Own mine = NO_VALUE;
            int status = (type_flags(t) & TYPE_HAS_DICT) && is_object(v) ? instance_lookup(obj(v), name, &mine) : 0;
            *f = status == 0 ? found : mine;
            if (status != 0) {
                drop(found);
            }
            return status < 0 ? -1 : status == 0;
        }
        drop_opt(found);
    }
    *f = object_getattr(v, name);
    return *f ? 0 : -1;
}

int
vm_load_method(const Inst *pc, Own *regs, Thread *t)
{
    unsigned a = operand_ua(pc), b = operand_ub(pc);
    Value name = name_operand(regs, operand_uc(pc));
    Own receiver = regs[b], f;
    int unbound = method_lookup(receiver, name, &f);
    if (unbound >= 0) {
        specialize_load_method(pc, receiver, name);
    }
    bool killed = inst_flag(pc, INST_KILL_B);
    if (killed) {
        regs[b] = NO_VALUE;
    }
    if (unbound > 0) {
        regs[a] = reg_from(f);
        regs[a + 1] = killed ? receiver : reg_own(t, receiver);
        return 0;
    }
    if (unbound == 0) {
        regs[a] = reg_from(f);
        regs[a + 1] = NO_VALUE;
    }
    if (killed) {
        reg_drop(receiver);
    }
    return unbound;
}

/* -- super */

/* The type in whose mro super(start, self) looks, in the two usual cases; null = ask the super type. */
static Type *
super_self_type(Type *start, Value self)
{
    if (type_is_subtype(type_of(self), start)) {
        return type_of(self);
    }
    return is_type(self) && type_is_subtype((Type *)obj(self), start) ? (Type *)obj(self) : NULL;
}

/* super(w[1], w[2]).name, where w[0] is what the name super means. For a call (method not null) it may be a function alone: *method is then set,
 * and it wants w[2] first. */
static Own
super_attribute(Own *w, Value name, bool written_bare, bool *method)
{
    Value super = w[0], start = w[1], self = w[2];
    if (super == VALUE(&super_type) && is_type(start)) {
        Type *self_type = super_self_type((Type *)obj(start), self);
        if (self_type && name != NAME(__class__)) {
            bool unbound = false;
            Own found = super_find((Type *)obj(start), self, self_type, name, method != NULL, &unbound);
            if (method) {
                *method = unbound;
            }
            return found;
        }
    }
    Value args[] = {start, self};
    bool bare = written_bare && super != VALUE(&super_type); /* what is called super here finds out by itself */
    Own proxy = object_call(super, args, bare ? 0 : 2, NO_VALUE);
    Own result = proxy ? object_getattr(proxy, name) : NO_VALUE;
    drop_opt(proxy);
    return result;
}

int
vm_load_super_attr(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own result = super_attribute(regs + operand_ub(pc), name_operand(regs, operand_uc(pc)), inst_flag(pc, INST_SENSE), NULL);
    return finish_window(pc, regs, 3, result);
}

int
vm_load_super_method(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    unsigned a = operand_ua(pc);
    Own *w = regs + operand_ub(pc);
    bool method = false;
    Own f = super_attribute(w, name_operand(regs, operand_uc(pc)), inst_flag(pc, INST_SENSE), &method);
    Own self = NO_VALUE;
    if (f && method) {
        self = w[2];
        w[2] = NO_VALUE;
    }
    window_end(w, 3);
    if (!f) {
        return -1;
    }
    regs[a] = reg_from(f);
    regs[a + 1] = self;
    return 0;
}

/* -- special methods of with statements */

static bool
has_methods(Type *t, const char *first, const char *second)
{
    Own a = type_find_cstr(t, first), b = type_find_cstr(t, second);
    bool both = a && b;
    drop_opt(a);
    drop_opt(b);
    return both;
}

static int COLD
raise_no_context_manager(Value v, unsigned which)
{
    static const char *const names[] = {"__enter__", "__exit__", "__aenter__", "__aexit__"};
    bool is_async = which >= 2;
    const char *hint = "";
    if (is_async && has_methods(type_of(v), "__enter__", "__exit__")) {
        hint = " but it supports the context manager protocol. Did you mean to use 'with'?";
    } else if (!is_async && has_methods(type_of(v), "__aenter__", "__aexit__")) {
        hint = " but it supports the asynchronous context manager protocol. Did you mean to use 'async with'?";
    }
    return raise_int(&exc_TypeError, "'%T' object does not support the %scontext manager protocol (missed %s method)%s", v,
                     is_async ? "asynchronous " : "", names[which], hint);
}

int
vm_load_special(const Inst *pc, Own *regs, Thread *t)
{
    unsigned a = operand_ua(pc), b = operand_ub(pc), which = operand_uc(pc);
    Value name = which == 0 ? NAME(__enter__) : which == 1 ? NAME(__exit__) : which == 2 ? NAME(__aenter__) : NAME(__aexit__);
    Own receiver = regs[b];
    Type *type = type_of(receiver);
    uint32_t kind;
    Own f = type_find_kind(type, name, &kind);
    Own self = NO_VALUE;
    bool killed = inst_flag(pc, INST_KILL_B);
    int status = 0;
    if (!f) {
        status = raise_no_context_manager(receiver, which);
    } else if (kind == ENTRY_METHOD) {
        self = reg_own(t, receiver);
        specialize_load_special(pc, receiver, name);
    } else {
        Own (*get)(Value, Value, Value) = type_of(f)->slots.descr_get; /* read once: another thread may give f another class */
        if (get) {
            Own bound = get(f, receiver, VALUE(type));
            drop(f);
            f = bound;
            status = f ? 0 : -1;
        }
    }
    if (killed) {
        regs[b] = NO_VALUE;
    }
    if (status == 0) {
        regs[a] = reg_from(f);
        regs[a + 1] = self;
    }
    if (killed) {
        reg_drop(receiver);
    }
    return status;
}
