/* dict: insertion-ordered, compact, with readers that take no lock.
 *
 * A DictTable holds a sparse index (1, 2, 4 or 8 bytes a slot) and a dense array of entries in
 * order. Writers hold the dict's lock when contended; readers load the table (acquire), probe,
 * take a reference to the value and check that entry and table are still the dict's. A table
 * that is replaced is retired through an epoch. Entries are written key first, then value
 * (release), then the index; a deleted entry stays empty until the table is rebuilt, so an entry
 * never holds two keys one after the other. `version` makes inline caches possible: it is unique
 * to a set of keys in an order (never to values), given when a cache asks and dropped (0) when a
 * key is added or removed: a cache that finds its version still there may read entries[i].value
 * with its own care (the value of a key that is being removed is NO_VALUE). */
#ifndef WEFT_OBJECT_DICT_H
#define WEFT_OBJECT_DICT_H

#include "object/object.h"

typedef struct DictEntry {
    Own key;   /* NO_VALUE = deleted */
    Own value; /* guard: the dict's lock to change; ref_load to read */
} DictEntry;

typedef struct DictTable {
    _Atomic uint32_t version; /* 0 = none; see dict_keys_version */
    uint8_t log2_slots;       /* of the index */
    uint8_t index_width;      /* bytes: 1, 2, 4, 8 */
    uint8_t all_str;          /* every key is an exact str; guard: lock */
    uint8_t hashed;           /* the keys' hashes follow the entries; else every key is a str or a
                                 small int, and looking up such a one runs no Python code */
    int64_t used;             /* entries filled, deleted ones too. guard: lock, acquire to read */
    uint32_t dead_front;      /* so many entries at the front are deleted, and maybe more; */
    uint32_t dead_back;       /* and so many before `used`. guard: lock */
    uint64_t room;            /* entries that fit: the low DICT_ROOM_BITS bits, immutable; above
                                 them, how many never used ones lie at the front. guard: lock */
    DictEntry *entries;       /* in the same allocation, after the index */
    uint8_t index[];
} DictTable;

#define DICT_ROOM_BITS 40

typedef struct Dict {
    Object head;
    int64_t length;   /* live entries; guard: lock to change, relaxed to read */
    DictTable *table; /* guard: lock to change, acquire to read; never null */
} Dict;

static ALWAYS_INLINE Dict *
as_dict(Value v)
{
    return (Dict *)obj(v);
}

NODISCARD Own dict_new(void);
NODISCARD Own dict_new_sized(int64_t expected);
int64_t dict_len(Value d); /* (no runpy) */
/* Lookup: 1 found (*value new), 0 absent (*value NO_VALUE), -1 failed. May runpy (hash, ==)
 * unless the key is an exact str and so are the dict's. */
NODISCARD int dict_lookup(Value d, Value key, Own *value);
NODISCARD int dict_lookup_hash(Value d, Value key, int64_t hash, Own *value);
/* The same with the value borrowed, until the next safepoint or anything that may runpy or
 * detach: it may be dying, and is used only through try_own. */
NODISCARD int dict_peek_hash(Value d, Value key, int64_t hash, Value *value);
NODISCARD Own dict_get(Value d, Value key);   /* KeyError when absent */
/* key is an interned str and all keys are str: new reference, or NO_VALUE with nothing pending
 * (no runpy) */
NODISCARD Own dict_get_name(Value d, Value name);
/* name is an interned str, and so are the keys that are str: value NO_VALUE deletes what is there. Keys are told by identity, also where some are
 * no str: nobody is asked. fail: -1 + MemoryError (no runpy but by what it drops) */
