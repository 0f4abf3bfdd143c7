/* What the files of _pickle share.
 *
 * Threads: a Pickler or an Unpickler is used by one thread at a time; others wait, detached, until it is done (OwnerLock), and
 * the thread that has it may use it again from the Python code that it calls. Copies of a memo wait for nobody. No pointer into its memory is kept over such a
 * call. The names that the module takes from others are written once, before it is anybody's. */
#ifndef WEFT_MODULE_PICKLE_H
#define WEFT_MODULE_PICKLE_H

#include "module/work_lock.h"
#include "object/buffer.h"
#include "object/object.h"

enum { PROTOCOL_HIGHEST = 5, PROTOCOL_DEFAULT = 5 };

enum {
    OP_MARK = '(', OP_STOP = '.', OP_POP = '0', OP_POP_MARK = '1', OP_DUP = '2', OP_FLOAT = 'F', OP_INT = 'I',
    OP_BININT = 'J', OP_BININT1 = 'K', OP_LONG = 'L', OP_BININT2 = 'M', OP_NONE = 'N', OP_PERSID = 'P', OP_BINPERSID = 'Q',
    OP_REDUCE = 'R', OP_STRING = 'S', OP_BINSTRING = 'T', OP_SHORT_BINSTRING = 'U', OP_UNICODE = 'V', OP_BINUNICODE = 'X',
    OP_APPEND = 'a', OP_BUILD = 'b', OP_GLOBAL = 'c', OP_DICT = 'd', OP_EMPTY_DICT = '}', OP_APPENDS = 'e', OP_GET = 'g',
    OP_BINGET = 'h', OP_INST = 'i', OP_LONG_BINGET = 'j', OP_LIST = 'l', OP_EMPTY_LIST = ']', OP_OBJ = 'o', OP_PUT = 'p',
    OP_BINPUT = 'q', OP_LONG_BINPUT = 'r', OP_SETITEM = 's', OP_TUPLE = 't', OP_EMPTY_TUPLE = ')', OP_SETITEMS = 'u',
    OP_BINFLOAT = 'G', OP_BINBYTES = 'B', OP_SHORT_BINBYTES = 'C',
    OP_PROTO = 0x80, OP_NEWOBJ, OP_EXT1, OP_EXT2, OP_EXT4, OP_TUPLE1, OP_TUPLE2, OP_TUPLE3, OP_NEWTRUE, OP_NEWFALSE,
    OP_LONG1, OP_LONG4, OP_SHORT_BINUNICODE, OP_BINUNICODE8, OP_BINBYTES8, OP_EMPTY_SET, OP_ADDITEMS, OP_FROZENSET,
    OP_NEWOBJ_EX, OP_STACK_GLOBAL, OP_MEMOIZE, OP_FRAME, OP_BYTEARRAY8, OP_NEXT_BUFFER, OP_READONLY_BUFFER,
};

/* What pickling takes from other modules. */
typedef struct PickleNames {
    Own pickle_error, pickling_error, unpickling_error;
    Own dispatch_table, extension_registry, inverted_registry, extension_cache;       /* copyreg */
    Own name_mapping, import_mapping, reverse_name_mapping, reverse_import_mapping;   /* _compat_pickle */
    Own codecs_encode, getattr_function, partial;
} PickleNames;

extern PickleNames pickle_names;

/* Objects by identity -> their number, in insertion order. */
typedef struct PickleMemo {
    Own *objects;   /* by number; each held */
    int64_t *table; /* open addressing: number + 1, 0 = free */
    int64_t length, capacity, table_size;
} PickleMemo;

int64_t pickle_memo_find(const PickleMemo *m, Value v); /* its number, or -1 */
NODISCARD int pickle_memo_add(PickleMemo *m, Value v);
void pickle_memo_clear(PickleMemo *m);

typedef struct FastLink {
    Value v;
    const struct FastLink *outer;
    bool linked; /* entered in fast mode: which may be switched meanwhile */
} FastLink;

typedef struct Pickler {
    Object head;
    OwnerLock lock;
    Own write;           /* NO_VALUE: all stays in `out` */
    Own buffer_callback; /* or NO_VALUE */
    Own dispatch_table;  /* or NO_VALUE: copyreg's */
    Own persistent_id;   /* set on the instance, or NO_VALUE */
    Own pers_func, reducer_override; /* of the dump that is running, or NO_VALUE */
    PickleMemo memo; /* changed by the owner in a section of the pickler, read by others in one */
    int64_t memo_count; /* of what was memoized, also before the memo was cleared */
    int proto;
    bool bin, fix_imports, fast, framing, ready;
    uint8_t *out;
    int64_t out_length, out_capacity;
    int64_t frame_start; /* in out, -1 = no frame is open */
    int fast_nesting;
    const FastLink *fast_chain;
} Pickler;

