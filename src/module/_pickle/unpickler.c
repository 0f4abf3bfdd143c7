/* _pickle: the Unpickler object, its input, and its memo. Guard: its lock. */
#include "module/_pickle/pickle.h"

#include "heap/critical.h"
#include "object/audit.h"
#include "object/args.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct MemoProxy {
    Object head;
    Own unpickler; /* immutable */
} MemoProxy;

#include "unpickler.spec.h"

enum { PEEK = 128 * 1024 };

/* -- input -- */

static const uint8_t *
truncated(void)
{
    raise_msg(PICKLE_ERROR(unpickling_error), "pickle data was truncated");
    return NULL;
}

/* From now on the input is the bytes (eaten), of which the first `mine` were read and the rest peeked at. */
static int
set_chunk(Unpickler *u, Own bytes, int64_t mine)
{
    Own old = ref_swap(&u->head, &u->chunk, bytes);
    u->in = as_bytes(bytes)->data;
    u->in_length = as_bytes(bytes)->length;
    u->in_at = 0;
    u->prefetched = mine;
    drop_opt(old);
    return 0;
}

/* Moves the file on behind what was peeked at and used. */
int
unpickle_skip_consumed(Unpickler *u)
{
    int64_t n = u->in_at - u->prefetched;
    if (!u->read || n <= 0) {
        return 0;
    }
    u->prefetched = u->in_at;
    Own size = int_from_i64(n), data = size ? call1(u->read, size) : NO_VALUE;
    drop_opt(size);
    drop_opt(data);
    return data ? 0 : -1;
}

/* data (eaten), then what the file lets us peek at. */
static int
refill(Unpickler *u, Own data)
{
    if (!is_bytes(data)) {
        Own bytes = bytes_from_buffer(data);
        drop(data);
        if (!bytes) {
            return -1;
        }
        data = bytes;
    }
    int64_t mine = as_bytes(data)->length;
    if (u->peek && mine) {
        Own more = call1(u->peek, small_int(PEEK));
        if (!more && !exc_swallow(&exc_NotImplementedError)) {
            drop(data);
            return -1;
        }
        if (!more) {
            ref_store(&u->head, &u->peek, NO_VALUE);
        } else {
            Own both = is_bytes(more) ? object_binary(data, more, OP_ADD) : own(data);
            drop(more);
            drop(data);
            if (!both) {
                return -1;
            }
            data = both;
        }
    }
    return set_chunk(u, data, mine);
}

/* Does a read of n bytes stay in the frame that is open? fail: -1 */
static int
check_frame(Unpickler *u, int64_t n)
{
    if (u->frame_end < 0) {
        return 0;
    }
    if (u->in_at == u->frame_end) {
        u->frame_end = -1;
        return 0;
    }
    return n > u->frame_end - u->in_at
               ? raise_int(PICKLE_ERROR(unpickling_error), "pickle exhausted before end of frame")
               : 0;
}

const uint8_t *
unpickle_read(Unpickler *u, int64_t n)
{
    if (UNLIKELY(check_frame(u, n) < 0)) {
        return NULL;
    }
    if (LIKELY(n <= u->in_length - u->in_at)) {
        const uint8_t *at = u->in + u->in_at;
        u->in_at += n;
        return at;
    }
    if (!u->read) {
        return truncated();
    }
    if (unpickle_skip_consumed(u) < 0) {
        return NULL;
    }
    int64_t rest = u->in_length - u->in_at; /* read before, but not used: part of a frame */
    Own left = rest > 0 && u->in_at < u->prefetched ? bytes_new(u->in + u->in_at, (size_t)(u->prefetched - u->in_at))
                                                    : own(bytes_empty);
    if (!left) {
        return NULL;
    }
    Own size = int_from_i64(n - as_bytes(left)->length), data = size ? call1(u->read, size) : NO_VALUE;
    drop_opt(size);
    if (data && as_bytes(left)->length) {
        Own both = object_binary(left, data, OP_ADD);
        drop(data);
        data = both;
    }
    drop(left);
    if (!data || refill(u, data) < 0) {
        return NULL;
    }
    if (u->in_length < n || u->prefetched < n) {
        return truncated();
    }
    u->in_at = n;
    return u->in;
}

