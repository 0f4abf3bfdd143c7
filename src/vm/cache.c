/* Choosing specialised forms, and taking them back: see vm/cache.h.
 *
 * Threads: words and opcodes are written with relaxed atomic stores by any thread. Code objects that have specialised instructions are in one
 * list (guard: codes_lock), so that all of them can be found when the caches must be flushed. */
#include "vm/cache.h"

#include "object/type/type_priv.h"
#include "sync/mutex.h"
#include "vm/monitor.h"

/* What the vm hangs on a code object (Code.monitoring). */
typedef struct VmCode {
    Code *code;
    struct VmCode *next, *prev;
    _Atomic(CodeEvents *) events; /* vm/monitor.h; null until traced */
} VmCode;

static Mutex codes_lock;
static VmCode *codes; /* guard: codes_lock */

static bool
code_register(Code *code)
{
    if (atomic_load_explicit(&code->monitoring, memory_order_acquire)) {
        return true;
    }
    VmCode *vc = mem_try_alloc(sizeof *vc);
    if (!vc) {
        return false;
    }
    mutex_lock(&codes_lock);
    if (atomic_load_explicit(&code->monitoring, memory_order_relaxed)) {
        mutex_unlock(&codes_lock);
        mem_free(vc);
        return true;
    }
    *vc = (VmCode){.code = code, .next = codes};
    if (codes) {
        codes->prev = vc;
    }
    codes = vc;
    atomic_store_explicit(&code->monitoring, vc, memory_order_release);
    mutex_unlock(&codes_lock);
    return true;
}

void
caches_code_dying(Code *code)
{
    VmCode *vc = atomic_load_explicit(&code->monitoring, memory_order_acquire);
    if (vc) {
        mutex_lock(&codes_lock);
        *(vc->prev ? &vc->prev->next : &codes) = vc->next;
        if (vc->next) {
            vc->next->prev = vc->prev;
        }
        mutex_unlock(&codes_lock);
        CodeEvents *events = atomic_load(&vc->events);
        if (events) {
            code_events_free(events, code);
        }
        mem_free(vc);
    }
}

CodeEventsSlot *
code_events_slot(Code *code)
{
    return code_register(code) ? &((VmCode *)atomic_load_explicit(&code->monitoring, memory_order_acquire))->events : NULL;
}

void
code_events_visit(void (*visit)(Code *code, CodeEvents *events, void *arg), void *arg)
{
    mutex_lock(&codes_lock);
    for (VmCode *vc = codes; vc; vc = vc->next) {
        CodeEvents *events = atomic_load_explicit(&vc->events, memory_order_acquire);
        if (events) {
            visit(vc->code, events, arg);
        }
    }
    mutex_unlock(&codes_lock);
}

static void
word_store(const Inst *at, uint64_t word)
{
    __atomic_store_n((Inst *)(uintptr_t)at, word, __ATOMIC_RELEASE); /* what it names is made */
}

/* Another opcode at pc; operands and flags stay. */
static void
rewrite(const Inst *pc, unsigned opcode)
{
    Inst old = __atomic_load_n(pc, __ATOMIC_RELAXED);
    word_store(pc, (old & ~(Inst)INST_OPCODE_MASK) | opcode);
}

void
caches_reset_stw(void)
{
    for (VmCode *vc = codes; vc; vc = vc->next) {
        const Inst *pc = vc->code->instructions, *end = pc + vc->code->ninst;
        while (pc < end) {
            const InstInfo *info = &inst_info[operand_opcode(pc)];
            if (info->cache && info->general != operand_opcode(pc)) { /* without: it has learnt nothing, or is not verified yet */
                rewrite(pc, info->general);
                word_store(pc + 1, 0);
            }
            pc += 1 + info->cache;
        }
    }
}

/* An instruction that was specialised and met something else is specialised again only now and then: where several kinds of objects pass, most
 * attempts would be in vain. */
