/* The module _abc: what makes isinstance and issubclass fast for abstract base classes.
 *
 * Each abstract class has an AbcData: the classes that were registered (weak references) and two
 * caches of answers, sets of Type.serial: numbers that no other class ever gets, so a class may die
 * without leaving its caches. Negative answers hold as long as the token they were given under is
 * current: a registration anywhere changes it. References to classes that are gone are left out when their
 * number may be as large as that of the others.
 *
 * Threads. Caches are read without locks: a cell goes from 0 to a serial once; a table that is
 * replaced waits for an epoch. They are changed in the AbcData's section. A negative answer counts
 * only if `token` is read current before the table. */
#include "heap/critical.h"
#include "object/descriptor.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/set.h"
#include "object/type/type_priv.h"
#include "object/weakref.h"

#include "_abc.spec.h"

typedef struct SerialSet {
    uint32_t mask, count;
    _Atomic uint64_t cells[]; /* open addressing; 0 = free */
} SerialSet;

typedef struct AbcData {
    Object head;
    Own registry;             /* list of weak references: grows, and is replaced. guard: lock to change, ref_load */
    int64_t tidy_at;          /* the length at which dead references are looked for; guard: lock */
    _Atomic(SerialSet *) yes; /* guard: lock to change, epoch to read; null = empty */
    _Atomic(SerialSet *) no;
    _Atomic uint64_t token; /* of `no`; grows only. guard: lock to change, after the table was emptied */
} AbcData;

#define TIDY_LEAST 8 /* so many dead references are nothing to look for */

static _Atomic uint64_t current_token;

/* Bits of CPython's tp_flags that __abc_tpflags__ may have: what patterns ask about. */
enum { TPFLAGS_SEQUENCE = 1 << 5, TPFLAGS_MAPPING = 1 << 6 };

static inline AbcData *
as_data(Value v)
{
    return (AbcData *)obj(v);
}

/* -- sets of serials -- */

static inline uint32_t
serial_hash(uint64_t serial)
{
    return (uint32_t)(serial * 0x9E3779B97F4A7C15u >> 32);
}

static bool
serials_have(const SerialSet *set, uint64_t serial)
{
    for (uint32_t i = serial_hash(serial); set; i++) {
        uint64_t found = atomic_load_explicit(&set->cells[i & set->mask], memory_order_relaxed);
        if (found == serial) {
            return true;
        }
        if (!found) {
            break;
        }
    }
    return false;
}

static void
serials_insert(SerialSet *set, uint64_t serial)
{
    uint32_t i = serial_hash(serial) & set->mask;
    while (atomic_load_explicit(&set->cells[i], memory_order_relaxed)) {
        i = (i + 1) & set->mask;
    }
    atomic_store_explicit(&set->cells[i], serial, memory_order_relaxed);
    set->count++;
}

/* lock: data. Without memory nothing is remembered, which is only slower. */
static void
remember_locked(AbcData *data, _Atomic(SerialSet *) *field, uint64_t serial)
{
    SerialSet *set = atomic_load_explicit(field, memory_order_relaxed);
    if (serials_have(set, serial)) {
        return;
    }
    if (!set || (set->count + 1) * 4 > (set->mask + 1) * 3) {
        uint32_t size = set ? (set->mask + 1) * 2 : 8;
        SerialSet *grown = mem_try_alloc(sizeof *grown + size * sizeof grown->cells[0]);
        if (!grown) {
            return;
        }
        memset(grown, 0, sizeof *grown + size * sizeof grown->cells[0]);
        grown->mask = size - 1;
        for (uint32_t i = 0; set && i <= set->mask; i++) {
            uint64_t old = atomic_load_explicit(&set->cells[i], memory_order_relaxed);
            if (old) {
                serials_insert(grown, old);
            }
        }
        atomic_store_explicit(field, grown, memory_order_release);
        if (set) {
            mem_retire(&data->head, set);
        }
        set = grown;
    }
    serials_insert(set, serial);
}

/* lock: data */
static void
forget_all_locked(AbcData *data, _Atomic(SerialSet *) *field)
{
    SerialSet *set = atomic_exchange_explicit(field, NULL, memory_order_acq_rel);
    if (set) {
        mem_retire(&data->head, set);
    }
}

