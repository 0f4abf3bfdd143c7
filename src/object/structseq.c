/* Struct sequences: see the header. */
#include "object/structseq.h"

#include <stdlib.h>

#include "object/args.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/list.h"
#include "object/str.h"
#include "object/type.h"

/* The getter of each field: a GetSetDef has no room for an index. */
#define EACH_FIELD(X)                                                                              \
    X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16)   \
    X(17) X(18) X(19) X(20) X(21) X(22) X(23)
#define X(i)                                                                                       \
    static Own get_field_##i(Value self)                                                           \
    {                                                                                              \
        return own(as_tuple(self)->items[i]);                                                      \
    }
EACH_FIELD(X)
#undef X
static Own (*const field_getters[STRUCTSEQ_FIELDS_MAX])(Value) = {
#define X(i) get_field_##i,
    EACH_FIELD(X)
#undef X
};

/* A struct sequence's type, with what it was made from behind it. */
typedef struct SeqType {
    Type type;
    const StructSeqDef *def;
    GetSetDef getsets[STRUCTSEQ_FIELDS_MAX + 1];
} SeqType;

static const StructSeqDef *
def_of(const Type *t)
{
    while (t->base != &tuple_type) { /* a subclass: its struct sequence is its base */
        t = t->base;
    }
    return ((const SeqType *)t)->def;
}

Own
structseq_new(Type *type, Own *values)
{
    const StructSeqDef *def = def_of(type);
    bool complete = true;
    for (int i = 0; i < def->count; i++) {
        complete = complete && values[i];
    }
    Own v = complete ? type_alloc(type, def->count) : NO_VALUE;
    if (!v) {
        for (int i = 0; i < def->count; i++) {
            drop_opt(values[i]);
        }
        return NO_VALUE;
    }
    as_tuple(v)->length = def->visible;
    for (int i = 0; i < def->count; i++) {
        ref_init(obj(v), &as_tuple(v)->items[i], values[i]);
    }
    return v;
}

/* The hidden fields from item n on: from the dict (or NO_VALUE) by name, else None. Each key of the
 * dict must be used. fail: -1 */
static int
fill_hidden(const StructSeqDef *def, Own *values, int64_t n, Value dict)
{
    int64_t used = 0;
    for (int64_t i = n; i < def->count; i++) {
        int found = dict && def->fields[i].name
                        ? dict_lookup_cstr(dict, def->fields[i].name, &values[i])
                        : 0;
        if (found < 0) {
            return -1;
        }
        used += found;
        values[i] = found ? values[i] : NONE;
    }
    if (dict && used < dict_len(dict)) {
        return raise_int(&exc_TypeError, "%s() got duplicate or unexpected field name(s)",
                         def->name);
    }
    return 0;
}

static Own
raise_wrong_length(const StructSeqDef *def, int64_t n)
{
    if (def->visible == def->count) {
        return raise_fmt(&exc_TypeError, "%s() takes a %d-sequence (%zd-sequence given)", def->name,
                         def->count, n);
    }
    return n < def->visible
               ? raise_fmt(&exc_TypeError,
                           "%s() takes an at least %d-sequence (%zd-sequence given)", def->name,
                           def->visible, n)
               : raise_fmt(&exc_TypeError,
                           "%s() takes an at most %d-sequence (%zd-sequence given)", def->name,
                           def->count, n);
}

/* type(sequence, dict={}): hidden fields come from further items, from the dict by name, or are
 * None. */
static Own
seq_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    const StructSeqDef *def = def_of(type);
    if (def->no_instances) {
        return raise_fmt(&exc_TypeError, "cannot create '%s' instances", def->name);
    }
    static const char *const names[] = {"sequence", "dict"};
    const ArgsSpec spec = {def->name, names, 2, 0, 2, 1u, false, false};
    Value given[2];
    if (args_parse(&spec, args, nargs, kwnames, given, NULL) < 0) {
        return NO_VALUE;
    }
    if (given[1] && !is_dict(given[1])) {
        return raise_fmt(&exc_TypeError, "%s() takes a dict as second arg, if any", def->name);
    }
    Own items = sequence_fast(given[0], "constructor requires a sequence");
    Own tuple = items ? object_to_tuple(items) : NO_VALUE;
    drop_opt(items);
    if (!tuple) {
        return NO_VALUE;
    }
    int64_t n = as_tuple(tuple)->length;
    if (n < def->visible || n > def->count) {
        drop(tuple);
        return raise_wrong_length(def, n);
    }
    Own values[STRUCTSEQ_FIELDS_MAX] = {NO_VALUE};
    for (int64_t i = 0; i < n; i++) {
        values[i] = own(tuple_item(tuple, i));
    }
    drop(tuple);
    if (fill_hidden(def, values, n, given[1]) < 0) {
        for (int i = 0; i < def->count; i++) {
            drop_opt(values[i]);
        }
        return NO_VALUE;
    }
    return structseq_new(type, values);
}

static Own
seq_repr(Value v)
{
    const StructSeqDef *def = def_of(type_of(v));
    StrBuilder b;
    str_builder_init(&b, 64);
    str_builder_fmt(&b, "%s(", def->name);
    for (int i = 0; i < def->visible; i++) {
        str_builder_fmt(&b, "%s%s=", i ? ", " : "", def->fields[i].name ? def->fields[i].name : "unnamed field");
        str_builder_repr(&b, as_tuple(v)->items[i]);
    }
    str_builder_char(&b, ')');
    return str_builder_finish(&b);
}

