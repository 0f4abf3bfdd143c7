/* The module _imp: built-in modules by name, and small services for importlib.
 *
 * The old global import lock is reentrant and per process; importlib takes it only around its table of module locks. */
#include "base/hash.h"
#include "heap/critical.h"
#include "heap/world.h"
#include "module/_imp/import_lock.h"
#include "module/thread/thread_priv.h"
#include "module/sys/config.h"
#include "object/bytes.h"
#include "object/code.h"
#include "object/dict.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "vm/import.h"

#include "_imp.spec.h"

static LongLock import_lock;
static _Atomic uint64_t import_owner; /* ident of the holder */
static int64_t import_depth;          /* guard: the holder */

int
imp_acquire_lock(Value module UNUSED)
{
    uint64_t me = thread_self()->ident;
    if (atomic_load(&import_owner) != me) {
        if (long_lock_take(&import_lock, -1) < 0) {
            return -1;
        }
        atomic_store(&import_owner, me);
    }
    import_depth++;
    return 0;
}

int
imp_release_lock(Value module UNUSED)
{
    if (atomic_load(&import_owner) != thread_self()->ident) {
        return raise_int(&exc_RuntimeError, "not holding the import lock");
    }
    if (--import_depth == 0) {
        atomic_store(&import_owner, 0);
        long_lock_give(&import_lock);
    }
    return 0;
}

/* Tries again and again: a wait would run the handlers of signals, and nobody could be told what they raise. */
void
import_lock_before_fork(void)
{
    uint64_t me = thread_self()->ident;
    while (atomic_load(&import_owner) != me && long_lock_take(&import_lock, 0) != 1) {
        detach();
        park_aside(1000000);
        attach();
    }
    atomic_store(&import_owner, me);
    import_depth++;
}

void
import_lock_after_fork(void)
{
    if (imp_release_lock(NO_VALUE) < 0) {
        exc_clear();
    }
}

int
imp_lock_held(Value module UNUSED)
{
    return atomic_load(&import_owner) != 0;
}

int64_t
imp_is_builtin(Value module UNUSED, Value name)
{
    const char *text = str_utf8(name, NULL);
    if (!text) {
        exc_clear();
        return 0;
    }
    if (!module_find_builtin(text)) {
        return 0;
    }
    return strcmp(text, "sys") == 0 || strcmp(text, "builtins") == 0 ? -1 : 1;
}

Own
imp_create_builtin(Value module UNUSED, Value spec)
{
    Own name = object_getattr_cstr(spec, "name"), present = NO_VALUE;
    const char *text = name && is_str(name) ? str_utf8(name, NULL) : NULL;
    const ModuleDef *def = text ? module_find_builtin(text) : NULL;
    Own m = NO_VALUE;
    if (name && !is_str(name)) {
        raise_fmt(&exc_TypeError, "name must be string, not %T", (Value)name);
    } else if (name && text) {
        if (dict_lookup(import_modules, name, &present) > 0 && is_instance_of(present, &module_type)) {
            m = own(present);
        } else {
            m = def ? module_create(def) : NONE;
        }
    }
    drop_opt(present);
    drop_opt(name);
    return m;
}

int64_t
imp_exec_builtin(Value module UNUSED, Value mod UNUSED)
{
    return 0;
}

Own
imp_extension_suffixes(Value module UNUSED)
{
    Own suffix = str_from_cstr("." WEFT_SOABI ".so");
    Own list = suffix ? list_from_own(&suffix, 1) : NO_VALUE;
    return list;
}

static Own
raise_no_extensions(Value spec)
{
    Own name = object_getattr_cstr(spec, "name");
    if (name) {
        raise_fmt(&exc_ImportError, "Weft cannot load extension modules yet: %U", (Value)name);
        drop(name);
    }
    return NO_VALUE;
}

Own
imp_create_dynamic(Value module UNUSED, Value spec, Value file UNUSED)
{
    return raise_no_extensions(spec);
}

int64_t
imp_exec_dynamic(Value module UNUSED, Value mod UNUSED)
{
    return 0;
}

Own
imp_source_hash(Value module UNUSED, Value key, Buffer *source)
{
    uint64_t k = object_as_uint64_mask(key);
    uint64_t hash = siphash13(source->data, (size_t)source->length, k, 0);
    return bytes_new(&hash, sizeof hash);
}

/* Code objects are immutable but for this, which importlib does before anybody else has seen them; but a program may do it to any. */
static void
fix_filename(Value code, Value from, Value path)
{
    Code *c = as_code(code);
    Own old = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &c->head);
    if (str_equal(as_str(c->filename), as_str(from))) {
        old = ref_swap(&c->head, &c->filename, own(path));
    }
    critical_leave(&section);
    drop_opt(old);
    for (int64_t i = 0; i < as_tuple(c->consts)->length; i++) {
        if (IS_EXACT(tuple_item(c->consts, i), CODE)) {
            fix_filename(tuple_item(c->consts, i), from, path);
        }
    }
}

int
imp__fix_co_filename(Value module UNUSED, Value code, Value path)
{
    if (!IS_EXACT(code, CODE)) {
        return raise_int(&exc_TypeError, "_fix_co_filename() argument 1 must be code, not %T", code);
    }
    Own from = ref_load(obj(code), &as_code(code)->filename);
    if (!str_equal(as_str(from), as_str(path))) {
        fix_filename(code, from, path);
    }
    drop(from);
    return 0;
}

int64_t
imp__override_multi_interp_extensions_check(Value module UNUSED, int override UNUSED)
{
    return 0;
}

static int
imp_exec(Value m)
{
    return module_add_cstr(m, "check_hash_based_pycs", run_config.check_hash_pycs) < 0 || module_add_int(m, "pyc_magic_number_token", IMPORT_PYC_MAGIC) < 0 ? -1 : 0;
}

const ModuleDef module__imp = {
    .name = "_imp",
    .doc = imp_module_doc,
    .functions = imp_functions,
    .exec = imp_exec,
};