static bool
worth_trying(const Inst *pc)
{
    static __thread uint32_t dice; /* not a plain count: its turns would come to the same instructions of a loop for ever */
    if (inst_info[operand_opcode(pc)].general == operand_opcode(pc)) {
        return true;
    }
    dice = dice * 1664525 + 1013904223;
    return dice >> 28 == 0;
}

static void
specialize(const Inst *pc, unsigned opcode, uint32_t low, uint64_t high)
{
    Code *code = thread_self()->frame->code;
    assert(pc >= code->instructions && pc < code->instructions + code->ninst);
    uint64_t word = high << 32 | low;
    if (operand_opcode(pc) == opcode && __atomic_load_n(pc + 1, __ATOMIC_RELAXED) == word) {
        return; /* the fast form had another reason: nothing is written that other threads read */
    }
    if (code_register(code)) {
        word_store(pc + 1, word);
        rewrite(pc, opcode);
    }
}

void
specialize_load_global(const Inst *pc, const Frame *f, Value name)
{
    if (!worth_trying(pc) || !IS_EXACT(f->globals, DICT)) {
        return;
    }
    uint32_t version = dict_keys_version(f->globals);
    if (!version) {
        return;
    }
    int64_t i = dict_find_entry(f->globals, name);
    if (i >= 0) {
        if (i < CACHE_INDEX_MAX) {
            specialize(pc, I_LOAD_GLOBAL_MODULE, version, (uint64_t)i);
        }
    } else if (IS_EXACT(f->builtins, DICT)) {
        i = dict_find_entry(f->builtins, name);
        if (i >= 0 && i < CACHE_INDEX_MAX) {
            specialize(pc, I_LOAD_GLOBAL_BUILTIN, version, (uint64_t)i | 1u << 31);
        }
    }
}

/* -- attributes: an object's shape is read once, and what follows from it goes with it; another thread may have given it another.
 *
 * type_entry() may wait, while another thread gives the class a __setattr__ and flushes the caches: the slots of the class are looked at again after it. */

static bool
gets_generically(const Type *t)
{
    return t->slots.getattr == object_generic_getattr || t->slots.getattr == object_getattr_with_hook;
}

/* A variable of a module that its type does not shadow: its entry, or -1. */
static int64_t
module_entry(Value m, Value name)
{
    uint32_t kind;
    drop_opt(type_find_kind(&module_type, name, &kind));
    Value dict = module_dict(m);
    return kind == ENTRY_DATA || !IS_EXACT(dict, DICT) ? -1 : dict_find_entry(dict, name);
}

/* The entry for an attribute of a class that the class gives as it is, or 0. */
static uint32_t
class_entry(Value v, Value name)
{
    uint32_t kind;
    drop_opt(type_find_kind(&type_type, name, &kind));
    if (kind == ENTRY_DATA) {
        return 0;
    }
    uint32_t i = type_entry((Type *)obj(v), name);
    Own value = i ? type_find((Type *)obj(v), name) : NO_VALUE;
    bool fits = value && is_unbound_in_class(value);
    drop_opt(value);
    return fits ? i : 0;
}

/* The slot for name in instances of a shape: -1 none; -2 attributes of these cannot be told by their shape. */
static int64_t
shape_slot(ShapeId shape, const Type *t, Value name)
{
    if (!(type_flags(t) & TYPE_HAS_DICT)) {
        return type_flags(t) & TYPE_DICT_FIELD ? -2 : -1;
    }
    return t->item_size || (shape_table[shape].flags & SHAPE_DICT_MODE) ? -2 : shape_find(shape, name);
}

static void
specialize_slot(const Inst *pc, unsigned opcode, Value v, ShapeId shape, const Type *t, int64_t slot)
{
    const InstanceAttrs *attrs = instance_attrs(obj(v), t);
    uint64_t where = t->dict_offset / sizeof(uint64_t);
    if (slot < attrs->capacity && slot <= UINT16_MAX && where <= UINT16_MAX) {
        specialize(pc, opcode, CACHE_OF_SHAPE(shape, CACHE_SLOT), where << 16 | (uint64_t)slot);
    }
}

