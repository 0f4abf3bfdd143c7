/* BaseExceptionGroup and ExceptionGroup, and what except* needs (PEP 654).
 *
 * Splitting walks the tree of groups once. What matches is decided by a Matcher; a group that is
 * neither matched nor refused as a whole is rebuilt, by its own derive(), from the parts of its
 * exceptions.
 *
 * Threads: message, exceptions and shown are immutable after creation. */
#include "base/vec.h"
#include "object/exception/exception_priv.h"
#include "object/genericalias.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"

#include "exceptiongroup.spec.h"

static GroupException *
as_group(Value v)
{
    return (GroupException *)obj(v);
}

static bool
is_group(Value v)
{
    return is_instance_of(v, &exc_BaseExceptionGroup);
}

/* -- making -- */

static bool
is_sequence(Value v)
{
    const TypeSlots *slots = &type_of(v)->slots;
    return !is_dict(v) &&
           (slots->seq_item || (slots->getitem && (type_flags(type_of(v)) & TYPE_HEAP)));
}

/* The exceptions as a tuple, checked. own: ret new · fail: 0 + exception */
static Own
checked_exceptions(Value exceptions, bool *all_ordinary)
{
    if (!is_sequence(exceptions)) {
        return raise_msg(&exc_TypeError, "second argument (exceptions) must be a sequence");
    }
    Own items = object_to_tuple(exceptions);
    if (!items) {
        return NO_VALUE;
    }
    int64_t n = as_tuple(items)->length;
    *all_ordinary = true;
    if (n == 0) {
        raise_msg(&exc_ValueError, "second argument (exceptions) must be a non-empty sequence");
    }
    for (int64_t i = 0; i < n; i++) {
        Value item = tuple_item(items, i);
        if (!is_exception(item)) {
            raise_fmt(&exc_ValueError,
                      "Item %zd of second argument (exceptions) is not an exception", i);
            n = 0;
        } else if (!is_instance_of(item, &exc_Exception)) {
            *all_ordinary = false;
        }
    }
    if (n == 0) {
        drop(items);
        return NO_VALUE;
    }
    return items;
}

/* The class that type(...) means for these exceptions. fail: 0 + TypeError */
static Type *
class_for(Type *type, bool all_ordinary)
{
    if (all_ordinary) {
        return type == &exc_BaseExceptionGroup ? &exc_ExceptionGroup : type;
    }
    if (type == &exc_ExceptionGroup) {
        raise_msg(&exc_TypeError, "Cannot nest BaseExceptions in an ExceptionGroup");
        return NULL;
    }
    if (type_is_subtype(type, &exc_Exception)) {
        raise_fmt(&exc_TypeError, "Cannot nest BaseExceptions in '%N'", type);
        return NULL;
    }
    return type;
}

/* What repr shows of exceptions that were given neither as a list nor as a tuple: their text, taken
 * when the group is made, for the sequence may change. */
static int
remember_shown(GroupException *group, Value exceptions)
{
    bool plain = is_tuple(exceptions) || is_list(exceptions);
    Own shown = plain ? NO_VALUE : object_repr(exceptions);
    if (!plain && !shown) {
        return -1;
    }
    ref_init(&group->base.head, &group->shown, shown);
    return 0;
}

static Own
group_create(Type *type, Value const *args, size_t nargs, Value kwnames UNUSED)
{
    if (nargs != 2) {
        return raise_fmt(&exc_TypeError,
                         "BaseExceptionGroup.__new__() takes exactly 2 arguments (%zu given)",
                         nargs);
    }
    if (!is_str(args[0])) {
        return raise_fmt(&exc_TypeError,
                         "BaseExceptionGroup.__new__() argument 1 must be str, not %T", args[0]);
    }
    bool all_ordinary = true;
    Own items = checked_exceptions(args[1], &all_ordinary);
    if (!items) {
        return NO_VALUE;
    }
    type = class_for(type, all_ordinary);
    Own exc = type ? exception_create(type, args, nargs, NO_VALUE) : NO_VALUE;
    if (!exc) {
        drop(items);
        return NO_VALUE;
    }
    GroupException *group = as_group(exc);
    ref_init(&group->base.head, &group->message, own(args[0]));
    ref_init(&group->base.head, &group->exceptions, items);
    if (remember_shown(group, args[1]) < 0) {
        drop(exc);
        return NO_VALUE;
    }
    return exc;
}

/* BaseExceptionGroup(message, exceptions) */
static Own
group_of(Value message, Value exceptions)
{
    Value args[] = {message, exceptions};
    return exc_new(&exc_BaseExceptionGroup, args, 2);
}

Own
exception_group_get_message(GroupException *self)
{
    return exception_field_get(&self->base, &self->message);
}