static int
seq_traverse(Object *o, Visit visit, void *arg)
{
    const StructSeqDef *def = def_of(obj_type(o));
    for (int i = 0; i < def->count; i++) {
        VISIT(((Tuple *)o)->items[i]);
    }
    return 0;
}

static void
seq_dealloc(Object *o)
{
    const StructSeqDef *def = def_of(obj_type(o));
    for (int i = 0; i < def->count; i++) {
        ref_clear(&((Tuple *)o)->items[i]);
    }
    object_free(o);
}

/* (type, (items, {hidden name: value})) for copy and pickle. */
static Own
seq_reduce(Value self, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    const StructSeqDef *def = def_of(type_of(self));
    Own items = tuple_from_array((Value const *)as_tuple(self)->items, def->visible), hidden = dict_new();
    for (int i = def->visible; i < def->count && hidden; i++) {
        if (def->fields[i].name && dict_set_cstr(hidden, def->fields[i].name, as_tuple(self)->items[i]) < 0) {
            ref_clear(&hidden);
        }
    }
    Own state = items && hidden ? tuple_pack(2, (Value)items, (Value)hidden) : NO_VALUE;
    Own result = state ? tuple_pack(2, VALUE(type_of(self)), (Value)state) : NO_VALUE;
    drop_opt(items);
    drop_opt(hidden);
    drop_opt(state);
    return result;
}

/* A copy with some named fields replaced. */
static Own
seq_replace(Value self, Value const *args, size_t nargs, Value kwnames)
{
    const StructSeqDef *def = def_of(type_of(self));
    if (nargs) {
        return raise_msg(&exc_TypeError, "__replace__() takes no positional arguments");
    }
    for (int i = 0; i < def->visible; i++) {
        if (!def->fields[i].name) {
            return raise_fmt(&exc_TypeError,
                             "__replace__() is not supported for %s because it has unnamed field(s)",
                             def->name);
        }
    }
    Own values[STRUCTSEQ_FIELDS_MAX];
    for (int i = 0; i < def->count; i++) {
        values[i] = own(as_tuple(self)->items[i]);
    }
    Own unknown = list_new(0);
    for (int64_t k = 0; unknown && kwnames && k < as_tuple(kwnames)->length; k++) {
        Value name = tuple_item(kwnames, k);
        int i = 0;
        while (i < def->count && !(def->fields[i].name && str_equals_cstr(name, def->fields[i].name))) {
            i++;
        }
        if (i < def->count) {
            drop(values[i]);
            values[i] = own(args[k]);
        } else if (list_append(unknown, name) < 0) {
            ref_clear(&unknown);
        }
    }
    if (unknown && list_len(unknown) == 0) {
        drop(unknown);
        return structseq_new(type_of(self), values);
    }
    if (unknown) {
        raise_fmt(&exc_TypeError, "Got unexpected field name(s): %R", (Value)unknown);
        drop(unknown);
    }
    for (int i = 0; i < def->count; i++) {
        drop(values[i]);
    }
    return NO_VALUE;
}

static const MethodDef seq_methods[] = {
    {"__reduce__", "__reduce__($self, /)\n--\n\nWhat copying and pickling need.", seq_reduce, 0},
    {"__replace__", "__replace__($self, /, **changes)\n--\n\nA copy with some fields replaced.", seq_replace, 0},
    {0, 0, 0, 0},
};

/* The class attributes: how many fields there are, and __match_args__. */
static int
add_counts(Type *t, const StructSeqDef *def)
{
    int unnamed = 0;
    Own names = list_new(def->visible);
    for (int i = 0; i < def->count; i++) {
        unnamed += def->fields[i].name == NULL;
        if (i < def->visible && def->fields[i].name && names && list_append_own(names, str_intern_cstr(def->fields[i].name)) < 0) {
            ref_clear(&names);
        }
    }
    Own match = names ? list_to_tuple(names) : NO_VALUE;
    drop_opt(names);
    int status = !match || dict_set_cstr(t->dict, "n_sequence_fields", small_int(def->visible)) < 0 ||
                         dict_set_cstr(t->dict, "n_fields", small_int(def->count)) < 0 ||
                         dict_set_cstr(t->dict, "n_unnamed_fields", small_int(unnamed)) < 0 ||
                         dict_set_cstr(t->dict, "__match_args__", match) < 0
                     ? -1
                     : 0;
    drop_opt(match);
    return status;
}

Type *
structseq_type(const StructSeqDef *def)
{
    assert(def->count <= STRUCTSEQ_FIELDS_MAX);
    SeqType *seq = mem_zalloc(sizeof *seq);
    if (!seq) {
        return NULL;
    }
    int n = 0;
    for (int i = 0; i < def->count; i++) {
        if (def->fields[i].name) {
            seq->getsets[n++] = (GetSetDef){.name = def->fields[i].name, .doc = def->fields[i].doc, .get = field_getters[i], .member = true};
        }
    }
    seq->def = def;
    seq->type = (Type){
        .name = def->name,
        .base = &tuple_type,
        .flags = TYPE_GC | TYPE_TUPLE_SUBCLASS | TYPE_SEQUENCE_PATTERN,
        .basic_size = sizeof(Tuple),
        .item_size = sizeof(Own),
        .slots = {.create = seq_create, .repr = seq_repr, .traverse = seq_traverse, .dealloc = seq_dealloc},
        .methods = seq_methods,
        .getsets = seq->getsets,
        .spec_doc = def->doc,
    };
    if (type_ready(&seq->type) < 0 || add_counts(&seq->type, def) < 0) {
        return NULL; /* a start-up failure: the memory stays */
    }
    return &seq->type;
}
