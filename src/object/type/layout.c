/* The layout of instances of classes: which base decides, __slots__, and which classes have the
 * same layout.
 *
 * Threads: computed for a class that nobody else sees yet, from immutable facts about its bases. */
#include "object/type/layout.h"

#include "object/descriptor.h"
#include "object/list.h"
#include "object/type/slotdefs.h"

static bool
adds_to_layout(const Type *t, const Type *base)
{
    return t->basic_size != base->basic_size || t->item_size != base->item_size;
}

/* The nearest type that gave t its layout, attributes aside. */
static Type *
solid_base(Type *t)
{
    for (Type *base; (base = type_base(t)) != NULL && !adds_to_layout(t, base);) {
        t = base;
    }
    return t;
}

Type *
type_best_base(Value bases)
{
    Type *best = NULL, *winner = NULL;
    for (int64_t i = 0; i < as_tuple(bases)->length; i++) {
        Value v = tuple_item(bases, i);
        if (!is_type(v)) {
            raise_msg(&exc_TypeError, "bases must be types");
            return NULL;
        }
        Type *base = (Type *)obj(v);
        if (!(type_flags(base) & TYPE_BASE)) {
            raise_fmt(&exc_TypeError, "type '%N' is not an acceptable base type", base);
            return NULL;
        }
        Type *candidate = solid_base(base);
        if (!winner || (type_is_subtype(candidate, winner) && candidate != winner)) {
            winner = candidate;
            best = base;
        } else if (!type_is_subtype(winner, candidate)) {
            raise_msg(&exc_TypeError, "multiple bases have instance lay-out conflict");
            return NULL;
        }
    }
    return best;
}

bool
type_fits_layout(const Type *t, const Type *base)
{
    return type_is_subtype(solid_base((Type *)(uintptr_t)t), solid_base((Type *)(uintptr_t)base));
}

/* -- same layout -- */

/* The names in __slots__ that c itself adds, as a sorted list in its dict: compared by text. */
static bool
same_members(const Type *a, const Type *b)
{
    return a->members && b->members && object_compare_bool(a->members, b->members, CMP_EQ) == 1;
}

static bool
same_layout(const Type *a, const Type *b)
{
    const uint32_t parts = TYPE_HAS_DICT | TYPE_HAS_WEAKREFS;
    if ((type_flags(a) & parts) != (type_flags(b) & parts) || a->basic_size != b->basic_size ||
        a->item_size != b->item_size) {
        return false;
    }
    const Type *sa = solid_base((Type *)(uintptr_t)a), *sb = solid_base((Type *)(uintptr_t)b);
    /* both add the same names to the same class */
    return sa == sb || (sa->base == sb->base && same_members(sa, sb));
}

int
type_check_same_layout(const char *attribute, const Type *from, const Type *to)
{
    const uint32_t traced = TYPE_GC | TYPE_HEAP;
    if (((type_flags(from) & traced) != 0) != ((type_flags(to) & traced) != 0)) {
        return raise_int(&exc_TypeError, "%s assignment: '%N' deallocator differs from '%N'", attribute, to, from);
    }
    if (!same_layout(from, to)) {
        return raise_int(&exc_TypeError, "%s assignment: '%N' object layout differs from '%N'", attribute, to, from);
    }
    return 0;
}

/* -- __slots__ -- */

/* `__x` in class C is `_C__x`. own: ret new */
static Own
mangled(Value class_name, Value name)
{
    const Str *s = as_str(name), *c = as_str(class_name);
    int64_t n = s->length, skip = 0;
    if (n < 3 || str_char_at(s, 0) != '_' || str_char_at(s, 1) != '_' ||
        (str_char_at(s, n - 1) == '_' && str_char_at(s, n - 2) == '_')) {
        return own(name);
    }
    while (skip < c->length && str_char_at(c, skip) == '_') {
        skip++;
    }
    if (skip == c->length) {
        return own(name);
    }
    Own stripped = str_substring(class_name, skip, c->length);
    Own result = stripped ? str_fmt("_%U%U", (Value)stripped, name) : NO_VALUE;
    drop_opt(stripped);
    return result;
}

/* The names in __slots__ as a new list of str, checked. */
static Own
slot_name_list(Value slots)
{
    Own list = is_str(slots) ? list_from_array(&slots, 1) : object_to_list(slots);
    for (int64_t i = 0; list && i < list_len(list); i++) {
        Value name = as_list(list)->buffer->items[i];
        if (!is_str(name)) {
            raise_fmt(&exc_TypeError, "__slots__ items must be strings, not '%T'", name);
            ref_clear(&list);
        } else if (!str_is_identifier(as_str(name))) {
            raise_msg(&exc_TypeError, "__slots__ must be identifiers");
            ref_clear(&list);
        }
    }
    return list;
}

static int
add_part(ClassLayout *layout, bool is_dict)
{
    bool may = is_dict ? layout->may_add_dict : layout->may_add_weakrefs;
    bool *add = is_dict ? &layout->add_dict : &layout->add_weakrefs;
    if (!may || *add) {
        return raise_int(&exc_TypeError, "%s slot disallowed: we already got one",
                         is_dict ? "__dict__" : "__weakref__");
    }
    *add = true;
    return 0;
}