const uint8_t *
unpickle_line(Unpickler *u, int64_t *n)
{
    const uint8_t *start = u->in + u->in_at;
    int64_t left = u->in_length - u->in_at;
    const uint8_t *end = left > 0 ? memchr(start, '\n', (size_t)left) : NULL;
    if (end) {
        *n = end - start + 1;
        if (check_frame(u, *n) < 0) {
            return NULL;
        }
        u->in_at += *n;
        return start;
    }
    if (!u->read) {
        return truncated();
    }
    if (check_frame(u, left + 1) < 0 || unpickle_skip_consumed(u) < 0) {
        return NULL;
    }
    Own line = call0(u->readline);
    if (!line || refill(u, line) < 0) {
        return NULL;
    }
    if (u->prefetched == 0 || u->in[u->prefetched - 1] != '\n') {
        return truncated();
    }
    *n = u->prefetched;
    u->in_at = u->prefetched;
    return u->in;
}

int
unpickle_frame(Unpickler *u, int64_t n)
{
    if (u->frame_end >= 0 && u->in_at != u->frame_end) {
        return raise_int(PICKLE_ERROR(unpickling_error), "beginning of a new frame before end of current frame");
    }
    u->frame_end = -1;
    if (!unpickle_read(u, n)) { /* so that it is all there */
        return -1;
    }
    u->frame_end = u->in_at;
    u->in_at -= n;
    return 0;
}

/* -- the memo -- */

int
unpickle_memo_put(Unpickler *u, int64_t i, Value v)
{
    CriticalSection section;
    critical_enter(&section, &u->head);
    if (i >= u->memo_size) {
        int64_t size = i < INT64_MAX / 64 ? (i + 8) * 2 : INT64_MAX / 16;
        Own *longer = mem_realloc(u->memo, (size_t)size * sizeof *longer);
        if (!longer) {
            critical_leave(&section);
            return -1;
        }
        memset(longer + u->memo_size, 0, (size_t)(size - u->memo_size) * sizeof *longer);
        u->memo = longer;
        u->memo_size = size;
    }
    Own old = ref_swap(&u->head, &u->memo[i], own(v));
    critical_leave(&section);
    drop_opt(old);
    return 0;
}

/* u's memo becomes the one of n places; what it was, and its size, are left there. lock: owner's */
static void
memo_exchange(Unpickler *u, Own **memo, int64_t *n)
{
    CriticalSection section;
    critical_enter(&section, &u->head);
    Own *old = u->memo;
    int64_t size = u->memo_size;
    u->memo = *memo;
    u->memo_size = *n;
    critical_leave(&section);
    *memo = old;
    *n = size;
}

static void
memo_drop(Own *memo, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        drop_opt(memo[i]);
    }
    mem_free(memo);
}

void
unpickle_memo_clear(Unpickler *u)
{
    Own *old = NULL;
    int64_t n = 0;
    memo_exchange(u, &old, &n);
    memo_drop(old, n);
}

/* -- making and loading -- */

static int
copy_text(char **to, const char *text)
{
    char *copy = mem_alloc(strlen(text) + 1);
    if (!copy) {
        return -1;
    }
    strcpy(copy, text);
    mem_free(*to);
    *to = copy;
    return 0;
}