static void
remember(AbcData *data, bool answer, const Type *t, uint64_t token)
{
    CriticalSection section;
    critical_enter(&section, &data->head);
    if (answer) {
        remember_locked(data, &data->yes, t->serial);
    } else {
        uint64_t known = atomic_load_explicit(&data->token, memory_order_relaxed);
        if (token > known) {
            forget_all_locked(data, &data->no);
            atomic_store_explicit(&data->token, token, memory_order_release);
        }
        if (token >= known) {
            remember_locked(data, &data->no, t->serial);
        }
    }
    critical_leave(&section);
}

/* 1, 0, or -1: not known. */
static int
cached_answer(const AbcData *data, const Type *t)
{
    if (serials_have(atomic_load_explicit(&data->yes, memory_order_acquire), t->serial)) {
        return 1;
    }
    if (atomic_load_explicit(&data->token, memory_order_acquire) == atomic_load(&current_token) &&
        serials_have(atomic_load_explicit(&data->no, memory_order_acquire), t->serial)) {
        return 0;
    }
    return -1;
}

/* -- AbcData -- */

static int
data_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((AbcData *)o)->registry);
    return 0;
}

static void
data_dealloc(Object *o)
{
    AbcData *data = (AbcData *)o;
    ref_clear(&data->registry);
    forget_all_locked(data, &data->yes);
    forget_all_locked(data, &data->no);
    object_free(o);
}

static Type abc_data_type = {
    .name = "_abc._abc_data",
    .flags = TYPE_GC,
    .basic_size = sizeof(AbcData),
    .slots =
        {
            .traverse = data_traverse,
            .dealloc = data_dealloc,
        },
    .spec_doc = "The caches of one abstract base class.",
};

static Own
data_new(void)
{
    Own v = type_alloc(&abc_data_type, 0);
    if (v) {
        atomic_store(&as_data(v)->token, atomic_load(&current_token));
        as_data(v)->tidy_at = TIDY_LEAST;
        ref_init(obj(v), &as_data(v)->registry, list_new(0));
        if (!as_data(v)->registry) {
            ref_clear(&v);
        }
    }
    return v;
}

/* c._abc_impl. own: ret new · fail: 0 + exception */
static Own
data_of(Value c)
{
    Own data = object_getattr(c, NAME(_abc_impl));
    if (data && type_of(data) != &abc_data_type) {
        raise_msg(&exc_TypeError, "_abc_impl is set to a wrong type");
        ref_clear(&data);
    }
    return data;
}

/* -- a new class -- */

static int
is_abstract(Value v)
{
    Own answer = object_is_abstract(v);
    if (!answer) {
        return -1;
    }
    bool abstract = answer == TRUE_VALUE;
    drop(answer);
    return abstract;
}

/* Abstract members in the namespace of c. */
static int
add_own_abstracts(Type *c, Own names)
{
    int64_t position = 0;
    Own key, value;
    int status = 0;
    while (status >= 0 && dict_next(c->dict, &position, &key, &value)) {
        status = is_abstract(value);
        if (status > 0) {
            status = set_add(names, key);
        }
        drop(key);
        drop(value);
    }
    return status < 0 ? -1 : 0;
}

/* Abstract members of one base that c does not define. */
static int
add_inherited_abstracts(Value c, Value base, Own names)
{
    Own inherited;
    int found = object_lookup_attr(base, NAME(__abstractmethods__), &inherited);
    if (found <= 0) {
        return found;
    }
    Own it = object_iter(inherited);
    drop(inherited);
    int status = it ? 0 : -1;
    while (status >= 0) {
        Own name = object_next(it);
        if (!name) {
            status = exc_pending() ? -1 : 0;
            break;
        }
        Own value;
        status = object_lookup_attr(c, name, &value);
        if (status > 0) {
            status = is_abstract(value);
            drop(value);
        }
        if (status > 0) {
            status = set_add(names, name);
        }
        drop(name);
    }
    drop_opt(it);
    return status < 0 ? -1 : 0;
}

