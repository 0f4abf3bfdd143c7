/* What the files of zlib share. */
#ifndef WEFT_MODULE_ZLIB_H
#define WEFT_MODULE_ZLIB_H

#include <zlib.h>

#include "module/compress/stream.h"

extern Own zlib_error_class;
extern Type zlib_compress_type, zlib_decompress_type, zlib_decompressor_type;

/* error: "Error N WHILE: WHY". Returns 0. */
Own zlib_raise(const z_stream *z, int status, const char *what) COLD;
void zlib_io_in(z_stream *z, const StreamIo *io);
void zlib_io_out(const z_stream *z, StreamIo *io);
NODISCARD Own zlib_compressobj_new(int level, int method, int wbits, int mem_level, int strategy, Value zdict);
NODISCARD Own zlib_decompressobj_new(int wbits, Value zdict);

#endif