Own
exception_group_get_exceptions(GroupException *self)
{
    return exception_field_get(&self->base, &self->exceptions);
}

static Own
group_str(Value v)
{
    int64_t n = as_tuple(as_group(v)->exceptions)->length;
    return str_fmt("%S (%zd sub-exception%s)", (Value)as_group(v)->message, n, n == 1 ? "" : "s");
}

/* Was the group made of a list? As far as its arguments still tell. */
static bool
has_list_args(Value v)
{
    Own args = exc_get_args(v);
    bool list = as_tuple(args)->length == 2 && is_list(tuple_item(args, 1));
    drop(args);
    return list;
}

static Own
group_repr(Value v)
{
    GroupException *group = as_group(v);
    Value message = group->message, exceptions = group->exceptions, shown = group->shown;
    if (shown) {
        return str_fmt("%s(%R, %U)", exception_type_name(v), message, shown);
    }
    if (!has_list_args(v)) {
        return str_fmt("%s(%R, %R)", exception_type_name(v), message, exceptions);
    }
    Own list = object_to_list(exceptions);
    Own text =
        list ? str_fmt("%s(%R, %R)", exception_type_name(v), message, (Value)list) : NO_VALUE;
    drop_opt(list);
    return text;
}

/* -- splitting -- */

/* Addresses of exceptions, sorted before they are searched. Borrowed: the caller holds the
 * exceptions. */
VEC_DEFINE(Identities, identities, Value);

typedef struct Matcher {
    Value types;             /* a class or tuple of classes, or NO_VALUE */
    Value predicate;         /* a callable, or NO_VALUE */
    const Identities *these; /* or exactly these leaves */
} Matcher;

static int
compare_identities(const void *a, const void *b)
{
    uint64_t x = value_bits(*(Value const *)a), y = value_bits(*(Value const *)b);
    return x < y ? -1 : x > y;
}

/* Does exc match as a whole? 1, 0, -1 */
static int
matches(const Matcher *m, Value exc)
{
    if (m->types) {
        return exc_instance_matches(exc, m->types);
    }
    if (m->predicate) {
        Own answer = call1(m->predicate, exc);
        int truth = answer ? object_truth(answer) : -1;
        drop_opt(answer);
        return truth;
    }
    return !is_group(exc) &&
           bsearch(&exc, m->these->data, m->these->len, sizeof(Value), compare_identities) != NULL;
}

/* notes are copied, so that the parts can get notes of their own. fail: -1 */
static int
copy_notes(Value from, Value to)
{
    Own notes;
    int found = object_lookup_attr(from, NAME(__notes__), &notes);
    if (found <= 0) {
        return found;
    }
    int status = 0;
    if (is_sequence(notes)) { /* anything else is ignored */
        Own copy = object_to_list(notes);
        status = copy ? object_setattr(to, NAME(__notes__), copy) : -1;
        drop_opt(copy);
    }
    drop(notes);
    return status;
}

/* A group like `group` of the exceptions in list, or None when there are none. own: list eaten, ret
 * new */
static Own
subset(Value group, Own list)
{
    if (list_len(list) == 0) {
        drop(list);
        return own(NONE);
    }
    Own part = call_method1(group, "derive", list);
    drop(list);
    if (!part) {
        return NO_VALUE;
    }
    if (!is_exception(part) || !is_group(part)) {
        drop(part);
        return raise_msg(&exc_TypeError, "derive must return an instance of BaseExceptionGroup");
    }
    exc_set_traceback(part, exc_get_traceback(group));
    exc_set_context(part, exc_get_context(group));
    exc_set_cause(part, exc_get_cause(group));
    if (copy_notes(group, part) < 0) {
        drop(part);
        return NO_VALUE;
    }
    return part;
}

static int split(const Matcher *m, Value exc, Own *match, Own *rest);

