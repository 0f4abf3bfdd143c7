/* Attributes and the few macros that the whole tree uses. No Python inside. */
#ifndef WEFT_BASE_ATTR_H
#define WEFT_BASE_ATTR_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define NODISCARD __attribute__((warn_unused_result))
#define NOINLINE __attribute__((noinline))
#define ALWAYS_INLINE inline __attribute__((always_inline))
#define COLD __attribute__((cold, noinline))
#define NORETURN __attribute__((noreturn))
#define UNUSED __attribute__((unused))
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define UNREACHABLE() __builtin_unreachable()
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
