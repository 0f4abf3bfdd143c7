/* The module _multiprocessing: SemLock, a POSIX semaphore with a name.
 *
 * Threads: the semaphore guards itself, but for the greatest value: a release looks and posts under the
 * object's lock. `count` and `owner` say how often which thread of this
 * process has taken it; the thread that has it writes them, atomically as others look. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include "heap/world.h"
#include "module/os/system.h"
#include "module/posix/path.h"
#include "object/dict.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"
#include "object/type/type_priv.h"

typedef struct SemLock {
    Object head;
    sem_t *handle;           /* immutable */
    int kind, maxvalue;      /* immutable */
    Own name;                /* str or None; immutable */
    _Atomic int count;       /* how often this process has it */
    _Atomic uint64_t owner;  /* the thread that took it last */
} SemLock;

#include "_multiprocessing.spec.h"
#include "semlock.spec.h"

enum { RECURSIVE_MUTEX, SEMAPHORE };

static Own
semlock_of(Type *cls, sem_t *handle, int kind, int maxvalue, Own name)
{
    Own v = name ? type_alloc(cls, 0) : NO_VALUE;
    if (!v) {
        drop_opt(name);
        return NO_VALUE;
    }
    SemLock *s = (SemLock *)obj(v);
    s->handle = handle;
    s->kind = kind;
    s->maxvalue = maxvalue;
    ref_init(&s->head, &s->name, name);
    return v;
}

Own
semlock_make(Type *cls, int kind, int value, int maxvalue, const char *name, bool unlink)
{
    if (kind != RECURSIVE_MUTEX && kind != SEMAPHORE) {
        return raise_msg(&exc_ValueError, "unrecognized kind");
    }
    sem_t *handle = sem_open(name, O_CREAT | O_EXCL, 0600, value);
    if (handle == SEM_FAILED || (unlink && sem_unlink(name) < 0)) {
        int error = errno;
        if (handle != SEM_FAILED) {
            sem_close(handle);
        }
        return raise_errno(error);
    }
    Own made = semlock_of(cls, handle, kind, maxvalue, unlink ? NONE : str_from_cstr(name));
    if (!made) {
        sem_close(handle);
    }
    return made;
}

Own
semlock_py__rebuild(Type *cls, int64_t address, int kind, int maxvalue, const char *name)
{
    sem_t *handle = (sem_t *)(intptr_t)address;
    if (name) {
        handle = sem_open(name, 0);
        if (handle == SEM_FAILED) {
            return raise_errno(errno);
        }
    }
    return semlock_of(cls, handle, kind, maxvalue, name ? str_from_cstr(name) : NONE);
}

static bool
is_mine(SemLock *s)
{
    return atomic_load(&s->count) > 0 && atomic_load(&s->owner) == (uint64_t)pthread_self();
}

/* Waits until a moment (of the wall clock; null = for ever). 1 taken, 0 time is up, -1 */
static int
take_waiting(SemLock *s, const struct timespec *until)
{
    for (;;) {
        errno = 0;
        detach();
        int result = until ? sem_timedwait(s->handle, until) : sem_wait(s->handle);
        attach();
        if (result == 0) {
            return 1;
        }
        if (errno == ETIMEDOUT) {
            return 0;
        }
        if (errno != EINTR) {
            raise_errno(errno);
            return -1;
        }
        if (safepoint(thread_self()) < 0) {
            return -1;
        }
    }
}

int
semlock_py_acquire(SemLock *self, bool block, Value timeout)
{
    struct timespec until;
    if (self->kind == RECURSIVE_MUTEX && is_mine(self)) {
        atomic_fetch_add(&self->count, 1);
        return 1;
    }
    bool limited = timeout != NONE;
    if (limited) {
        double seconds = object_as_double(timeout);
        if (seconds == -1.0 && exc_pending()) {
            return -1;
        }
        seconds = seconds > 0 ? seconds : 0;
        seconds = seconds < 1e9 ? seconds : 1e9;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += (time_t)seconds;
        until.tv_nsec += (long)(1e9 * (seconds - (double)(time_t)seconds) + 0.5);
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
    }
    int taken = sem_trywait(self->handle) == 0;
    if (!taken && errno != EAGAIN && errno != EINTR) {
        raise_errno(errno);
        return -1;
    }
    if (!taken && block) {
        taken = take_waiting(self, limited ? &until : NULL);
    }
    if (taken > 0) {
        atomic_store(&self->owner, (uint64_t)pthread_self());
        atomic_fetch_add(&self->count, 1);
    }
    return taken;
}

