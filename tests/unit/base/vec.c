#include "base/vec.h"
#include "check.h"

VEC_DEFINE(IntVec, intvec, int);

typedef struct Big {
    char bytes[1 << 20];
} Big;
VEC_DEFINE(BigVec, bigvec, Big);

CASE(push_and_pop_keep_order)
{
    IntVec v = {0};
    for (int i = 0; i < 1000; i++)
        CHECK_INT(intvec_push(&v, i), 0);
    CHECK_INT(v.len, 1000);
    CHECK_INT(*intvec_last(&v), 999);
    for (int i = 999; i >= 0; i--)
        CHECK_INT(intvec_pop(&v), i);
    CHECK_INT(v.len, 0);
    intvec_free(&v);
    CHECK(!v.data && !v.cap);
}

CASE(insert_and_remove)
{
    IntVec v = {0};
    for (int i = 0; i < 100; i++)
        CHECK_INT(intvec_insert(&v, 0, i), 0);
    CHECK_INT(intvec_insert(&v, 50, -1), 0);
    CHECK_INT(intvec_insert(&v, 101, -2), 0);
    CHECK_INT(v.data[0], 99);
    CHECK_INT(v.data[49], 50);
    CHECK_INT(v.data[50], -1);
    CHECK_INT(v.data[51], 49);
    CHECK_INT(v.data[101], -2);
    intvec_remove(&v, 50);
    CHECK_INT(v.data[50], 49);
    intvec_remove(&v, v.len - 1);
    CHECK_INT(v.len, 100);
    CHECK_INT(*intvec_last(&v), 0);
    intvec_free(&v);
}

CASE(extend_resize_take)
{
    IntVec v = {0};
    int items[] = {1, 2, 3};
    CHECK_INT(intvec_extend(&v, NULL, 0), 0);
    CHECK(!v.data);
    CHECK_INT(intvec_extend(&v, items, 3), 0);
    CHECK_INT(intvec_resize(&v, 200), 0);
    CHECK_INT(v.data[2], 3);
    CHECK_INT(v.data[3], 0);
    CHECK_INT(v.data[199], 0);
    CHECK_INT(intvec_resize(&v, 2), 0);
    size_t n;
    int *taken = intvec_take(&v, &n);
    CHECK_INT(n, 2);
    CHECK_INT(taken[1], 2);
    CHECK(!v.data && !v.len && !v.cap);
    free(taken);
}

CASE(impossible_growth_is_refused_and_changes_nothing)
{
    BigVec v = {0};
    CHECK_INT(bigvec_resize(&v, 1), 0);
    Big *before = v.data;
    size_t cap = v.cap;
    CHECK_INT(bigvec_reserve(&v, SIZE_MAX), -1);
    CHECK_INT(bigvec_reserve(&v, PTRDIFF_MAX / sizeof(Big)), -1);
    CHECK_INT(bigvec_resize(&v, SIZE_MAX / sizeof(Big)), -1);
    CHECK(v.data == before && v.len == 1 && v.cap == cap);
    bigvec_free(&v);
}

CHECK_MAIN()
