/* Line endings: \n, \r and \r\n as one, for text files and IncrementalNewlineDecoder. */
#ifndef WEFT_MODULE_IO_NEWLINE_H
#define WEFT_MODULE_IO_NEWLINE_H

#include "object/object.h"

enum { SEEN_CR = 1, SEEN_LF = 2, SEEN_CRLF = 4 };

typedef struct Newlines {
    bool translate;
    bool pending_cr; /* a \r at the end of the last piece, held back: \n may follow */
    _Atomic uint8_t seen; /* SEEN_*; read without the lock of whose they are */
} Newlines;

/* The text (eaten) with line endings noted and, where asked, translated. own: ret new */
NODISCARD Own newlines_apply(Newlines *n, Own text, bool final);
NODISCARD Own newlines_seen(uint8_t seen); /* the attribute `newlines` */

#endif