static int
set_abstract_methods(Value c)
{
    Own names = set_new();
    Own bases = names ? object_getattr(c, NAME(__bases__)) : NO_VALUE;
    int status = bases ? add_own_abstracts((Type *)obj(c), names) : -1;
    if (status == 0 && !is_tuple(bases)) {
        status = raise_int(&exc_TypeError, "__bases__ is not tuple");
    }
    for (int64_t i = 0; status == 0 && i < as_tuple(bases)->length; i++) {
        status = add_inherited_abstracts(c, tuple_item(bases, i), names);
    }
    Own frozen = status == 0 ? frozenset_from_iterable(names) : NO_VALUE;
    status = frozen ? object_setattr(c, NAME(__abstractmethods__), frozen) : -1;
    drop_opt(frozen);
    drop_opt(bases);
    drop_opt(names);
    return status;
}

static void
set_pattern_flags(Type *c, uint32_t flags)
{
    const uint32_t both = TYPE_SEQUENCE_PATTERN | TYPE_MAPPING_PATTERN;
    uint32_t old = atomic_load_explicit(&c->flags, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&c->flags, &old, (old & ~both) | flags, memory_order_relaxed, memory_order_relaxed)) {
    }
}

/* __abc_tpflags__ in the class body says whether instances match sequence or mapping patterns. */
static int
take_pattern_flags(Type *c)
{
    Own value = class_dict_get(c, NAME(__abc_tpflags__));
    if (!value) {
        return 0;
    }
    int64_t bits = is_int(value) ? object_as_int64(value) : 0;
    drop(value);
    if (bits == -1 && exc_pending()) {
        return -1;
    }
    const int64_t both = TPFLAGS_SEQUENCE | TPFLAGS_MAPPING;
    if ((bits & both) == both) {
        return raise_int(
            &exc_TypeError,
            "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
    }
    if (bits & both) {
        set_pattern_flags(c,
                          bits & TPFLAGS_SEQUENCE ? TYPE_SEQUENCE_PATTERN : TYPE_MAPPING_PATTERN);
    }
    return type_set_own(c, NAME(__abc_tpflags__), NO_VALUE);
}

int
abc__abc_init(Value module UNUSED, Value self)
{
    if (!is_type(self)) {
        return raise_int(&exc_TypeError, "_abc_init() argument must be a class, not %T", self);
    }
    if (set_abstract_methods(self) < 0) {
        return -1;
    }
    Own data = data_new();
    int status = data ? object_setattr(self, NAME(_abc_impl), data) : -1;
    drop_opt(data);
    return status < 0 ? -1 : take_pattern_flags((Type *)obj(self));
}

/* -- registration -- */

typedef struct PatternChange {
    uint32_t flags;
} PatternChange;

static void
inherit_pattern(Type *c, void *arg)
{
    if (!(type_flags(c) & TYPE_IMMUTABLE)) {
        set_pattern_flags(c, ((const PatternChange *)arg)->flags);
    }
}

/* A new list of the references to classes that are still there. (no runpy: a class is freed by the collector only) */
static Own
registry_alive(Value registry)
{
    Own alive = list_new(0), ref;
    for (int64_t i = 0; alive && (ref = list_get(registry, i)); i++) {
        Own c = weakref_get(ref);
        if (c && list_append(alive, ref) < 0) {
            ref_clear(&alive);
        }
        drop_opt(c);
        drop(ref);
    }
    return alive;
}

/* Leaves dead references out. Where there is no memory for it they stay. lock: data. own: ret the list that was, for the caller to drop · NO_VALUE */
static Own
registry_tidy_locked(AbcData *data)
{
    Own alive = registry_alive(data->registry);
    if (!alive) {
        exc_clear();
        return NO_VALUE;
    }
    data->tidy_at = list_len(alive) * 2 + TIDY_LEAST;
    return ref_swap(&data->head, &data->registry, alive);
}

/* Eats ref. fail: -1 */
static int
registry_add(AbcData *data, Own ref)
{
    CriticalSection section;
    critical_enter(&section, &data->head);
    Own old = list_len(data->registry) >= data->tidy_at ? registry_tidy_locked(data) : NO_VALUE;
    int status = list_append_own(data->registry, ref);
    critical_leave(&section);
    drop_opt(old);
    return status;
}

Own
abc__abc_register(Value module UNUSED, Value self, Value subclass)
{
    if (!is_type(subclass)) {
        return raise_msg(&exc_TypeError, "Can only register classes");
    }
    int already = object_issubclass(subclass, self);
    if (already != 0) {
        return already < 0 ? NO_VALUE : own(subclass);
    }
    int cycle = object_issubclass(self, subclass);
    if (cycle != 0) {
        return cycle < 0 ? NO_VALUE
                         : raise_msg(&exc_RuntimeError, "Refusing to create an inheritance cycle");
    }
    Own data = data_of(self);
    Own ref = data ? weakref_new(subclass, NO_VALUE) : NO_VALUE;
    int status = ref ? registry_add(as_data(data), ref) : -1;
    drop_opt(data);
    if (status < 0) {
        return NO_VALUE;
    }
    atomic_fetch_add(&current_token, 1);
    PatternChange change = {type_flags((const Type *)obj(self)) &
                            (TYPE_SEQUENCE_PATTERN | TYPE_MAPPING_PATTERN)};
    if (change.flags) {
        types_lock();
        type_visit_subtree((Type *)obj(subclass), inherit_pattern, &change);
        types_unlock();
    }
    return own(subclass);
}

/* -- issubclass -- */

/* By __subclasshook__: 1, 0, -1 failed, 2 it does not say */
static int
ask_hook(Value self, Value subclass)
{
    Value args[] = {self, subclass};
    Own answer = call_method(NAME(__subclasshook__), args, 2, NO_VALUE);
    if (!answer) {
        return -1;
    }
    int result;
    if (answer == TRUE_VALUE || answer == FALSE_VALUE) {
        result = answer == TRUE_VALUE;
    } else if (answer == NOTIMPLEMENTED) {
        result = 2;
    } else {
        result = raise_int(&exc_AssertionError,
                           "__subclasshook__ must return either False, True, or NotImplemented");
    }
    drop(answer);
    return result;
}

static int
ask_registry(AbcData *data, Value subclass)
{
    int answer = 0;
    int64_t dead = 0, i = 0;
    Own registry = ref_load(&data->head, &data->registry), ref;
    for (; answer == 0 && (ref = list_get(registry, i)); i++) {
        Own c = weakref_get(ref);
        drop(ref);
        if (c) {
            answer = object_issubclass(subclass, c);
            drop(c);
        } else {
            dead++;
        }
    }
    drop(registry);
    if (dead > i / 2 + TIDY_LEAST) {
        CriticalSection section;
        critical_enter(&section, &data->head);
        Own old = registry_tidy_locked(data);
        critical_leave(&section);
        drop_opt(old);
    }
    return answer;
}

static int
ask_subclasses(Value self, Value subclass)
{
    Own below = call_method0(self, "__subclasses__");
    if (!below) {
        return -1;
    }
    int answer = 0;
    if (!is_list(below)) {
        answer = raise_int(&exc_TypeError, "__subclasses__() must return a list");
    }
    for (int64_t i = 0; answer == 0 && i < list_len(below); i++) {
        Own c = list_get(below, i);
        answer = c ? object_issubclass(subclass, c) : 0;
        drop_opt(c);
    }
    drop(below);
    return answer;
}

int
abc__abc_subclasscheck(Value module UNUSED, Value self, Value subclass)
{
    if (!is_type(subclass)) {
        return raise_int(&exc_TypeError, "issubclass() arg 1 must be a class");
    }
    Own owned = data_of(self);
    if (!owned) {
        return -1;
    }
    AbcData *data = as_data(owned);
    Type *c = (Type *)obj(subclass);
    int answer = cached_answer(data, c);
    if (answer < 0) {
        uint64_t token = atomic_load(&current_token); /* before anybody is asked */
        answer = ask_hook(self, subclass);
        if (answer == 2) {
            answer = is_type(self) && type_is_subtype(c, (Type *)obj(self));
            if (answer == 0) {
                answer = ask_registry(data, subclass);
            }
            if (answer == 0) {
                answer = ask_subclasses(self, subclass);
            }
        }
        if (answer >= 0) {
            remember(data, answer > 0, c, token);
        }
    }
    drop(owned);
    return answer;
}

/* self.__subclasscheck__(c), which a metaclass may override. */
static Own
ask_class(Value self, Value c)
{
    Value args[] = {self, c};
    return call_method(NAME(__subclasscheck__), args, 2, NO_VALUE);
}

Own
abc__abc_instancecheck(Value module UNUSED, Value self, Value instance)
{
    Own data = data_of(self);
    Own c = NO_VALUE;
    int found = data ? object_lookup_attr(instance, NAME(__class__), &c) : -1;
    if (found < 0) {
        drop_opt(data);
        return NO_VALUE;
    }
    if (!c) {
        c = own(VALUE(type_of(instance)));
    }
    int answer = is_type(c) ? cached_answer(as_data(data), (Type *)obj(c)) : -1;
    drop(data);
    Value real = VALUE(type_of(instance));
    Own result;
    if (answer > 0 || (answer == 0 && real == c)) {
        result = bool_value(answer > 0);
    } else {
        result = ask_class(self, c);
        int truth = result && real != c ? object_truth(result) : 1;
        if (truth <= 0) { /* what it says it is does not count: what it is may */
            ref_clear(&result);
            if (truth == 0) {
                result = ask_class(self, real);
            }
        }
    }
    drop(c);
    return result;
}

/* -- for tests and debugging -- */

Own
abc_get_cache_token(Value module UNUSED)
{
    return int_from_u64(atomic_load(&current_token));
}

static Own
serials_as_set(const SerialSet *set)
{
    Own result = set_new();
    for (uint32_t i = 0; result && set && i <= set->mask; i++) {
        uint64_t serial = atomic_load_explicit(&set->cells[i], memory_order_relaxed);
        Own number = serial ? int_from_u64(serial) : NO_VALUE;
        if (serial && (!number || set_add(result, number) < 0)) {
            ref_clear(&result);
        }
        drop_opt(number);
    }
    return result;
}

/* The references to classes that are there. The others cannot be hashed. */
static Own
registry_as_set(AbcData *data)
{
    Own registry = ref_load(&data->head, &data->registry), result = set_new(), ref;
    for (int64_t i = 0; result && (ref = list_get(registry, i)); i++) {
        Own c = weakref_get(ref);
        if (c && set_add(result, ref) < 0) {
            ref_clear(&result);
        }
        drop_opt(c);
        drop(ref);
    }
    drop(registry);
    return result;
}

Own
abc__get_dump(Value module UNUSED, Value self)
{
    Own owned = data_of(self);
    if (!owned) {
        return NO_VALUE;
    }
    AbcData *data = as_data(owned);
    Own registry = registry_as_set(data);
    Own yes = serials_as_set(atomic_load_explicit(&data->yes, memory_order_acquire));
    Own no = serials_as_set(atomic_load_explicit(&data->no, memory_order_acquire));
    Own token = int_from_u64(atomic_load(&data->token));
    Own result = NO_VALUE;
    if (registry && yes && no && token) {
        result = tuple_pack(4, (Value)registry, (Value)yes, (Value)no, (Value)token);
    }
    drop_opt(token);
    drop_opt(no);
    drop_opt(yes);
    drop_opt(registry);
    drop(owned);
    return result;
}

int
abc__reset_registry(Value module UNUSED, Value self)
{
    Own owned = data_of(self), fresh = owned ? list_new(0) : NO_VALUE;
    if (!fresh) {
        drop_opt(owned);
        return -1;
    }
    AbcData *data = as_data(owned);
    CriticalSection section;
    critical_enter(&section, &data->head);
    Own old = ref_swap(&data->head, &data->registry, fresh);
    critical_leave(&section);
    drop(old);
    drop(owned);
    return 0;
}

int
abc__reset_caches(Value module UNUSED, Value self)
{
    Own owned = data_of(self);
    if (!owned) {
        return -1;
    }
    AbcData *data = as_data(owned);
    CriticalSection section;
    critical_enter(&section, &data->head);
    forget_all_locked(data, &data->yes);
    forget_all_locked(data, &data->no);
    critical_leave(&section);
    drop(owned);
    return 0;
}

static int
abc_exec(Value module UNUSED)
{
    return type_ready(&abc_data_type);
}

const ModuleDef module__abc = {
    .name = "_abc",
    .doc = abc_module_doc,
    .functions = abc_functions,
    .exec = abc_exec,
};
