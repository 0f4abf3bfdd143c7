/* What the files of this folder share: specifications, and the layout of numbers. */
#ifndef WEFT_OBJECT_FORMAT_PRIV_H
#define WEFT_OBJECT_FORMAT_PRIV_H

#include "object/format.h"

/* [[fill]align][sign][z][#][0][width][grouping][.precision[grouping]][type] */
typedef struct FormatSpec {
    uint32_t fill;
    char align;               /* < > = ^ */
    char sign;                /* 0, or + - space */
    bool positive_zero;       /* z: no -0 */
    bool alternate;           /* # */
    int64_t width, precision; /* -1 = not given */
    char grouping;            /* 0 , _ */
    char fraction_grouping;
    uint32_t type;
} FormatSpec;

/* v is the value to be formatted, for messages. fail: -1 + ValueError */
NODISCARD int format_spec_parse(FormatSpec *spec, Value text, Value v, uint32_t default_type,
                                char default_align);
Own raise_unknown_type(uint32_t type, Value v);

/* How digits are parted and what the point is. Groups are counted from the point: groups[0] digits,
 * then groups[1]..., the last one again and again; CHAR_MAX: no more. */
typedef struct NumberMarks {
    char groups[8]; /* 0-terminated; empty: no separators */
    Own separator;  /* str; NO_VALUE = none */
    Own point;
} NumberMarks;

/* A number's parts, ready to be laid out. Digits are ASCII and without separators. */
typedef struct NumberParts {
    char sign;          /* 0, '+', '-' or ' ' */
    const char *prefix; /* "0x"... */
    const char *digits; /* integer part; none of "inf" and "nan" */
    int64_t digit_count;
    bool point;
    const char *fraction;
    int64_t fraction_count;
    const char *tail; /* exponent, '%', 'j', or a word */
    int64_t tail_count;
} NumberParts;

/* Appends the number, filled up to the width. */
void number_put(StrBuilder *b, const NumberParts *parts, const FormatSpec *spec,
                const NumberMarks *marks);
/* The marks of spec: those of the locale for type 'n'. fail: -1 */
NODISCARD int number_marks_init(NumberMarks *marks, const FormatSpec *spec);
void number_marks_free(NumberMarks *marks);
/* Appends d in spec.type (e E f F g G % r; n as g). sign: as format() shows it. fail: -1 */
NODISCARD int double_put(StrBuilder *b, double d, const FormatSpec *spec, const NumberMarks *marks,
                         unsigned flags, const char *tail);
/* Appends text, cut to the precision, filled up to the width. */
void text_put(StrBuilder *b, Value text, const FormatSpec *spec);

static inline FormatSpec
format_spec_none(void)
{
    return (FormatSpec){.fill = ' ', .align = '>', .width = -1, .precision = -1};
}

#endif
