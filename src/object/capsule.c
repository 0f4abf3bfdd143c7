/* Capsules: object/capsule.h. Each field is atomic by itself; whoever changes a capsule that others
 * use must make them wait. */
#include "object/capsule.h"

#include "object/str.h"

typedef struct Capsule {
    Object head;
    _Atomic(void *) pointer;
    _Atomic(const char *) name;
    _Atomic(void *) context;
    _Atomic(CapsuleDestructor) destructor;
} Capsule;

static Capsule *
as_capsule(Value v)
{
    return (Capsule *)obj(v);
}

Own
capsule_new(void *pointer, const char *name, CapsuleDestructor destructor)
{
    if (!pointer) {
        return raise_msg(&exc_ValueError, "PyCapsule_New called with null pointer");
    }
    Own v = (Own)object_alloc(capsule_type.root_shape, sizeof(Capsule), 0);
    if (v) {
        Capsule *c = as_capsule(v);
        atomic_init(&c->pointer, pointer);
        atomic_init(&c->name, name);
        atomic_init(&c->context, NULL);
        atomic_init(&c->destructor, destructor);
    }
    return v;
}

static bool
same_name(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool
is_capsule(Value v)
{
    return v && is_object(v) && obj_type(obj(v)) == &capsule_type;
}

bool
capsule_is(Value v, const char *name)
{
    return is_capsule(v) && as_capsule(v)->pointer && same_name(as_capsule(v)->name, name);
}

void *
capsule_get(Value v, const char *name)
{
    if (!is_capsule(v)) {
        raise_msg(&exc_ValueError, "PyCapsule_GetPointer called with invalid PyCapsule object");
        return NULL;
    }
    if (!same_name(as_capsule(v)->name, name)) {
        raise_msg(&exc_ValueError, "PyCapsule_GetPointer called with incorrect name");
        return NULL;
    }
    return as_capsule(v)->pointer;
}

const char *
capsule_name(Value v)
{
    return as_capsule(v)->name;
}

void
capsule_set_name(Value v, const char *name)
{
    as_capsule(v)->name = name;
}

void
capsule_set_pointer(Value v, void *pointer)
{
    as_capsule(v)->pointer = pointer;
}

void *
capsule_context(Value v)
{
    return as_capsule(v)->context;
}

void
capsule_set_context(Value v, void *context)
{
    as_capsule(v)->context = context;
}

CapsuleDestructor
capsule_destructor(Value v)
{
    return as_capsule(v)->destructor;
}

void
capsule_set_destructor(Value v, CapsuleDestructor destructor)
{
    as_capsule(v)->destructor = destructor;
}

static Own
capsule_repr(Value v)
{
    const char *name = as_capsule(v)->name;
    return name ? str_fmt("<capsule object \"%s\" at %p>", name, obj(v))
                : str_fmt("<capsule object NULL at %p>", obj(v));
}

/* The destructor is a finalizer: it gets a living capsule. */
static void
capsule_finalize(Object *o)
{
    CapsuleDestructor destructor = ((Capsule *)o)->destructor;
    if (destructor) {
        destructor(VALUE(o));
    }
}

static void
capsule_dealloc(Object *o)
{
    object_free(o);
}

Type capsule_type = {
    .name = "PyCapsule",
    .flags = TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(Capsule),
    .slots = {.finalize = capsule_finalize, .dealloc = capsule_dealloc, .repr = capsule_repr},
    .spec_doc = "A C pointer with a name. Made and read by C modules only.",
};