int
unpickler_setup(Unpickler *u, Value file, bool fix_imports, const char *encoding, const char *errors, Value buffers)
{
    Own peek = NO_VALUE, read = NO_VALUE, readline = NO_VALUE, it = NO_VALUE;
    if (file) {
        if (object_lookup_attr_cstr(file, "peek", &peek) < 0 || object_lookup_attr_cstr(file, "read", &read) < 0 ||
            object_lookup_attr_cstr(file, "readline", &readline) < 0) {
            goto fail;
        }
        if (!read || !readline) {
            raise_msg(&exc_TypeError, "file must have 'read' and 'readline' attributes");
            goto fail;
        }
    }
    if (copy_text(&u->encoding, encoding) < 0 || copy_text(&u->errors, errors) < 0) {
        goto fail;
    }
    __atomic_store_n(&u->text_size, (int64_t)(strlen(encoding) + strlen(errors) + 2), __ATOMIC_RELAXED);
    if (buffers && buffers != NONE && !(is_tuple(buffers) && as_tuple(buffers)->length == 0 && buffers == tuple_empty)) {
        it = object_iter(buffers);
        if (!it) {
            goto fail;
        }
    }
    ref_store(&u->head, &u->peek, peek);
    ref_store(&u->head, &u->read, read);
    ref_store(&u->head, &u->readline, readline);
    ref_store(&u->head, &u->buffers, it);
    u->fix_imports = fix_imports;
    u->in = NULL;
    u->in_length = u->in_at = u->prefetched = 0;
    u->proto = 0;
    u->ready = true;
    return 0;
fail:
    drop_opt(peek);
    drop_opt(read);
    drop_opt(readline);
    return -1;
}

int
unpickler_init(Unpickler *self, Value file, bool fix_imports, const char *encoding, const char *errors, Value buffers)
{
    if (pickle_enter(&self->lock, "Unpickler") < 0) {
        return -1;
    }
    int status = unpickler_setup(self, file, fix_imports, encoding, errors, buffers);
    unpickle_memo_clear(self);
    owner_lock_leave(&self->lock);
    return status;
}

Own
unpickler_py_load(Unpickler *self)
{
    if (!self->ready) {
        return raise_fmt(PICKLE_ERROR(unpickling_error), "Unpickler.__init__() was not called by %s.__init__()",
                         type_of(VALUE(self))->name);
    }
    if (pickle_enter(&self->lock, "Unpickler") < 0) {
        return NO_VALUE;
    }
    Own v = unpickler_load(self);
    owner_lock_leave(&self->lock);
    return v;
}

Own
unpickler_find(Unpickler *u, Value module_arg, Value name_arg)
{
    if (audit_wanted() && audit_event("pickle.find_class", "OO", module_arg, name_arg) < 0) {
        return NO_VALUE;
    }
    if (!is_str(module_arg) || !is_str(name_arg)) {
        return raise_fmt(&exc_TypeError, "%s name must be a string", is_str(module_arg) ? "global" : "module");
    }
    Own module = own(module_arg), name = own(name_arg), found = NO_VALUE, result = NO_VALUE;
    if (__atomic_load_n(&u->proto, __ATOMIC_RELAXED) < 3 && u->fix_imports) { /* Python 2's names */
        Own key = tuple_pack(2, module_arg, name_arg);
        int status = key ? dict_lookup(pickle_names.name_mapping, key, &found) : -1;
        drop_opt(key);
        if (status > 0) {
            drop(module);
            drop(name);
            module = object_getitem_int(found, 0);
            name = module ? object_getitem_int(found, 1) : NO_VALUE;
            drop(found);
        } else if (status == 0) {
            status = dict_lookup(pickle_names.import_mapping, module, &found);
            if (status > 0) {
                drop(module);
                module = found;
            }
        }
        if (status < 0 || !module || !name) {
            drop_opt(module);
            drop_opt(name);
            return NO_VALUE;
        }
    }
    Own m = pickle_import(module);
    if (m) {
        result = __atomic_load_n(&u->proto, __ATOMIC_RELAXED) >= 4 ? pickle_dotted(m, name, NULL) : object_getattr(m, name);
        Own point = !result && __atomic_load_n(&u->proto, __ATOMIC_RELAXED) >= 4 && exc_matches(&exc_AttributeError) ? str_from_char('.') : NO_VALUE;
        if (point && str_find(name, point, 0, as_str(name)->length, 1) >= 0) {
            raise_from_pending(&exc_AttributeError, "Can't resolve path %R on module %R", (Value)name,
                               (Value)module);
        }
        drop_opt(point);
    }
    drop_opt(m);
    drop(module);
    drop(name);
    return result;
}