static int
post(SemLock *self)
{
    atomic_fetch_sub(&self->count, 1); /* before another thread can take it */
    if (sem_post(self->handle) < 0) {
        atomic_fetch_add(&self->count, 1);
        raise_errno(errno);
        return -1;
    }
    return 0;
}

/* Locked, so that two threads of this process do not both find the value one below the greatest. */
static int
semaphore_release_locked(SemLock *self)
{
    int value;
    if (posix_status(sem_getvalue(self->handle, &value)) < 0) {
        return -1;
    }
    if (value >= self->maxvalue) {
        return raise_int(&exc_ValueError, "semaphore or lock released too many times");
    }
    return post(self);
}

int
semlock_py_release(SemLock *self)
{
    if (self->kind == RECURSIVE_MUTEX) {
        if (!is_mine(self)) {
            return raise_int(&exc_AssertionError,
                             "attempt to release recursive lock not owned by thread");
        }
        if (atomic_load(&self->count) > 1) {
            atomic_fetch_sub(&self->count, 1);
            return 0;
        }
        return post(self);
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    int status = semaphore_release_locked(self);
    critical_leave(&section);
    return status;
}

int64_t
semlock_py__count(SemLock *self)
{
    return atomic_load(&self->count);
}

int
semlock_py__is_mine(SemLock *self)
{
    return is_mine(self);
}

/* fail: -1, and an exception pending */
static int
value_of(SemLock *self)
{
    int value;
    return posix_status(sem_getvalue(self->handle, &value)) < 0 ? -1 : value < 0 ? 0 : value;
}

int
semlock_py__is_zero(SemLock *self)
{
    int value = value_of(self);
    return value < 0 ? -1 : value == 0;
}

int64_t
semlock_py__get_value(SemLock *self)
{
    return value_of(self);
}

int
semlock_py__after_fork(SemLock *self)
{
    atomic_store(&self->count, 0);
    return 0;
}

int
semlock_py___enter__(SemLock *self)
{
    return semlock_py_acquire(self, true, NONE);
}

int
semlock_py___exit__(SemLock *self, Value type UNUSED, Value value UNUSED, Value tb UNUSED)
{
    return semlock_py_release(self);
}

Own
semlock_get_handle(SemLock *self)
{
    return int_from_u64((uintptr_t)self->handle);
}

Own
semlock_get_kind(SemLock *self)
{
    return small_int(self->kind);
}

Own
semlock_get_maxvalue(SemLock *self)
{
    return small_int(self->maxvalue);
}

Own
semlock_get_name(SemLock *self)
{
    return own(self->name);
}

static void
semlock_dealloc(Object *o)
{
    SemLock *s = (SemLock *)o;
    if (s->handle && s->name) {
        sem_close(s->handle);
    }
    drop_opt(s->name);
    object_free(o);
}

Type semlock_type = {
    .name = "_multiprocessing.SemLock",
    .flags = TYPE_BASE,
    .basic_size = sizeof(SemLock),
    .slots = {.dealloc = semlock_dealloc, .create = semlock_create_slot},
    .methods = semlock_methods,
    .getsets = semlock_getsets,
    .spec_doc = semlock_doc,
};

int
multiprocessing_sem_unlink(Value module UNUSED, const char *name)
{
    return posix_status(sem_unlink(name));
}

/* What the module multiprocessing asks about the system. own: ret new dict */
static Own
flags_dict(void)
{
    Own flags = dict_new();
    if (flags && (dict_set_cstr(flags, "HAVE_SEM_OPEN", small_int(1)) < 0 ||
                  dict_set_cstr(flags, "HAVE_SEM_TIMEDWAIT", small_int(1)) < 0)) {
        ref_clear(&flags);
    }
    return flags;
}

static int
multiprocessing_exec(Value m)
{
    if (module_add_type(m, &semlock_type) < 0 || module_add(m, "flags", flags_dict()) < 0) {
        return -1;
    }
    Own name = str_intern_cstr("SEM_VALUE_MAX");
    return name ? type_set_own(&semlock_type, name, small_int(SEM_VALUE_MAX)) : -1;
}

const ModuleDef module__multiprocessing = {
    .name = "_multiprocessing",
    .doc = multiprocessing_module_doc,
    .functions = multiprocessing_functions,
    .exec = multiprocessing_exec,
};