static bool
has_plain_getter(Value property)
{
    Own get = ref_load(obj(property), &((const Property *)obj(property))->get);
    bool plain = false;
    if (get && IS_EXACT(get, FUNCTION)) {
        Own code = ref_load(obj(get), &((const Function *)obj(get))->code);
        plain = as_code(code)->plain_args == 2;
        drop(code);
    }
    drop_opt(get);
    return plain;
}

/* A name in __slots__ of a class in t's mro? */
static bool
is_slot_member(Value descriptor, const Type *t)
{
    if (!IS_EXACT(descriptor, MEMBER_DESCRIPTOR)) {
        return false;
    }
    const MemberDescriptor *member = (const MemberDescriptor *)obj(descriptor);
    return member->offset && member->owner && (type_flags(t) & TYPE_HEAP) && type_is_subtype((Type *)(uintptr_t)t, member->owner);
}

/* Attributes that data descriptors of the class give. */
static void
specialize_data(const Inst *pc, ShapeId shape, Type *t, uint32_t entry)
{
    Own descriptor = ref_load(&t->head, &type_entries[entry].value);
    if (descriptor && is_slot_member(descriptor, t)) {
        specialize(pc, I_LOAD_ATTR_MEMBER, CACHE_OF_SHAPE(shape, CACHE_MEMBER), entry);
    } else if (descriptor && IS_EXACT(descriptor, PROPERTY) && t->slots.getattr == object_generic_getattr && has_plain_getter(descriptor)) {
        specialize(pc, I_LOAD_ATTR_PROPERTY, CACHE_OF_SHAPE(shape, CACHE_PROPERTY), entry);
    }
    drop_opt(descriptor);
}

void
specialize_load_attr(const Inst *pc, Value v, Value name)
{
    if (!is_object(v) || !worth_trying(pc)) {
        return;
    }
    ShapeId shape = obj_shape(obj(v));
    Type *t = shape_table[shape].type;
    if (shape == SHAPE_MODULE) {
        int64_t i = module_entry(v, name);
        if (i >= 0 && i < CACHE_INDEX_MAX) {
            specialize(pc, I_LOAD_ATTR_MODULE, CACHE_MODULE_WORD, (uint64_t)i);
        }
        return;
    }
    if (shape == SHAPE_TYPE) {
        uint32_t entry = class_entry(v, name);
        if (entry) {
            specialize(pc, I_LOAD_ATTR_TYPE, CACHE_TYPE_WORD, entry);
        }
        return;
    }
    uint32_t entry = gets_generically(t) ? type_entry(t, name) : 0;
    if (!entry || !gets_generically(t)) {
        return;
    }
    if (type_entry_kind(entry) == ENTRY_DATA) {
        specialize_data(pc, shape, t, entry);
        return;
    }
    int64_t slot = shape_slot(shape, t, name);
    if (slot >= 0) {
        specialize_slot(pc, I_LOAD_ATTR_SLOT, v, shape, t, slot);
    } else if (slot == -1 && type_entry_kind(entry) == ENTRY_PLAIN) {
        specialize(pc, I_LOAD_ATTR_CLASS, CACHE_OF_SHAPE(shape, CACHE_CLASS), entry);
    }
}

