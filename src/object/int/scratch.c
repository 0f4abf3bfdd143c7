/* Memory for GMP. Its functions over large numbers allocate for themselves, and cannot say that there is none: they end the process. So such an
 * operation is begun by taking as much as it may need at most, as a reserve that GMP is given when malloc refuses; without that it is not
 * begun. The reserve is address space: what is not used is never touched. Each thread has its own. */
#include <gmp.h>
#include <stdio.h>
#include <stdlib.h>

#include "object/error.h"
#include "object/int_priv.h"

#define LIMBS_LEAST 512    /* GMP takes what smaller operands need from the C stack */
#define LIMBS_FOR_EACH 12  /* of the operands: up to 6.2 was measured */

static __thread struct {
    char *start; /* null while no operation has one */
    size_t size, used;
} reserve;

static void *
gmp_allocate(size_t size)
{
    void *p = malloc(size);
    size = (size + 15) & ~(size_t)15;
    if (!p && reserve.size - reserve.used >= size) {
        p = reserve.start + reserve.used;
        reserve.used += size;
    }
    if (!p) {
        fprintf(stderr, "weft: out of memory for arithmetic (%zu bytes)\n", size);
        abort();
    }
    return p;
}

static void
gmp_free(void *p, size_t size)
{
    size = (size + 15) & ~(size_t)15;
    if ((uintptr_t)p - (uintptr_t)reserve.start >= reserve.size) {
        free(p);
    } else if ((char *)p + size == reserve.start + reserve.used) { /* what was taken last goes first */
        reserve.used -= size;
    }
}

static void *
gmp_reallocate(void *p, size_t old, size_t size)
{
    void *moved = gmp_allocate(size);
    memcpy(moved, p, old < size ? old : size);
    gmp_free(p, old);
    return moved;
}

int
int_scratch_begin(int64_t limbs)
{
    if (LIKELY(limbs < LIMBS_LEAST)) {
        return 0;
    }
    static _Atomic bool ready;
    if (!atomic_load(&ready)) {
        mp_set_memory_functions(gmp_allocate, gmp_reallocate, gmp_free);
        atomic_store(&ready, true);
    }
    reserve.size = (size_t)limbs * LIMBS_FOR_EACH * sizeof(mp_limb_t);
    reserve.used = 0;
    reserve.start = malloc(reserve.size);
    if (!reserve.start) {
        reserve.size = 0;
        raise_no_memory();
        return -1;
    }
    return 0;
}

void
int_scratch_end(void)
{
    if (UNLIKELY(reserve.start != NULL)) {
        free(reserve.start);
        reserve.start = NULL;
        reserve.size = 0;
    }
}