Own
unpickler_py_find_class(Unpickler *self, Value module_name, Value global_name)
{
    return unpickler_find(self, module_name, global_name);
}

Own
unpickler_py_persistent_load(Unpickler *self UNUSED, Value pid UNUSED)
{
    return raise_msg(PICKLE_ERROR(unpickling_error), "A load persistent id instruction was encountered, but no persistent_load "
                                                     "function was specified.");
}

int64_t
unpickler_py___sizeof__(Unpickler *self)
{
    return (int64_t)sizeof(Unpickler) + self->memo_size * 8 + self->capacity * 8 + self->mark_capacity * 8 +
           __atomic_load_n(&self->text_size, __ATOMIC_RELAXED);
}

/* -- memo proxies -- */

Own
unpickler_get_memo(Unpickler *self)
{
    Own v = type_alloc(&unpickler_memo_type, 0);
    if (v) {
        ref_init(obj(v), &((MemoProxy *)obj(v))->unpickler, own(VALUE(self)));
    }
    return v;
}

static int
memo_of_dict(Unpickler *u, Value dict)
{
    int64_t position = 0, i;
    Own key, value;
    int status = 0;
    while (status == 0 && dict_next(dict, &position, &key, &value)) {
        if (!is_int(key)) {
            status = raise_int(&exc_TypeError, "memo key must be integers");
        } else if (!int_as_i64(key, &i) || i < 0) {
            status = raise_int(&exc_ValueError, "memo key must be positive integers.");
        } else {
            status = unpickle_memo_put(u, i, value);
        }
        drop(key);
        drop(value);
    }
    return status;
}

int
unpickler_set_memo(Unpickler *self, Value value)
{
    if (!value) {
        return raise_int(&exc_TypeError, "attribute deletion is not supported");
    }
    bool proxy = is_object(value) && type_of(value) == &unpickler_memo_type;
    if (!proxy && !is_dict(value)) {
        return raise_int(&exc_TypeError, "'memo' attribute must be an UnpicklerMemoProxy object or dict, not %T", value);
    }
    Own dict = proxy ? unpickler_memo_py_copy((MemoProxy *)obj(value)) : own(value);
    if (!dict) {
        return -1;
    }
    owner_lock_enter(&self->lock);
    Own *old = NULL;
    int64_t n = 0;
    memo_exchange(self, &old, &n);
    int status = memo_of_dict(self, dict);
    if (status < 0) {
        memo_exchange(self, &old, &n);
    }
    owner_lock_leave(&self->lock);
    memo_drop(old, n);
    drop(dict);
    return status;
}

int
unpickler_memo_py_clear(MemoProxy *self)
{
    Unpickler *u = (Unpickler *)obj(self->unpickler);
    owner_lock_enter(&u->lock);
    unpickle_memo_clear(u);
    owner_lock_leave(&u->lock);
    return 0;
}

Own
unpickler_memo_py_copy(MemoProxy *self)
{
    Unpickler *u = (Unpickler *)obj(self->unpickler);
    Own dict = dict_new();
    CriticalSection section;
    critical_enter(&section, &u->head); /* and not the lock of who is loading: there would be long to wait for it */
    for (int64_t i = 0; dict && i < u->memo_size; i++) {
        if (u->memo[i] && dict_set_own(dict, int_from_i64(i), own(u->memo[i])) < 0) {
            ref_clear(&dict);
        }
    }
    critical_leave(&section);
    return dict;
}

