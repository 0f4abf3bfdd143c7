/* Capsules: a C pointer as a Python object, for C modules that give each other their functions. */
#ifndef WEFT_OBJECT_CAPSULE_H
#define WEFT_OBJECT_CAPSULE_H

#include "object/object.h"

extern Type capsule_type;

typedef void (*CapsuleDestructor)(Value capsule);

/* name may be null, and must live as long as the capsule; pointer must not be null. own: ret new ·
 * fail: 0 + ValueError */
NODISCARD Own capsule_new(void *pointer, const char *name, CapsuleDestructor destructor);
/* The pointer of a capsule of that name (compared as text). fail: null + ValueError */
NODISCARD void *capsule_get(Value v, const char *name);
bool capsule_is(Value v,
                const char *name); /* is v a capsule of that name, with a pointer? (no runpy) */

/* Its parts, one by one: v must be a capsule. */
const char *capsule_name(Value v);
void capsule_set_name(Value v, const char *name);
void capsule_set_pointer(Value v, void *pointer);
void *capsule_context(Value v);
void capsule_set_context(Value v, void *context);
CapsuleDestructor capsule_destructor(Value v);
void capsule_set_destructor(Value v, CapsuleDestructor destructor);

#endif
