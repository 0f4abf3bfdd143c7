/* The modules _multibytecodec and _codecs_cn, _codecs_hk, _codecs_iso2022, _codecs_jp, _codecs_kr,
 * _codecs_tw: the latter give the codecs of their countries by getcodec(). */
#include "module/cjk/codec.h"
#include "object/args.h"
#include "object/module.h"
#include "object/type.h"

#define CODECS_MODULE(name)                                                                        \
    static Own getcodec_##name(Value module UNUSED, Value const *args, size_t nargs,               \
                               Value kwnames)                                                      \
    {                                                                                              \
        return args_check_positional("getcodec", nargs, kwnames, 1, 1) < 0                         \
                   ? NO_VALUE                                                                      \
                   : multibyte_codec_new(#name, args[0]);                                          \
    }                                                                                              \
    static const MethodDef functions_##name[] = {                                                  \
        {"getcodec", "getcodec($module, encoding, /)\n--\n\nThe codec of that name.",              \
         getcodec_##name, 0},                                                                      \
        {0},                                                                                       \
    };
CODECS_MODULE(cn)
CODECS_MODULE(hk)
CODECS_MODULE(iso2022)
CODECS_MODULE(jp)
CODECS_MODULE(kr)
CODECS_MODULE(tw)
#undef CODECS_MODULE

const ModuleDef module__codecs_cn = {.name = "_codecs_cn", .functions = functions_cn};
const ModuleDef module__codecs_hk = {.name = "_codecs_hk", .functions = functions_hk};
const ModuleDef module__codecs_iso2022 = {.name = "_codecs_iso2022",
                                          .functions = functions_iso2022};
const ModuleDef module__codecs_jp = {.name = "_codecs_jp", .functions = functions_jp};
const ModuleDef module__codecs_kr = {.name = "_codecs_kr", .functions = functions_kr};
const ModuleDef module__codecs_tw = {.name = "_codecs_tw", .functions = functions_tw};

static int
multibyte_exec(Value m)
{
    return module_add_type(m, &multibyte_encoder_type) < 0 ||
                   module_add_type(m, &multibyte_decoder_type) < 0 ||
                   module_add_type(m, &multibyte_reader_type) < 0 ||
                   module_add_type(m, &multibyte_writer_type) < 0
               ? -1
               : 0;
}

const ModuleDef module__multibytecodec = {
    .name = "_multibytecodec",
    .doc = "The classes behind the codecs of East Asian encodings.",
    .exec = multibyte_exec,
};
