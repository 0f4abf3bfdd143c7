/* _lzma: chains of filters, out of dicts and back. No state. */
#include "module/compress/lzma_priv.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/str.h"

/* The options of a filter, and where each goes. */
typedef struct Option {
    const char *name;
    size_t offset;
    bool is_enum; /* an enum of liblzma, else a uint32_t: of the same size */
} Option;

static const Option lzma_options[] = {
    {"id", 0, false}, {"preset", 0, false},
    {"dict_size", offsetof(lzma_options_lzma, dict_size), false}, {"lc", offsetof(lzma_options_lzma, lc), false},
    {"lp", offsetof(lzma_options_lzma, lp), false}, {"pb", offsetof(lzma_options_lzma, pb), false},
    {"mode", offsetof(lzma_options_lzma, mode), true}, {"nice_len", offsetof(lzma_options_lzma, nice_len), false},
    {"mf", offsetof(lzma_options_lzma, mf), true}, {"depth", offsetof(lzma_options_lzma, depth), false},
};
static const Option delta_options[] = {{"id", 0, false}, {"dist", offsetof(lzma_options_delta, dist), false}};
static const Option bcj_options[] = {{"id", 0, false}, {"start_offset", offsetof(lzma_options_bcj, start_offset), false}};

_Static_assert(sizeof(lzma_mode) == 4 && sizeof(lzma_match_finder) == 4, "options are stored as uint32_t");

static int
take_unsigned(Value v, int bits, uint64_t *out)
{
    Own i = object_index(v);
    if (!i) {
        return -1;
    }
    bool negative = int_sign(i) < 0, large = int_bit_length(i) > bits;
    *out = object_as_uint64_mask(i);
    drop(i);
    if (negative) {
        return raise_int(&exc_ValueError, "Cannot convert negative int");
    }
    return large ? raise_int(&exc_OverflowError, "Python int too large for C uint%d_t", bits) : 0;
}

int
lzma_take_u32(Value v, uint32_t *out)
{
    uint64_t wide;
    if (take_unsigned(v, 32, &wide) < 0) {
        return -1;
    }
    *out = (uint32_t)wide;
    return 0;
}

int
lzma_take_u64(Value v, uint64_t *out)
{
    return take_unsigned(v, 64, out);
}

/* spec[name], NO_VALUE with nothing pending where it is missing. */
static Own
spec_get(Value spec, const char *name)
{
    Own key = str_from_cstr(name), v = key ? object_getitem(spec, key) : NO_VALUE;
    drop_opt(key);
    if (!v) {
        (void)exc_swallow(&exc_KeyError);
    }
    return v;
}

/* Stores each item of spec where its option says. fail: -1 + ValueError with that message */
static int
fill_options(void *to, const Option *options, size_t count, Value spec, const char *message)
{
    Own keys = call_method0(spec, "keys"), it = keys ? object_iter(keys) : NO_VALUE, key;
    int status = it ? 0 : -1;
    while (status == 0 && (key = object_next(it))) {
        size_t i = 0;
        while (i < count && !(is_str(key) && str_equals_cstr(key, options[i].name))) {
            i++;
        }
        Own v = i < count ? object_getitem(spec, key) : NO_VALUE;
        uint32_t number;
        if (!v) {
            status = -1;
        } else if (strcmp(options[i].name, "id") != 0 && strcmp(options[i].name, "preset") != 0) {
            status = lzma_take_u32(v, &number);
            if (status == 0) {
                memcpy((char *)to + options[i].offset, &number, sizeof number);
            }
        }
        drop_opt(v);
        drop(key);
    }
    drop_opt(keys);
    drop_opt(it);
    if (status < 0 || exc_pending()) {
        if (!exc_pending() || !exc_matches(&exc_MemoryError)) {
            exc_clear();
            raise_msg(&exc_ValueError, message);
        }
        return -1;
    }
    return 0;
}

static int
parse_lzma(lzma_options_lzma *o, Value spec)
{
    uint32_t preset = LZMA_PRESET_DEFAULT;
    Own v = spec_get(spec, "preset");
    if (!v && exc_pending()) {
        return -1;
    }
    int status = v ? lzma_take_u32(v, &preset) : 0;
    drop_opt(v);
    if (status < 0) {
        return -1;
    }
    if (lzma_lzma_preset(o, preset)) {
        return raise_int((Type *)obj(lzma_error_class), "Invalid compression preset: %u", preset);
    }
    return fill_options(o, lzma_options, ARRAY_LEN(lzma_options), spec, "Invalid filter specifier for LZMA filter");
}

