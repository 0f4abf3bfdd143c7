/* The module _pickle: its functions, and what it takes from other modules. */
#include "module/_pickle/pickle.h"
#include "module/exception_class.h"
#include "object/bytes.h"
#include "object/hooks.h"
#include "object/module.h"
#include "object/type.h"

#include "_pickle.spec.h"

PickleNames pickle_names;

static Own
fresh_pickler(Value file, Value protocol, bool fix_imports, Value buffer_callback)
{
    Own v = type_alloc(&pickler_type, 0);
    if (v && pickler_setup((Pickler *)obj(v), file, protocol, fix_imports, buffer_callback) < 0) {
        drop(v);
        return NO_VALUE;
    }
    return v;
}

int
pickle_dump(Value module UNUSED, Value v, Value file, Value protocol, bool fix_imports, Value buffer_callback)
{
    Own pickler = fresh_pickler(file, protocol, fix_imports, buffer_callback);
    int status = -1;
    if (pickler) {
        Pickler *p = (Pickler *)obj(pickler);
        status = pickler_dump(p, v) < 0 ? -1 : pickle_flush(p);
        drop(pickler);
    }
    return status;
}

Own
pickle_dumps(Value module UNUSED, Value v, Value protocol, bool fix_imports, Value buffer_callback)
{
    Own pickler = fresh_pickler(NO_VALUE, protocol, fix_imports, buffer_callback), bytes = NO_VALUE;
    if (pickler) {
        Pickler *p = (Pickler *)obj(pickler);
        bytes = pickler_dump(p, v) == 0 ? bytes_new(p->out, (size_t)p->out_length) : NO_VALUE;
        drop(pickler);
    }
    return bytes;
}

static Own
fresh_unpickler(Value file, bool fix_imports, const char *encoding, const char *errors, Value buffers)
{
    Own v = type_alloc(&unpickler_type, 0);
    if (v && unpickler_setup((Unpickler *)obj(v), file, fix_imports, encoding, errors, buffers) < 0) {
        drop(v);
        return NO_VALUE;
    }
    return v;
}

Own
pickle_load(Value module UNUSED, Value file, bool fix_imports, const char *encoding, const char *errors, Value buffers)
{
    Own unpickler = fresh_unpickler(file, fix_imports, encoding, errors, buffers);
    Own v = unpickler ? unpickler_load((Unpickler *)obj(unpickler)) : NO_VALUE;
    drop_opt(unpickler);
    return v;
}

Own
pickle_loads(Value module UNUSED, Value data, bool fix_imports, const char *encoding, const char *errors, Value buffers)
{
    Own unpickler = fresh_unpickler(NO_VALUE, fix_imports, encoding, errors, buffers), v = NO_VALUE;
    if (unpickler) {
        Unpickler *u = (Unpickler *)obj(unpickler);
        if (buffer_get_still(data, &u->buffer) == 0) {
            ref_init(&u->head, &u->buffer.owner, u->buffer.owner);
            u->in = u->buffer.data;
            u->in_length = u->buffer.length;
            v = unpickler_load(u);
        } else {
            u->buffer.owner = NO_VALUE;
        }
        drop(unpickler);
    }
    return v;
}

/* -- start -- */

/* MODULE.NAME, kept for ever. fail: -1 */
static int
take(const char *module_name, const char *name, Own *to)
{
    Own module = object_hooks.import_module(module_name);
    Own v = module ? object_getattr_cstr(module, name) : NO_VALUE;
    drop_opt(module);
    if (!v) {
        return -1;
    }
    publish(v);
    *to = v;
    return 0;
}

static int
take_all(PickleNames *n)
{
    return take("copyreg", "dispatch_table", &n->dispatch_table) < 0 ||
                   take("copyreg", "_extension_registry", &n->extension_registry) < 0 ||
                   take("copyreg", "_inverted_registry", &n->inverted_registry) < 0 ||
                   take("copyreg", "_extension_cache", &n->extension_cache) < 0 ||
                   take("_compat_pickle", "NAME_MAPPING", &n->name_mapping) < 0 ||
                   take("_compat_pickle", "IMPORT_MAPPING", &n->import_mapping) < 0 ||
                   take("_compat_pickle", "REVERSE_NAME_MAPPING", &n->reverse_name_mapping) < 0 ||
                   take("_compat_pickle", "REVERSE_IMPORT_MAPPING", &n->reverse_import_mapping) < 0 ||
                   take("_codecs", "encode", &n->codecs_encode) < 0 || take("builtins", "getattr", &n->getattr_function) < 0 ||
                   take("functools", "partial", &n->partial) < 0
               ? -1
               : 0;
}

static int
make_errors(PickleNames *n)
{
    n->pickle_error = exception_class_new("_pickle", "PickleError", VALUE(&exc_Exception), NULL);
    if (!n->pickle_error) {
        return -1;
    }
    n->pickling_error = exception_class_new("_pickle", "PicklingError", n->pickle_error, NULL);
    n->unpickling_error = exception_class_new("_pickle", "UnpicklingError", n->pickle_error, NULL);
    return n->pickling_error && n->unpickling_error ? 0 : -1;
}

static int
pickle_exec(Value m)
{
    if (!pickle_names.partial && (take_all(&pickle_names) < 0 || make_errors(&pickle_names) < 0)) {
        return -1;
    }
    return module_add(m, "PickleError", own(pickle_names.pickle_error)) < 0 ||
                   module_add(m, "PicklingError", own(pickle_names.pickling_error)) < 0 ||
                   module_add(m, "UnpicklingError", own(pickle_names.unpickling_error)) < 0 ||
                   module_add_type(m, &pickler_type) < 0 || module_add_type(m, &unpickler_type) < 0 ||
                   module_add_type(m, &pickle_buffer_type) < 0 || type_ready(&pickler_memo_type) < 0 ||
                   type_ready(&unpickler_memo_type) < 0
               ? -1
               : 0;
}

const ModuleDef module__pickle = {
    .name = "_pickle",
    .doc = pickle_module_doc,
    .functions = pickle_functions,
    .exec = pickle_exec,
};
