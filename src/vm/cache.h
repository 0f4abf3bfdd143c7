/* Inline caches: the word after an instruction, and the specialised forms that read it.
 *
 * A cache word is written whole and read whole. Any thread may rewrite an opcode or a word at any time, so a specialised body can meet the
 * word of another form: each form's words carry a mark that no other form's test lets pass.
 *
 *   attributes   bits 0-20 the shape id of the receiver, 24-31 the form's mark (CACHE_SLOT...); bits 32-63 an index: of an entry of
 *                type_entries, of a dict entry; for slots, 32-47 the slot, 48-63 where the InstanceAttrs are, in words;
 *                for STORE_ATTR_ADD the shape after the store
 *   globals      bits 0-31 the version of the module dict's keys; 32-62 an index into that dict's entries, or with bit 63 into those of builtins
 *
 * A guard covers layout only: which value a class gives is read again through type_entries, which are always current. What guards cannot see (a data
 * descriptor that appears in a class over slots of its instances, a __getattribute__ or __setattr__ defined late) flushes all caches.
 *
 * Specialising is guessing: a wrong guess costs a little time, never the result. */
#ifndef WEFT_VM_CACHE_H
#define WEFT_VM_CACHE_H

#include "object/descriptor.h"
#include "object/range.h"
#include "vm/body.h"

enum { CACHE_SLOT = 1, CACHE_CLASS, CACHE_TYPE, CACHE_MODULE, CACHE_MEMBER, CACHE_PROPERTY, CACHE_ADD, CACHE_METHOD, CACHE_INIT };

#define CACHE_INDEX_MAX 0x7FFFFFFFu
#define CACHE_MARK(mark) ((uint32_t)(mark) << 24)
#define CACHE_OF_SHAPE(shape, mark) ((shape) | CACHE_MARK(mark))
#define CACHE_SHAPE(v, mark) CACHE_OF_SHAPE(obj_shape(obj(v)), mark)
#define CACHE_TYPE_WORD CACHE_MARK(CACHE_TYPE)
#define CACHE_INIT_WORD CACHE_MARK(CACHE_INIT)
#define CACHE_MODULE_WORD CACHE_MARK(CACHE_MODULE)
#define CACHE_ATTRS(v, word) ((InstanceAttrs *)(void *)((uint64_t *)(void *)obj(v) + ((word) >> 48)))
_Static_assert(SHAPE_MAX <= 1u << 24, "the mark lies above the shape");

/* Where entry i of a dict keeps its value, if its key is name; else null. */
static ALWAYS_INLINE const Own *
dict_entry_field(Value dict, uint32_t i, Value name)
{
    const DictTable *table = __atomic_load_n(&as_dict(dict)->table, __ATOMIC_ACQUIRE);
    if (UNLIKELY(i >= (uint64_t)__atomic_load_n(&table->used, __ATOMIC_RELAXED) ||
                 __atomic_load_n(&table->entries[i].key, __ATOMIC_RELAXED) != name)) {
        return NULL;
    }
    return &table->entries[i].value;
}

/* Where v keeps what a member descriptor of its class stands for; null when this is no such descriptor. (Those of C structs and of attributes
 * found by name have no offset: the header is there.) */
static ALWAYS_INLINE Own *
member_field(Value v, Value descriptor)
{
    if (UNLIKELY(!descriptor || !IS_EXACT(descriptor, MEMBER_DESCRIPTOR))) {
        return NULL;
    }
    const MemberDescriptor *d = (const MemberDescriptor *)obj(descriptor);
    bool applies = d->offset && (obj_type(obj(v)) == d->owner || is_instance_of(v, d->owner));
    return LIKELY(applies) ? (Own *)(void *)((char *)obj(v) + d->offset) : NULL;
}

/* The function that v's class gives for what a word of CACHE_METHOD was made for, if a call may pass it v and t count it with an increment at
 * most; else NO_VALUE. Borrowed, until the next safepoint. */
static ALWAYS_INLINE Value
class_function(const Thread *t, Value v, uint64_t word)
{
    if (UNLIKELY(!is_object(v) || CACHE_SHAPE(v, CACHE_METHOD) != (uint32_t)word)) {
        return NO_VALUE;
    }
    Value f = __atomic_load_n(&type_entries[word >> 32].value, __ATOMIC_ACQUIRE);
    return LIKELY(f && (IS_EXACT(f, FUNCTION) || IS_EXACT(f, METHOD_DESCRIPTOR)) && reg_can_own_fast(t, f)) ? f : NO_VALUE;
}

/* Does a class give this value of its own dict as it is? */
static ALWAYS_INLINE bool
is_unbound_in_class(Value v)
{
    return IS_EXACT(v, FUNCTION) || !type_of(v)->slots.descr_get;
}

void specialize_load_global(const Inst *pc, const Frame *f, Value name);
void specialize_load_attr(const Inst *pc, Value v, Value name);
void specialize_store_attr(const Inst *pc, Value v, Value name); /* before the store */
void specialize_load_method(const Inst *pc, Value v, Value name);
void specialize_load_special(const Inst *pc, Value v, Value name);
/* A class whose instances object.__new__ makes and a Python __init__ prepares (apart from the __init__). */
bool class_is_plain(Value v);
void specialize_call(const Inst *pc, const Own *window);
void specialize_for_iter(const Inst *pc, Value iterator);

/* The hooks: heap_hooks.flush_caches (stw), object_hooks.code_dying. */
void caches_reset_stw(void);
void caches_code_dying(Code *code);

/* Where the events of a code object are (vm/monitor.h); null without memory. */
struct CodeEvents;
typedef _Atomic(struct CodeEvents *) CodeEventsSlot; /* gcc loses the qualifier of what a function's result points to */
CodeEventsSlot *code_events_slot(Code *code);
/* All that there are. visit takes no locks and runs no Python code. */
void code_events_visit(void (*visit)(Code *code, struct CodeEvents *events, void *arg), void *arg);

#endif