void
specialize_store_attr(const Inst *pc, Value v, Value name)
{
    if (!is_object(v) || !worth_trying(pc)) {
        return;
    }
    ShapeId shape = obj_shape(obj(v));
    Type *t = shape_table[shape].type;
    if (t->slots.setattr != object_generic_setattr || is_type(v)) {
        return;
    }
    uint32_t entry = type_entry(t, name);
    if (!entry || t->slots.setattr != object_generic_setattr) {
        return;
    }
    if (type_entry_kind(entry) == ENTRY_DATA) {
        Own descriptor = ref_load(&t->head, &type_entries[entry].value);
        if (descriptor && is_slot_member(descriptor, t)) {
            specialize(pc, I_STORE_ATTR_MEMBER, CACHE_OF_SHAPE(shape, CACHE_MEMBER), entry);
        }
        drop_opt(descriptor);
        return;
    }
    if (!(type_flags(t) & TYPE_HAS_DICT)) {
        return;
    }
    int64_t slot = shape_slot(shape, t, name);
    if (slot >= 0) {
        specialize_slot(pc, I_STORE_ATTR_SLOT, v, shape, t, slot);
    } else if (slot == -1) {
        ShapeId child = shape_child_find(shape, name);
        if (child && shape_table[child].slot < instance_attrs(obj(v), t)->capacity) {
            specialize(pc, I_STORE_ATTR_ADD, CACHE_OF_SHAPE(shape, CACHE_ADD), child);
        }
    }
}

void
specialize_load_method(const Inst *pc, Value v, Value name)
{
    if (!is_object(v) || !worth_trying(pc)) {
        return;
    }
    ShapeId shape = obj_shape(obj(v));
    Type *t = shape_table[shape].type;
    if (shape == SHAPE_MODULE) {
        int64_t i = module_entry(v, name);
        if (i >= 0 && i < CACHE_INDEX_MAX) {
            specialize(pc, I_LOAD_METHOD_MODULE, CACHE_MODULE_WORD, (uint64_t)i);
        }
        return;
    }
    if (shape == SHAPE_TYPE) {
        uint32_t entry = class_entry(v, name);
        if (entry) {
            specialize(pc, I_LOAD_METHOD_TYPE, CACHE_TYPE_WORD, entry);
        }
        return;
    }
    uint32_t entry = gets_generically(t) ? type_entry(t, name) : 0;
    if (!entry || !gets_generically(t)) {
        return;
    }
    if (type_entry_kind(entry) == ENTRY_METHOD && shape_slot(shape, t, name) == -1) {
        specialize(pc, I_LOAD_METHOD_FUNCTION, CACHE_OF_SHAPE(shape, CACHE_METHOD), entry);
    }
}

void
specialize_load_special(const Inst *pc, Value v, Value name)
{
    if (!is_object(v) || !worth_trying(pc)) {
        return;
    }
    ShapeId shape = obj_shape(obj(v));
    uint32_t entry = type_entry(shape_table[shape].type, name);
    if (entry && type_entry_kind(entry) == ENTRY_METHOD) {
        specialize(pc, I_LOAD_SPECIAL_FUNCTION, CACHE_OF_SHAPE(shape, CACHE_METHOD), entry);
    }
}

/* -- calls and iteration: their forms look at the objects themselves and need no word */

void
specialize_call(const Inst *pc, const Own *window)
{
    if (!worth_trying(pc)) {
        return;
    }
    if (IS_EXACT(window[0], BUILTIN)) {
        specialize(pc, I_CALL_BUILTIN, 0, 0);
    } else if (IS_EXACT(window[0], METHOD_DESCRIPTOR) && window[1]) {
        specialize(pc, I_CALL_METHOD, 0, 0);
    } else if (IS_EXACT(window[0], TYPE) && class_is_plain(window[0])) {
        Type *class = (Type *)obj(window[0]);
        uint32_t entry = type_entry(class, NAME(__init__));
        Own init = entry ? type_find(class, NAME(__init__)) : NO_VALUE;
        if (init && IS_EXACT(init, FUNCTION)) {
            specialize(pc, I_CALL_CLASS, CACHE_INIT_WORD, entry);
        }
        drop_opt(init);
    } else if (operand_opcode(pc) != I_CALL) {
        specialize(pc, I_CALL, 0, 0);
    }
}

void
specialize_for_iter(const Inst *pc, Value iterator)
{
    if (worth_trying(pc) && IS_EXACT(iterator, RANGE_ITERATOR)) {
        specialize(pc, I_FOR_ITER_RANGE, 0, 0);
    }
}
