/* What the files of _json share. */
#ifndef WEFT_MODULE_JSON_H
#define WEFT_MODULE_JSON_H

#include "object/str.h"

extern Type json_scanner_type, json_encoder_type;

/* json.decoder.JSONDecodeError(message, text, at). Returns 0. */
Own json_raise(const char *message, Value text, int64_t at) COLD;
/* The string that begins at `at`, behind its quote; *end: where it ends, behind its quote. own: ret new */
NODISCARD Own json_scan_string(Value text, int64_t at, bool strict, int64_t *end);
/* Appends v, a str, quoted. */
void json_write_string(StrBuilder *b, Value v, bool ascii);
/* The module's own functions for strs: 1 for ASCII only, 0 for the other, -1 neither. (no runpy) */
int json_encoder_kind(Value f);

#endif