NODISCARD int dict_change_name(Value d, Value name, Value value);
NODISCARD int dict_lookup_cstr(Value d, const char *key, Own *value);
NODISCARD int dict_set(Value d, Value key, Value value);
NODISCARD int dict_set_own(Value d, Own key, Own value); /* eats both, also on failure; fails without either: whoever was to make it raised */
NODISCARD int dict_set_hash(Value d, Value key, int64_t hash, Value value);
/* d[key] += 1, or = 1 where it is absent, in one step, if what it has is an int of a word: 1, 0 nothing was done, -1 */
NODISCARD int dict_count_hash(Value d, Value key, int64_t hash);
NODISCARD int dict_set_cstr(Value d, const char *key, Value value);
NODISCARD int dict_delete(Value d, Value key);           /* KeyError when absent */
NODISCARD int dict_pop(Value d, Value key, Own *value);  /* as dict_lookup, and removes it */
/* Removes key while its value is this very one: 1, 0 it has another or none, -1. One step after the last comparison of keys. */
NODISCARD int dict_delete_value(Value d, Value key, Value value);
NODISCARD int dict_pop_hash(Value d, Value key, int64_t hash, Own *value);
NODISCARD int dict_contains(Value d, Value key);         /* 0, 1, -1 */
/* Atomic: the present value (new, *was_present true) or the default, now stored. */
NODISCARD Own dict_setdefault(Value d, Value key, Value otherwise, bool *was_present);
NODISCARD Own dict_setdefault_hash(Value d, Value key, int64_t hash, Value otherwise,
                                   bool *was_present);
NODISCARD int dict_update(Value d, Value other);         /* d.update(other): mapping or pairs */
/* A dict that is iterated as dict does it, so that its table shows the same as its keys() and [] would. */
bool dict_is_plain(Value v);
/* As dict_update of a mapping; !override: present keys keep their values. */
NODISCARD int dict_merge(Value d, Value mapping, bool override);
NODISCARD Own dict_copy(Value d);
void dict_clear(Value d);
/* A new dict of all that d has; d is empty afterwards. One step. (no runpy) */
NODISCARD Own dict_take_all(Value d);
/* d, or a copy where others may be changing it: to go through it without seeing half of what they do. own: ret new */
static inline NODISCARD Own
dict_at_one_moment(Value d)
{
    return obj_is_contended(obj(d)) ? dict_copy(d) : own(d);
}
/* In order; position starts at 0. True while there is an entry; key and value new references. A
 * changing dict shows some of the changes, never garbage. (no runpy) */
bool dict_next(Value d, int64_t *position, Own *key, Own *value);
/* The same for keys, with the hash that the dict has for each. */
bool dict_next_key(Value d, int64_t *position, Own *key, int64_t *hash);
/* The same backwards; position starts at the table's `used` - 1. Either of key and value may be
 * null in both. */
bool dict_previous(Value d, int64_t *position, Own *key, Own *value);
NODISCARD Own dict_keys_list(Value d);
NODISCARD Own dict_values_list(Value d);
NODISCARD Own dict_items_list(Value d);
/* The items of a mapping that other threads may be changing, at one moment, if its keys() gave the view `keys` of
 * itself and its [] is dict's; else NO_VALUE with nothing pending: each key is to be asked for. (no runpy) */
NODISCARD Own dict_items_by_keys(Value mapping, Value keys);

/* For inline caches (names are interned strs; all no runpy). */
uint32_t dict_keys_version(Value d);            /* gives one if needed; 0 = cannot be cached */
int64_t dict_find_entry(Value d, Value name);   /* index in table->entries, -1 absent */

/* Takes the first or the last entry out, as a pair. fail: 0 + MemoryError, and nothing is taken; 0 alone when the dict is empty. (no runpy) */
NODISCARD Own dict_pop_first(Value d);
NODISCARD Own dict_pop_last(Value d);
/* Makes key the last entry, or the first one: 1, 0 absent, -1. Constant time on average. */
NODISCARD int dict_move_to_end(Value d, Value key, bool last);

/* Iterates keys, values or items, forwards or backwards; which, its type says. Used up: the dict
 * is given back, the field empty. */
typedef struct DictIterator {
    Object head;
    Own dict;         /* guard: lock to change */
    int64_t position; /* in the table's entries; guard: lock, like the rest */
    int64_t length;   /* of the dict when iteration began; -1 once it was found changed */
    int64_t left;     /* items still to come */
    const DictTable *table; /* the dict's when iteration began; another one has other keys */
} DictIterator;
NODISCARD Own dict_iter(Value d); /* over the keys */

/* What keys(), values() and items() give. */
typedef struct DictView {
    Object head;
    Own dict; /* immutable */
} DictView;
NODISCARD Own dict_keys_view(Value d);
NODISCARD Own dict_values_view(Value d);
NODISCARD Own dict_items_view(Value d);

#endif