Own
unpickler_memo_py___reduce__(MemoProxy *self)
{
    Own dict = unpickler_memo_py_copy(self), args = dict ? tuple_pack(1, (Value)dict) : NO_VALUE;
    Own result = args ? tuple_pack(2, VALUE(&dict_type), (Value)args) : NO_VALUE;
    drop_opt(dict);
    drop_opt(args);
    return result;
}

/* persistent_load can be set on an instance. */
static int
unpickler_setattr(Value v, Value name, Value value)
{
    if (is_str(name) && str_equals_cstr(name, "persistent_load")) {
        Unpickler *u = (Unpickler *)obj(v);
        if (!value && !u->persistent_load) {
            raise_attribute_error(v, name);
            return -1;
        }
        owner_lock_enter(&u->lock);
        Own old = ref_swap(&u->head, &u->persistent_load, own_opt(value));
        owner_lock_leave(&u->lock);
        drop_opt(old);
        return 0;
    }
    return object_generic_setattr(v, name, value);
}

static Own
unpickler_getattr(Value v, Value name)
{
    if (is_str(name) && str_equals_cstr(name, "persistent_load")) {
        Own set = ref_load(obj(v), &((Unpickler *)obj(v))->persistent_load);
        if (set) {
            return set;
        }
    }
    return object_generic_getattr(v, name);
}

/* -- types -- */

static int
unpickler_traverse(Object *o, Visit visit, void *arg)
{
    Unpickler *u = (Unpickler *)o;
    VISIT(u->read);
    VISIT(u->readline);
    VISIT(u->peek);
    VISIT(u->buffers);
    VISIT(u->persistent_load);
    VISIT(u->chunk);
    VISIT(u->buffer.owner);
    for (int64_t i = 0; i < u->depth; i++) {
        VISIT(u->stack[i]);
    }
    for (int64_t i = 0; i < u->memo_size; i++) {
        VISIT(u->memo[i]);
    }
    return 0;
}

static void
unpickler_clear(Object *o)
{
    Unpickler *u = (Unpickler *)o;
    ref_clear(&u->read);
    ref_clear(&u->readline);
    ref_clear(&u->peek);
    ref_clear(&u->buffers);
    ref_clear(&u->persistent_load);
    unpickle_stack_clear(u, 0);
    unpickle_memo_clear(u);
}

static void
unpickler_dealloc(Object *o)
{
    Unpickler *u = (Unpickler *)o;
    unpickler_clear(o);
    drop_opt(u->chunk);
    if (u->buffer.owner) {
        buffer_release(&u->buffer);
    }
    mem_free(u->stack);
    mem_free(u->marks);
    mem_free(u->encoding);
    mem_free(u->errors);
    object_free(o);
}

static int
memo_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((MemoProxy *)o)->unpickler);
    return 0;
}

static void
memo_dealloc(Object *o)
{
    drop_opt(((MemoProxy *)o)->unpickler);
    object_free(o);
}

Type unpickler_type = {
    .name = "_pickle.Unpickler",
    .flags = TYPE_GC | TYPE_BASE,
    .basic_size = sizeof(Unpickler),
    .slots = {
        .traverse = unpickler_traverse,
        .clear = unpickler_clear,
        .dealloc = unpickler_dealloc,
        .init = unpickler_init_slot,
        .getattr = unpickler_getattr,
        .setattr = unpickler_setattr,
    },
    .methods = unpickler_methods,
    .getsets = unpickler_getsets,
    .spec_doc = unpickler_doc,
};

Type unpickler_memo_type = {
    .name = "_pickle.UnpicklerMemoProxy",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(MemoProxy),
    .slots = {.traverse = memo_traverse, .dealloc = memo_dealloc, .hash = hash_unhashable},
    .methods = unpickler_memo_methods,
    .getsets = unpickler_memo_getsets,
    .spec_doc = unpickler_memo_doc,
};
