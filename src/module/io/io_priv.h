/* What the files of the module _io share.
 *
 * The layers: a raw file (FileIO: system calls), a buffered one over it, text over that; BytesIO and StringIO in memory. Each knows the one below
 * only by its Python methods, so any can be replaced by a class of the user's. Objects are guarded by their critical section where nothing blocks,
 * and by a CallLock where a layer below is called. */
#ifndef WEFT_MODULE_IO_PRIV_H
#define WEFT_MODULE_IO_PRIV_H

#include "heap/world.h"
#include "module/work_lock.h"
#include "object/buffer.h"
#include "object/bytes.h"
#include "object/int.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#define IO_BUFFER_SIZE (128 * 1024)

extern Type io_iobase_type, io_rawiobase_type, io_bufferediobase_type, io_textiobase_type;
extern Type io_bytes_buffer_type; /* what getbuffer() of a BytesIO lends through */
/* > 0: this thread writes for a buffered file, which must learn how much was written; it lets handlers of signals run by itself. */
extern __thread int io_writes_for_buffer;
/* A memoryview of a BytesIO. own: ret new · fail: 0 */
NODISCARD Own io_bytes_buffer(Value file);
NODISCARD int io_bytesio_lend(Value file, Value lender, struct Buffer *buffer, int flags);
void io_bytesio_take_back(Value file);
extern Type io_fileio_type, io_bytesio_type, io_stringio_type, io_reader_type, io_writer_type, io_random_type, io_rwpair_type,
    io_text_type, io_newline_type;
extern Own io_unsupported; /* io.UnsupportedOperation; immutable after the module is made */

/* Instance head with room for attributes: every class of the module has a __dict__. */
#define IO_FLAGS (TYPE_BASE | TYPE_GC | TYPE_HAS_DICT | TYPE_HAS_WEAKREFS)

/* slots.create of the module's types: empty instances, for __init__ to fill. */
NODISCARD Own io_create(Type *cls, Value const *args, size_t nargs, Value kwnames);

/* Takes the lock of a file, kept while the layer below runs Python code or blocks; the same thread may not enter twice (signal handlers would).
 * fail: -1 + RuntimeError "reentrant call inside x" */
NODISCARD int io_lock(CallLock *lock, Value self);

/* At the end of the program, for want of memory to do it by methods: writes what files of exactly these classes hold, and n bytes more, straight to the
 * descriptor. -1: no such file, or an error; nothing is pending. */
int io_text_write_out(Value file);
int io_writer_write_out(Value writer, const uint8_t *more, int64_t n);
int io_fileio_write_out(Value file, const uint8_t *data, int64_t n);

Own io_raise_unsupported(const char *message) COLD;
/* self.closed as truth: 1, 0, -1 */
int io_is_closed(Value self);
int io_buffered_is_closed(Value self); /* of this module's buffered files; -1 (nothing pending): ask as usual */
int io_fileio_is_closed(Value self);   /* of a FileIO */
/* ValueError "I/O operation on closed file." when it is. fail: -1 */
NODISCARD int io_check_open(Value self);
/* v is None. An int result of a method as int64; -1 + exception. */
int64_t io_method_offset(Value v, const char *method, Value argument);
/* The index argument of read(n): None or absent is -1. fail: -2 */
int64_t io_size(Value v);
/* For writelines() of a file that others use: the lines of a built-in container as they are at one moment, as a tuple. NO_VALUE with nothing
 * pending: the lines come one by one, or nobody else uses the file. own: ret new */
NODISCARD Own io_lines_at_once(Value file, Value lines);
/* Those lines joined, up to the first that is not bytes-like; *failure is its exception, or NO_VALUE. own: ret new */
NODISCARD Own io_lines_joined(Value lines, Own *failure);
/* Reads a line of the file, whose lock is held, up to limit bytes or characters where limit >= 0; an empty one at the end. own: ret new */
typedef Own IoLineReader(void *file, int64_t limit);
/* What the reader gives as a list, until its end, or until `enough` bytes or characters are read where that is > 0. own: ret new */
NODISCARD Own io_lines(IoLineReader *read_line, void *file, int64_t enough);
/* The same of a file of exactly these classes. own: ret new */
NODISCARD Own io_buffered_readlines(Value file, int64_t enough);
NODISCARD Own io_stringio_readlines(Value file, int64_t enough);
NODISCARD int io_buffered_write_lines(Value file, Value lines); /* lines: a tuple */
NODISCARD int io_stringio_write_lines(Value file, Value lines);
NODISCARD int io_set_finalizing(_Atomic bool *field, Value value); /* setter of _finalizing */
int io_finalize_close(Object *o); /* what __del__ of files does: close(), errors shown */
NODISCARD Own io_open_file(Value file, const char *mode, int buffering, Value encoding, Value errors, Value newline, bool closefd, Value opener);

#endif