/* Splits each exception of group into the lists. fail: -1 */
static int
split_items(const Matcher *m, Value group, Value matched, Value others)
{
    Value items = as_group(group)->exceptions;
    for (int64_t i = 0; i < as_tuple(items)->length; i++) {
        Own match, rest = NO_VALUE;
        if (split(m, tuple_item(items, i), &match, others ? &rest : NULL) < 0) {
            return -1;
        }
        int status = match == NONE ? 0 : list_append(matched, match);
        if (others && status == 0 && rest != NONE) {
            status = list_append(others, rest);
        }
        drop(match);
        drop_opt(rest);
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}

/* *match and, where rest is not null, *rest get the parts or None. fail: -1, neither is set */
static int
split(const Matcher *m, Value exc, Own *match, Own *rest)
{
    int whole = matches(m, exc);
    if (whole < 0) {
        return -1;
    }
    if (whole || !is_group(exc)) {
        *match = own(whole ? exc : (Value)NONE);
        if (rest) {
            *rest = own(whole ? (Value)NONE : exc);
        }
        return 0;
    }
    if (!c_stack_ok()) {
        return -1;
    }
    Own matched = list_new(0), others = rest && matched ? list_new(0) : NO_VALUE;
    if (!matched || (rest && !others) || split_items(m, exc, matched, others) < 0) {
        drop_opt(matched);
        drop_opt(others);
        return -1;
    }
    *match = subset(exc, matched);
    if (!*match) {
        drop_opt(others);
        return -1;
    }
    if (rest && !(*rest = subset(exc, others))) {
        drop(*match);
        return -1;
    }
    return 0;
}

static bool
is_exception_class(Value v)
{
    return is_type(v) && (type_flags((const Type *)obj(v)) & TYPE_EXC_SUBCLASS);
}

static bool
are_exception_classes(Value v)
{
    if (!is_object(v) || !IS_EXACT(v, TUPLE)) {
        return is_exception_class(v);
    }
    for (int64_t i = 0; i < as_tuple(v)->length; i++) {
        if (!is_exception_class(tuple_item(v, i))) {
            return false;
        }
    }
    return true;
}

static int
matcher_from(Value v, Matcher *m)
{
    *m = (Matcher){0};
    if (are_exception_classes(v)) {
        m->types = v;
    } else if (!is_type(v) && object_is_callable(v)) {
        m->predicate = v;
    } else {
        return raise_int(&exc_TypeError, "expected an exception type, a tuple of exception types, "
                                         "or a callable (other than a class)");
    }
    return 0;
}

Own
exception_group_py_split(GroupException *self, Value matcher_value)
{
    Matcher m;
    Own match, rest;
    if (matcher_from(matcher_value, &m) < 0 || split(&m, VALUE(self), &match, &rest) < 0) {
        return NO_VALUE;
    }
    Own pair[] = {match, rest};
    return tuple_from_own(pair, 2);
}

Own
exception_group_py_subgroup(GroupException *self, Value matcher_value)
{
    Matcher m;
    Own match;
    return matcher_from(matcher_value, &m) < 0 || split(&m, VALUE(self), &match, NULL) < 0
               ? NO_VALUE
               : match;
}

Own
exception_group_py_derive(GroupException *self, Value excs)
{
    return group_of(self->message, excs);
}

Own
exception_group_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

/* -- except* -- */

/* The checks on what except* names: -1 + TypeError */
static int
check_star_type(Value type)
{
    if (!is_exception_class(type)) {
        return raise_int(&exc_TypeError,
                         "catching classes that do not inherit from BaseException is not allowed");
    }
    if (type_is_subtype((const Type *)obj(type), &exc_BaseExceptionGroup)) {
        return raise_int(
            &exc_TypeError,
            "catching ExceptionGroup with except* is not allowed. Use except instead.");
    }
    return 0;
}

static int
check_star_types(Value types)
{
    if (!is_tuple(types)) {
        return check_star_type(types);
    }
    for (int64_t i = 0; i < as_tuple(types)->length; i++) {
        if (check_star_type(tuple_item(types, i)) < 0) {
            return -1;
        }
    }
    return 0;
}

static bool
is_exception_or_none(Value v)
{
    return v == NONE || is_exception(v);
}

/* A group's own split, which a subclass may have overridden. */
static int
call_split(Value group, Value types, Own *match, Own *rest)
{
    Own pair = call_method1(group, "split", types);
    if (!pair) {
        return -1;
    }
    int status = -1;
    if (!is_tuple(pair)) {
        raise_fmt(&exc_TypeError, "%.200T.split must return a tuple, not %.200T", group,
                  (Value)pair);
    } else if (as_tuple(pair)->length < 2) {
        raise_fmt(&exc_TypeError, "%.200T.split must return a 2-tuple, got tuple of size %zd",
                  group, as_tuple(pair)->length);
    } else if (!is_exception_or_none(tuple_item(pair, 0)) ||
               !is_exception_or_none(tuple_item(pair, 1))) {
        raise_fmt(&exc_SystemError, "%.200T.split must return exceptions or None", group);
    } else {
        *match = own(tuple_item(pair, 0));
        *rest = own(tuple_item(pair, 1));
        status = 0;
    }
    drop(pair);
    return status;
}

/* ExceptionGroup("", [exc]) */
static Own
wrap(Value exc)
{
    Own list = list_from_array(&exc, 1);
    Own group = list ? group_of(str_empty, list) : NO_VALUE;
    drop_opt(list);
    return group;
}

int
exc_group_match(Value exc, Value types, Own *match, Own *rest)
{
    if (check_star_types(types) < 0) {
        return -1;
    }
    if (exc != NONE && exc_instance_matches(exc, types)) {
        *match = is_group(exc) ? own(exc) : wrap(exc);
        *rest = own(NONE);
        return *match ? 0 : -1;
    }
    if (exc != NONE && is_group(exc)) {
        return call_split(exc, types, match, rest);
    }
    *match = own(NONE);
    *rest = own(exc);
    return 0;
}

/* Do two fields hold the same, which other threads may change? */
static bool
same_object(Own const *a, Own const *b)
{
    return __atomic_load_n(a, __ATOMIC_RELAXED) == __atomic_load_n(b, __ATOMIC_RELAXED);
}

/* Was exc raised again rather than anew? A part that split made of orig has its metadata. */
static bool
is_part_of(Value exc, Value orig)
{
    const Exception *a = as_exception(exc), *b = as_exception(orig);
    return is_group(exc) && same_object(&a->traceback, &b->traceback) && same_object(&a->cause, &b->cause) &&
           same_object(&a->context, &b->context);
}

static int
collect_leaves(Value exc, Identities *out)
{
    if (!is_group(exc)) {
        if (identities_push(out, exc) < 0) {
            raise_no_memory();
            return -1;
        }
        return 0;
    }
    if (!c_stack_ok()) {
        return -1;
    }
    Value items = as_group(exc)->exceptions;
    for (int64_t i = 0; i < as_tuple(items)->length; i++) {
        if (collect_leaves(tuple_item(items, i), out) < 0) {
            return -1;
        }
    }
    return 0;
}

/* The part of orig that holds the leaves in `leaves`, with orig's structure; None when it is empty.
 */
static Own
project(Value orig, Identities *leaves)
{
    if (leaves->len == 0) {
        return own(NONE);
    }
    qsort(leaves->data, leaves->len, sizeof(Value), compare_identities);
    Matcher m = {.these = leaves};
    Own match;
    return split(&m, orig, &match, NULL) < 0 ? NO_VALUE : match;
}

/* Sorts what handlers gave into new exceptions (list) and leaves of what was raised again. */
static int
sort_raised(Value orig, Value raised, Value anew, Identities *again)
{
    for (int64_t i = 0; i < list_len(raised); i++) {
        Own exc = list_get(raised, i);
        int status = 0;
        if (exc && exc != NONE) {
            status = is_part_of(exc, orig) ? collect_leaves(exc, again) : list_append(anew, exc);
        }
        drop_opt(exc);
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}

static Own
first_exception(Value raised)
{
    for (int64_t i = 0; i < list_len(raised); i++) {
        Own exc = list_get(raised, i);
        if (exc && exc != NONE) {
            return exc;
        }
        drop_opt(exc);
    }
    return own(NONE);
}

Own
exc_prepare_reraise_star(Value orig, Value raised)
{
    if (!is_group(orig)) {
        return first_exception(raised); /* a naked exception runs one handler at most */
    }
    Identities again = {0};
    Own anew = list_new(0), part = NO_VALUE, result = NO_VALUE;
    if (!anew || sort_raised(orig, raised, anew, &again) < 0 || !(part = project(orig, &again))) {
        goto done;
    }
    if (list_len(anew) == 0) {
        result = own(part);
        goto done;
    }
    if (part != NONE && list_append(anew, part) < 0) {
        goto done;
    }
    result = list_len(anew) == 1 ? list_get(anew, 0) : group_of(str_empty, anew);
done:
    drop_opt(part);
    drop_opt(anew);
    identities_free(&again);
    return result;
}

/* -- types -- */

EXCEPTION_LIFE(group_exception, 3)

Type exc_BaseExceptionGroup = {
    .name = "BaseExceptionGroup",
    .base = &exc_BaseException,
    .flags = EXCEPTION_FLAGS,
    .basic_size = sizeof(GroupException),
    .dict_offset = sizeof(GroupException),
    .slots =
        {
            EXCEPTION_LIFE_SLOTS(group_exception),
            .create = group_create,
            .init = exception_init,
            .repr = group_repr,
            .str = group_str,
        },
    .methods = exception_group_methods,
    .getsets = exception_group_getsets,
    .spec_doc = exception_group_doc,
};

/* bases (BaseExceptionGroup, Exception) are given by exceptions_ready */
Type exc_ExceptionGroup = {
    .name = "ExceptionGroup",
    .base = &exc_BaseExceptionGroup,
    .flags = EXCEPTION_FLAGS | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(GroupException),
    .dict_offset = sizeof(GroupException),
};