static int
fill_filter(lzma_filter *filter, Value spec)
{
    switch (filter->id) {
    case LZMA_FILTER_LZMA1:
    case LZMA_FILTER_LZMA2:
        filter->options = mem_zalloc(sizeof(lzma_options_lzma));
        return filter->options ? parse_lzma(filter->options, spec) : -1;
    case LZMA_FILTER_DELTA:
        filter->options = mem_zalloc(sizeof(lzma_options_delta));
        if (!filter->options) {
            return -1;
        }
        ((lzma_options_delta *)filter->options)->type = LZMA_DELTA_TYPE_BYTE;
        ((lzma_options_delta *)filter->options)->dist = 1;
        return fill_options(filter->options, delta_options, ARRAY_LEN(delta_options), spec,
                            "Invalid filter specifier for delta filter");
    case LZMA_FILTER_X86:
    case LZMA_FILTER_POWERPC:
    case LZMA_FILTER_IA64:
    case LZMA_FILTER_ARM:
    case LZMA_FILTER_ARMTHUMB:
    case LZMA_FILTER_SPARC:
        filter->options = mem_zalloc(sizeof(lzma_options_bcj));
        return filter->options ? fill_options(filter->options, bcj_options, ARRAY_LEN(bcj_options), spec,
                                              "Invalid filter specifier for BCJ filter")
                               : -1;
    default:
        return raise_int(&exc_ValueError, "Invalid filter ID: %llu", (unsigned long long)filter->id);
    }
}

int
lzma_filter_parse(lzma_filter *filter, Value spec)
{
    *filter = (lzma_filter){.id = LZMA_VLI_UNKNOWN};
    if (!type_of(spec)->slots.getitem || is_list(spec) || is_tuple(spec) || is_str(spec) || is_bytes(spec)) {
        return raise_int(&exc_TypeError, "Filter specifier must be a dict or dict-like object");
    }
    Own id = spec_get(spec, "id");
    if (!id) {
        return exc_pending() ? -1 : raise_int(&exc_ValueError, "Filter specifier must have an \"id\" entry");
    }
    uint64_t number;
    int status = lzma_take_u64(id, &number);
    drop(id);
    if (status < 0) {
        return -1;
    }
    filter->id = number;
    if (fill_filter(filter, spec) < 0) {
        mem_free(filter->options);
        *filter = (lzma_filter){.id = LZMA_VLI_UNKNOWN};
        return -1;
    }
    return 0;
}

int
lzma_chain_parse(FilterChain *chain, Value specs)
{
    chain->filters[0].id = LZMA_VLI_UNKNOWN;
    int64_t n = object_len(specs);
    if (n < 0) {
        return -1;
    }
    if (n > LZMA_FILTERS_MAX) {
        return raise_int(&exc_ValueError, "Too many filters - liblzma supports a maximum of %d", LZMA_FILTERS_MAX);
    }
    if (is_dict(specs)) {
        return raise_int(&exc_TypeError, "%T is not a sequence", specs);
    }
    for (int64_t i = 0; i < n; i++) {
        Own spec = object_getitem_int(specs, i);
        int status = spec ? lzma_filter_parse(&chain->filters[i], spec) : -1;
        drop_opt(spec);
        if (status < 0) {
            chain->filters[i].id = LZMA_VLI_UNKNOWN;
            lzma_chain_free(chain);
            return -1;
        }
        chain->filters[i + 1].id = LZMA_VLI_UNKNOWN;
    }
    return 0;
}

void
lzma_chain_free(FilterChain *chain)
{
    for (int i = 0; chain->filters[i].id != LZMA_VLI_UNKNOWN; i++) {
        mem_free(chain->filters[i].options);
    }
    chain->filters[0].id = LZMA_VLI_UNKNOWN;
}

/* d[name] = number. fail: -1 */
static int
put_number(Value d, const char *name, uint64_t number)
{
    Own v = int_from_u64(number);
    int status = v ? dict_set_cstr(d, name, v) : -1;
    drop_opt(v);
    return status;
}

Own
lzma_filter_dict(const lzma_filter *filter)
{
    Own d = dict_new();
    int status = d ? put_number(d, "id", filter->id) : -1;
    const lzma_options_lzma *o = filter->options;
    if (status == 0 && filter->id == LZMA_FILTER_LZMA1) {
        status = put_number(d, "lc", o->lc) < 0 || put_number(d, "lp", o->lp) < 0 || put_number(d, "pb", o->pb) < 0 ||
                         put_number(d, "dict_size", o->dict_size) < 0
                     ? -1
                     : 0;
    } else if (status == 0 && filter->id == LZMA_FILTER_LZMA2) {
        status = put_number(d, "dict_size", o->dict_size);
    } else if (status == 0 && filter->id == LZMA_FILTER_DELTA) {
        status = put_number(d, "dist", ((const lzma_options_delta *)filter->options)->dist);
    } else if (status == 0 && filter->options) {
        status = put_number(d, "start_offset", ((const lzma_options_bcj *)filter->options)->start_offset);
    }
    if (status < 0) {
        drop_opt(d);
        return NO_VALUE;
    }
    return d;
}