typedef struct Unpickler {
    Object head;
    OwnerLock lock;
    Own read, readline, peek; /* of the file; NO_VALUE when reading memory, or for none */
    Own buffers;              /* iterator, or NO_VALUE */
    Own persistent_load;      /* set on the instance, or NO_VALUE */
    char *encoding, *errors;
    int64_t text_size; /* of both; atomic, for __sizeof__, which does not wait */
    int proto;
    bool fix_imports, ready;
    Own *stack;
    int64_t depth, capacity;
    int64_t *marks;
    int64_t mark_count, mark_capacity;
    Own *memo; /* as a pickler's */
    int64_t memo_size;
    /* input */
    int64_t frame_end;  /* in `in`, -1 = no frame is open */
    Buffer buffer;      /* of loads(); owner NO_VALUE = none */
    Own chunk;          /* bytes that were read from the file; NO_VALUE = none */
    const uint8_t *in;
    int64_t in_length, in_at, prefetched; /* what lies behind `prefetched` was only peeked at */
} Unpickler;

extern Type pickler_type, unpickler_type, pickler_memo_type, unpickler_memo_type, pickle_buffer_type;

/* -- pickler.c */
NODISCARD int pickler_setup(Pickler *p, Value file, Value protocol, bool fix_imports, Value buffer_callback);
NODISCARD int pickler_dump(Pickler *p, Value v);
/* -- output.c */
NODISCARD int pickle_write(Pickler *p, const void *bytes, int64_t n);
/* Behind a whole opcode: a full frame is closed and written. */
NODISCARD int pickle_boundary(Pickler *p);
NODISCARD int pickle_close_frame(Pickler *p);
NODISCARD int pickle_flush(Pickler *p);
/* header and payload, past the buffer when large. */
NODISCARD int pickle_write_large(Pickler *p, const uint8_t *header, int64_t header_size, const uint8_t *payload, int64_t n);
static inline NODISCARD int
pickle_op(Pickler *p, int op)
{
    uint8_t byte = (uint8_t)op;
    return pickle_write(p, &byte, 1);
}
/* -- save.c, reduce.c */
NODISCARD int pickle_save(Pickler *p, Value v);
NODISCARD int pickle_save_plain(Pickler *p, Value v); /* without persistent_id */
NODISCARD int pickle_memoize(Pickler *p, Value v);
NODISCARD int pickle_get(Pickler *p, int64_t number);
NODISCARD int pickle_save_bytes(Pickler *p, Value memo, const uint8_t *data, int64_t n);
NODISCARD int pickle_save_bytearray(Pickler *p, Value memo, const uint8_t *data, int64_t n);
NODISCARD int pickle_save_global(Pickler *p, Value v, Value name);
NODISCARD int pickle_save_reduce(Pickler *p, Value rv, Value v); /* v may be NO_VALUE */
NODISCARD int pickle_save_other(Pickler *p, Value v);
NODISCARD int pickle_batch_list(Pickler *p, Value it, Value v);
NODISCARD int pickle_batch_dict(Pickler *p, Value it, Value v);
/* Adds a note to the pending exception: of the name of v's type (%U), and key (%R) or else index (%zd). Returns -1. */
int pickle_note(const char *format, Value v, Value key, int64_t index) COLD;
/* module.name of v's type, without builtins and __main__. own: ret new */
NODISCARD Own pickle_type_name(Value v);
/* PicklingError with that (%U). Returns -1. */
int pickle_type_error(const char *format, Value got) COLD;
NODISCARD Own pickle_import(Value name); /* a str */
/* RuntimeError where the thread is using the object already. Returns -1 then, else 0, with the lock taken. */
NODISCARD int pickle_enter(OwnerLock *lock, const char *what);
/* object.a.b.c, and what it was taken from. own: ret new */
NODISCARD Own pickle_dotted(Value v, Value name, Own *parent);
/* -- unpickler.c, load.c, stack.c */
NODISCARD int unpickler_setup(Unpickler *u, Value file, bool fix_imports, const char *encoding, const char *errors, Value buffers);
NODISCARD Own unpickler_load(Unpickler *u);
NODISCARD Own unpickler_find(Unpickler *u, Value module, Value name);
/* n bytes of input: valid until the next read, or to what runs Python code. null + exception */
NODISCARD const uint8_t *unpickle_read(Unpickler *u, int64_t n);
NODISCARD const uint8_t *unpickle_line(Unpickler *u, int64_t *n); /* with its line end */
NODISCARD int unpickle_skip_consumed(Unpickler *u);
NODISCARD int unpickle_frame(Unpickler *u, int64_t n);
NODISCARD int unpickle_push(Unpickler *u, Own v); /* eaten */
NODISCARD Own unpickle_pop(Unpickler *u);
int unpickle_underflow(const Unpickler *u) COLD;
int64_t unpickle_fence(const Unpickler *u);
NODISCARD int unpickle_mark(Unpickler *u);
int64_t unpickle_pop_mark(Unpickler *u); /* -1 + exception */
NODISCARD int unpickle_memo_put(Unpickler *u, int64_t i, Value v);
void unpickle_memo_clear(Unpickler *u);
void unpickle_stack_clear(Unpickler *u, int64_t depth);
NODISCARD Own unpickle_pop_tuple(Unpickler *u, int64_t from);
NODISCARD Own unpickle_instantiate(Value cls, Value args);
NODISCARD int unpickle_build(Unpickler *u);

#define PICKLE_ERROR(name) ((Type *)obj(pickle_names.name))

#endif
