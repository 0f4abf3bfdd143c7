/* What type parameters and aliases are evaluated with: functions of a format (annotationlib.Format), constant ones, and NoDefault.
 *
 * Immutable. The values that functions give are kept by whoever asked first (lazy_value), under the holder's lock. */
#include "heap/critical.h"
#include "object/generic/typeparam_priv.h"
#include "object/hooks.h"

typedef struct ConstEvaluator {
    Object head;
    Own value; /* immutable */
} ConstEvaluator;

#include "evaluator.spec.h"

enum { FORMAT_VALUE = 1, FORMAT_STRING = 4 };

/* -- the module typing -- */

static Own
typing_attribute(const char *name)
{
    Own module = object_hooks.import_module("typing");
    Own v = module ? object_getattr_cstr(module, name) : NO_VALUE;
    drop_opt(module);
    return v;
}

Own
typing_call(const char *name, Value const *args, size_t nargs)
{
    Own f = typing_attribute(name);
    Own result = f ? object_call(f, args, nargs, NO_VALUE) : NO_VALUE;
    drop_opt(f);
    return result;
}

Own
typing_union(Value a, Value b)
{
    return union_or_any(a, b);
}

Own
typing_unpack(Value v)
{
    Own unpack = typing_attribute("Unpack");
    Own result = unpack ? object_getitem(unpack, v) : NO_VALUE;
    drop_opt(unpack);
    return result;
}

int
typing_caller(Own *module)
{
    Value globals = object_hooks.current_globals ? object_hooks.current_globals() : NO_VALUE;
    *module = NO_VALUE;
    if (!globals) {
        return 0;
    }
    Own held = own(globals);
    int found = dict_lookup(held, NAME(__name__), module);
    drop(held);
    return found < 0 ? -1 : 0;
}

/* -- evaluators -- */

Own
constevaluator_new(Value v)
{
    Own o = type_alloc(&constevaluator_type, 0);
    if (o) {
        ref_init(obj(o), &((ConstEvaluator *)obj(o))->value, own(v));
    }
    return o;
}

static int
append_text(StrBuilder *b, Value v)
{
    if (!IS_EXACT(v, LIST)) {
        return type_argument_repr(b, v);
    }
    Own text = object_repr(v);
    if (text) {
        str_builder_str(b, text);
        drop(text);
    }
    return text ? 0 : -1;
}

/* v as it is written in source; constraints are a tuple. own: ret new */
static Own
source_text(Value v)
{
    StrBuilder b;
    str_builder_init(&b, 32);
    int status = 0;
    if (is_tuple(v)) {
        int64_t n = as_tuple(v)->length;
        str_builder_char(&b, '(');
        for (int64_t i = 0; status == 0 && i < n; i++) {
            if (i) {
                str_builder_ascii(&b, ", ", 2);
            }
            status = append_text(&b, tuple_item(v, i));
        }
        str_builder_char(&b, ')');
    } else {
        status = append_text(&b, v);
    }
    if (status < 0) {
        str_builder_discard(&b);
        return NO_VALUE;
    }
    return str_builder_finish(&b);
}

static Own
constevaluator_call(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_msg(&exc_TypeError, "constevaluator.__call__() takes no keyword arguments");
    }
    if (nargs != 1) {
        return raise_fmt(&exc_TypeError, "constevaluator.__call__() takes exactly 1 argument (%zu given)", nargs);
    }
    int format = object_as_int(args[0]);
    if (format == -1 && exc_pending()) {
        return NO_VALUE;
    }
    Value v = ((ConstEvaluator *)obj(self))->value;
    return format == FORMAT_STRING ? source_text(v) : own(v);
}

static Own
constevaluator_repr(Value self)
{
    return str_fmt("<constevaluator %R>", (Value)((ConstEvaluator *)obj(self))->value);
}

static int
constevaluator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((ConstEvaluator *)o)->value);
    return 0;
}

static void
constevaluator_clear(Object *o)
{
    ref_store(o, &((ConstEvaluator *)o)->value, NONE);
}

static void
constevaluator_dealloc(Object *o)
{
    drop_opt(((ConstEvaluator *)o)->value);
    object_free(o);
}

Type constevaluator_type = {
    .name = "_typing._ConstEvaluator",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(ConstEvaluator),
    .slots = {
        .traverse = constevaluator_traverse,
        .clear = constevaluator_clear,
        .dealloc = constevaluator_dealloc,
        .repr = constevaluator_repr,
        .call = constevaluator_call,
    },
    .methods = constevaluator_methods,
    .getsets = constevaluator_getsets,
    .spec_doc = constevaluator_doc,
};

Own
lazy_value(Object *holder, Own *field, Value evaluate, Value otherwise)
{
    Own v = ref_load(holder, field);
    if (v) {
        return v;
    }
    if (!evaluate) {
        return own(otherwise);
    }
    v = call1(evaluate, small_int(FORMAT_VALUE));
    if (!v) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, holder);
    if (*field) { /* another thread was faster: its answer is everybody's */
        Own theirs = own(*field);
        critical_leave(&section);
        drop(v);
        return theirs;
    }
    ref_init(holder, field, own(v));
    critical_leave(&section);
    return v;
}

Own
lazy_evaluator(Object *holder, Own const *field, Value evaluate)
{
    if (evaluate) {
        return own(evaluate);
    }
    Own v = ref_load(holder, field);
    if (!v) {
        return NONE;
    }
    Own result = constevaluator_new(v);
    drop(v);
    return result;
}

/* -- NoDefault -- */

Object no_default_object;

static Own
no_default_create(Type *type UNUSED, Value const *args UNUSED, size_t nargs, Value kwnames)
{
    if (nargs || (kwnames && as_tuple(kwnames)->length)) {
        return raise_msg(&exc_TypeError, "NoDefaultType takes no arguments");
    }
    return NO_DEFAULT;
}

static Own
no_default_repr(Value v UNUSED)
{
    return str_from_cstr("typing.NoDefault");
}

Own
no_default_py___reduce__(Value self UNUSED)
{
    return str_from_cstr("NoDefault");
}

Type no_default_type = {
    .name = "NoDefaultType",
    .basic_size = sizeof(Object),
    .slots = {
        .create = no_default_create,
        .repr = no_default_repr,
    },
    .methods = no_default_methods,
    .getsets = no_default_getsets,
    .spec_doc = no_default_doc,
};