/* Sorts one name: a part of the instance, or a member. */
static int
take_name(ClassLayout *layout, Value class_name, Value name, Value dict)
{
    if (str_equals_cstr(name, "__dict__")) {
        return add_part(layout, true);
    }
    if (str_equals_cstr(name, "__weakref__")) {
        return add_part(layout, false);
    }
    Own member = mangled(class_name, name);
    if (!member || !(member = str_intern(member))) {
        return -1;
    }
    int status = list_append(layout->members, member);
    int present = dict_contains(dict, member);
    if (present > 0 && !str_equals_cstr(member, "__qualname__") &&
        !str_equals_cstr(member, "__classcell__") &&
        !str_equals_cstr(member, "__classdictcell__")) {
        raise_fmt(&exc_ValueError, "%R in __slots__ conflicts with class variable", (Value)member);
        present = -1;
    }
    drop(member);
    return status < 0 || present < 0 ? -1 : 0;
}

static int
take_slots(ClassLayout *layout, Value class_name, Value slots, Value dict)
{
    Own names = slot_name_list(slots);
    if (!names) {
        return -1;
    }
    int status = 0;
    const Type *base = layout->base;
    bool fixed_size = (!base->item_size || (type_flags(base) & TYPE_STR_SUBCLASS)) &&
                      !(type_flags(base) & TYPE_TYPE_SUBCLASS);
    if (list_len(names) > 0 && !fixed_size) {
        status =
            raise_int(&exc_TypeError, "nonempty __slots__ not supported for subtype of '%N'", base);
    }
    for (int64_t i = 0; status == 0 && i < list_len(names); i++) {
        status = take_name(layout, class_name, as_list(names)->buffer->items[i], dict);
    }
    drop(names);
    return status < 0 ? -1 : list_sort(layout->members, NONE, false);
}

static bool
has_dict_already(Type *base)
{
    if (type_flags(base) & TYPE_HAS_DICT) {
        return true;
    }
    Own found = type_find(base, NAME(__dict__)); /* types and modules keep one of their own */
    drop_opt(found);
    return found != NO_VALUE;
}

int
class_layout_decide(ClassLayout *layout, Value class_name, Value bases, Value slots, Value dict)
{
    Type *base = layout->base;
    layout->may_add_dict = !has_dict_already(base);
    layout->may_add_weakrefs = !(type_flags(base) & TYPE_HAS_WEAKREFS) &&
                               (!base->item_size || (type_flags(base) & TYPE_STR_SUBCLASS));
    layout->members = list_new(0);
    if (!layout->members) {
        return -1;
    }
    if (!slots) {
        layout->add_dict = layout->may_add_dict;
        layout->add_weakrefs = layout->may_add_weakrefs;
        return 0;
    }
    if (take_slots(layout, class_name, slots, dict) < 0) {
        return -1;
    }
    for (int64_t i = 0; i < as_tuple(bases)->length;
         i++) { /* another base may bring what this one does not have */
        const Type *other = (const Type *)obj(tuple_item(bases, i));
        if (other != base) {
            layout->add_dict |= layout->may_add_dict && (type_flags(other) & TYPE_HAS_DICT);
            layout->add_weakrefs |=
                layout->may_add_weakrefs && (type_flags(other) & TYPE_HAS_WEAKREFS);
        }
    }
    return 0;
}

int
class_layout_apply(Type *t, const ClassLayout *layout)
{
    const Type *base = layout->base;
    int64_t count = list_len(layout->members);
    bool by_name = base->item_size !=
                   0; /* no room for words at fixed places: members live among the attributes */
    t->item_size = base->item_size;
    t->basic_size = base->basic_size;
    if (count) {
        ref_init(&t->head, &t->members, own(layout->members));
        if (!by_name) {
            t->basic_size =
                ((base->basic_size + 7) & ~7u) + (uint32_t)count * (uint32_t)sizeof(Own);
        }
    }
    uint32_t flags =
        type_flags(base) & (TYPE_HAS_DICT | TYPE_DICT_FIELD | TYPE_HAS_WEAKREFS | TYPE_GC | TYPE_HAS_MEMBERS);
    flags |=
        (layout->add_dict ? TYPE_HAS_DICT : 0) | (layout->add_weakrefs ? TYPE_HAS_WEAKREFS : 0);
    flags |= TYPE_GC; /* whatever it holds: the collector finds the class, which it does not count, through it */
    if (count && !by_name) {
        flags |= TYPE_HAS_MEMBERS;
    }
    atomic_fetch_or_explicit(&t->flags, flags, memory_order_relaxed);
    if ((flags & TYPE_HAS_DICT) || base->dict_offset || (count && by_name)) {
        t->dict_offset = (t->basic_size + 7) & ~7u;
    }
    for (int64_t i = 0; i < count; i++) {
        Value name = as_list(layout->members)->buffer->items[i];
        uint32_t offset =
            by_name ? 0 : t->basic_size - (uint32_t)(count - i) * (uint32_t)sizeof(Own);
        Own descriptor = member_descriptor_new(name, t, offset);
        if (!descriptor || dict_set_own(t->dict, own(name), descriptor) < 0) {
            return -1;
        }
    }
    static const GetSetDef dict_def = {"__dict__", "dictionary for instance variables",
                                       instance_dict_get, instance_dict_set, false};
    static const GetSetDef weakref_def = {"__weakref__", "list of weak references to the object",
                                          instance_weakref_get, NULL, false};
    if (layout->add_dict && class_add_getset(t, &dict_def) < 0) {
        return -1;
    }
    return layout->add_weakrefs ? class_add_getset(t, &weakref_def) : 0;
}
