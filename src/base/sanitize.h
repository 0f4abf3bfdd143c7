/* Builds with sanitizers. What AddressSanitizer is told about memory that Weft divides by itself: the cells of the heap's pages and the frame
 * stacks. Memory that is no object's, or no frame's, is poisoned: touching it is reported as if it had been given back to malloc. And
 * malloc itself is the sanitizer's there, and ThreadSanitizer's, not mimalloc. In other builds none of this is code. */
#ifndef WEFT_BASE_SANITIZE_H
#define WEFT_BASE_SANITIZE_H

#include "base/attr.h"

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#ifndef WITH_ASAN
#define WITH_ASAN 0
#endif
#if defined(__SANITIZE_THREAD__)
#define WITH_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WITH_TSAN 1
#endif
#endif
#ifndef WITH_TSAN
#define WITH_TSAN 0
#endif

#if WITH_ASAN
#include <malloc.h>
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#include <stdlib.h>

/* A function that may look at poisoned memory. */
#define SEES_POISON __attribute__((no_sanitize("address")))
#define MEMORY_POISON(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define MEMORY_UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
/* What this memory, not from malloc, points to is no leak. */
#define MEMORY_IS_ROOT(p, n) __lsan_register_root_region(p, n)
#else
#define SEES_POISON
#define MEMORY_POISON(p, n) ((void)(p))
#define MEMORY_UNPOISON(p, n) ((void)(p))
#define MEMORY_IS_ROOT(p, n) ((void)(p))
#endif

#if WITH_ASAN || WITH_TSAN
#include <malloc.h>
#include <stdlib.h>

#define mi_malloc(size) malloc(size)
#define mi_zalloc(size) calloc(1, size)
#define mi_realloc(p, size) realloc(p, size)
#define mi_free free
#define mi_usable_size(p) malloc_usable_size(p)
#else
#include <mimalloc.h>
#endif

#endif
