/* The module _weft_stats: what the counting build counts (base/stats.h). */
#include "base/stats.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/module.h"

#include "_weft_stats.spec.h"

Own
stats_counts(Value module UNUSED)
{
    Own counts = dict_new();
#if WITH_STATS
    static const char *const names[] = {
#define X(name, text) #name,
        STATS(X)
#undef X
    };
    uint64_t sums[STAT_COUNT];
    stats_read(sums);
    for (int i = 0; i < STAT_COUNT && counts; i++) {
        Own n = int_from_u64(sums[i]);
        if (!n || dict_set_cstr(counts, names[i], n) < 0) {
            ref_clear(&counts);
        }
        drop_opt(n);
    }
#endif
    return counts;
}

const ModuleDef module__weft_stats = {
    .name = "_weft_stats",
    .doc = stats_module_doc,
    .functions = stats_functions,
};
