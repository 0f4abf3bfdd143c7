/* The name that was probably meant: edit distance (Levenshtein; Wagner and Fischer's table, one row at a time) in which a change of case
 * counts half of any other change. */
#include "vm/suggest.h"

#include "object/error.h"

#define EDIT_COST 2
#define CASE_COST 1
#define NAME_MAX_CHARS 40
#define CANDIDATES_MAX 750

static unsigned
lower(unsigned c)
{
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static unsigned
change_cost(unsigned a, unsigned b)
{
    return a == b ? 0 : lower(a) == lower(b) ? CASE_COST : EDIT_COST;
}

/* The distance of two texts, or anything greater than `most` when it is greater. */
static unsigned
distance(const char *a, size_t a_length, const char *b, size_t b_length, unsigned most)
{
    unsigned row[NAME_MAX_CHARS + 1];
    for (size_t j = 0; j <= b_length; j++) {
        row[j] = (unsigned)j * EDIT_COST;
    }
    for (size_t i = 0; i < a_length; i++) {
        unsigned diagonal = row[0], best = row[0] = (unsigned)(i + 1) * EDIT_COST;
        for (size_t j = 0; j < b_length; j++) {
            unsigned change = diagonal + change_cost((unsigned char)a[i], (unsigned char)b[j]);
            unsigned edit = (row[j] < row[j + 1] ? row[j] : row[j + 1]) + EDIT_COST;
            diagonal = row[j + 1];
            row[j + 1] = change < edit ? change : edit;
            best = row[j + 1] < best ? row[j + 1] : best;
        }
        if (best > most) {
            return best;
        }
    }
    return row[b_length];
}

Value
suggest_name(Value name, Value const *candidates, size_t count)
{
    size_t length, best_distance = SIZE_MAX;
    Value best = NO_VALUE;
    const char *text = is_str(name) ? str_utf8(name, &length) : NULL;
    if (!text) {
        exc_clear();
        return NO_VALUE;
    }
    if (length > NAME_MAX_CHARS || count > CANDIDATES_MAX) {
        return NO_VALUE;
    }
    for (size_t i = 0; i < count; i++) {
        size_t other_length;
        const char *other = str_utf8(candidates[i], &other_length);
        if (!other) {
            exc_clear();
            continue;
        }
        if (other_length > NAME_MAX_CHARS || (other_length == length && memcmp(other, text, length) == 0)) {
            continue;
        }
        size_t most = (length + other_length + 3) * EDIT_COST / 6;
        if (best && most > best_distance - 1) {
            most = best_distance - 1;
        }
        unsigned d = distance(text, length, other, other_length, (unsigned)most);
        if (d <= most) {
            best = candidates[i];
            best_distance = d;
            if (d == 0) {
                break;
            }
        }
    }
    return best;
}
