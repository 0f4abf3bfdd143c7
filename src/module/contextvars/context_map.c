/* A compressed hash-array mapped prefix tree (Steindorfer, Vinju: "Optimizing Hash-Array Mapped
 * Tries for Fast and Lean Immutable JVM Collections", 2015): a node has up to 32 places, each
 * empty, an item, or a child node; two bitmaps tell which, and the node holds first its items, then
 * its children. A child has at least two items below it, so equal sets of keys make equal trees.
 *
 * The hash is the key's address mixed by bijections: different keys differ in it, five bits of
 * which choose the place at each depth; so there are no collisions to keep lists of.
 *
 * Threads: immutable after creation. */
#include "module/contextvars/context_map.h"

#include "object/type.h"

typedef struct Node {
    Object head;
    uint32_t items;    /* bitmap of places that hold an item */
    uint32_t children; /* of places that hold a child; no place is in both */
    int64_t length;    /* items here and below */
    Own fields[];      /* key, value of each item in order of places; then the children */
} Node;

static Node *
as_node(Value v)
{
    return (Node *)obj(v);
}

static uint64_t
hash_key(Value key)
{
    uint64_t h =
        value_bits(key) * 0x9E3779B97F4A7C15u; /* odd constants: multiplication is a bijection */
    h = (h ^ h >> 32) * 0xD6E8FEB86659FD93u;
    return h ^ h >> 32;
}

static inline uint32_t
place_bit(uint64_t hash, unsigned depth)
{
    return 1u << (hash >> 5 * depth & 31);
}

static inline unsigned
rank(uint32_t bitmap, uint32_t bit)
{
    return (unsigned)__builtin_popcount(bitmap & (bit - 1));
}

static inline unsigned
item_count(const Node *n)
{
    return (unsigned)__builtin_popcount(n->items);
}

static inline unsigned
field_count(const Node *n)
{
    return 2 * item_count(n) + (unsigned)__builtin_popcount(n->children);
}

/* Where the item or child of this place is among the fields. */
static inline unsigned
item_field(const Node *n, uint32_t bit)
{
    return 2 * rank(n->items, bit);
}

static inline unsigned
child_field(const Node *n, uint32_t bit)
{
    return 2 * item_count(n) + rank(n->children, bit);
}

/* A node with these bitmaps and empty fields. own: ret new */
static Node *
node_new(uint32_t items, uint32_t children, int64_t length)
{
    unsigned fields =
        2 * (unsigned)__builtin_popcount(items) + (unsigned)__builtin_popcount(children);
    Node *n = (Node *)object_alloc(context_map_type.root_shape, sizeof(Node) + fields * sizeof(Own),
                                   OBJ_TRACKED);
    if (n) {
        n->items = items;
        n->children = children;
        n->length = length;
    }
    return n;
}

/* Counts `count` fields of `from` into `to`. */
static void
copy_fields(Node *to, unsigned to_at, const Node *from, unsigned from_at, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        ref_init(&to->head, &to->fields[to_at + i], own(from->fields[from_at + i]));
    }
}

Own
context_map_new(void)
{
    return OWN(node_new(0, 0, 0));
}

int64_t
context_map_len(Value map)
{
    return as_node(map)->length;
}

Value
context_map_find(Value map, Value key)
{
    const Node *n = as_node(map);
    uint64_t hash = hash_key(key);
    for (unsigned depth = 0;; depth++) {
        uint32_t bit = place_bit(hash, depth);
        if (n->items & bit) {
            unsigned at = item_field(n, bit);
            return n->fields[at] == key ? n->fields[at + 1] : NO_VALUE;
        }
        if (!(n->children & bit)) {
            return NO_VALUE;
        }
        n = as_node(n->fields[child_field(n, bit)]);
    }
}

/* -- adding -- */

/* n with one field replaced. own: v eaten, ret new */
static Node *
with_field(const Node *n, unsigned at, Own v, int64_t length)
{
    Node *copy = v ? node_new(n->items, n->children, length) : NULL;
    if (!copy) {
        drop_opt(v);
        return NULL;
    }
    copy_fields(copy, 0, n, 0, at);
    ref_init(&copy->head, &copy->fields[at], v);
    copy_fields(copy, at + 1, n, at + 1, field_count(n) - at - 1);
    return copy;
}

static Node *
with_item(const Node *n, uint32_t bit, Value key, Value value)
{
    Node *copy = node_new(n->items | bit, n->children, n->length + 1);
    if (copy) {
        unsigned at = item_field(copy, bit);
        copy_fields(copy, 0, n, 0, at);
        ref_init(&copy->head, &copy->fields[at], own(key));
        ref_init(&copy->head, &copy->fields[at + 1], own(value));
        copy_fields(copy, at + 2, n, at, field_count(n) - at);
    }
    return copy;
}

/* A node of two items, whose hashes are the same up to this depth. */
static Node *
pair(uint64_t hash1, Value key1, Value value1, uint64_t hash2, Value key2, Value value2,
     unsigned depth)
{
    uint32_t bit1 = place_bit(hash1, depth), bit2 = place_bit(hash2, depth);
    if (bit1 == bit2) {
        Node *below = pair(hash1, key1, value1, hash2, key2, value2, depth + 1);
        Node *n = below ? node_new(0, bit1, 2) : NULL;
        if (!n) {
            drop_opt(OWN(below));
            return NULL;
        }
        ref_init(&n->head, &n->fields[0], OWN(below));
        return n;
    }
    Node *n = node_new(bit1 | bit2, 0, 2);
    if (n) {
        unsigned first = bit1 < bit2 ? 0 : 2;
        ref_init(&n->head, &n->fields[first], own(key1));
        ref_init(&n->head, &n->fields[first + 1], own(value1));
        ref_init(&n->head, &n->fields[2 - first], own(key2));
        ref_init(&n->head, &n->fields[3 - first], own(value2));
    }
    return n;
}

/* n with the item at `bit` replaced by a child. own: child eaten, ret new */
static Node *
with_child_for_item(const Node *n, uint32_t bit, Own child)
{
    Node *copy = child ? node_new(n->items & ~bit, n->children | bit, n->length + 1) : NULL;
    if (!copy) {
        drop_opt(child);
        return NULL;
    }
    unsigned old = item_field(n, bit), fresh = child_field(copy, bit);
    copy_fields(copy, 0, n, 0, old);
    copy_fields(copy, old, n, old + 2, fresh - old);
    ref_init(&copy->head, &copy->fields[fresh], child);
    copy_fields(copy, fresh + 1, n, fresh + 2, field_count(n) - fresh - 2);
    return copy;
}

static Node *
set(const Node *n, uint64_t hash, unsigned depth, Value key, Value value)
{
    uint32_t bit = place_bit(hash, depth);
    if (n->items & bit) {
        unsigned at = item_field(n, bit);
        Value there = n->fields[at];
        if (there == key) {
            return with_field(n, at + 1, own(value), n->length);
        }
        return with_child_for_item(
            n, bit,
            OWN(pair(hash_key(there), there, n->fields[at + 1], hash, key, value, depth + 1)));
    }
    if (n->children & bit) {
        unsigned at = child_field(n, bit);
        const Node *child = as_node(n->fields[at]);
        Node *changed = set(child, hash, depth + 1, key, value);
        return changed
                   ? with_field(n, at, OWN(changed), n->length + changed->length - child->length)
                   : NULL;
    }
    return with_item(n, bit, key, value);
}

Own
context_map_set(Value map, Value key, Value value)
{
    return OWN(set(as_node(map), hash_key(key), 0, key, value));
}

/* -- removing -- */

static Node *
without_item(const Node *n, uint32_t bit)
{
    Node *copy = node_new(n->items & ~bit, n->children, n->length - 1);
    if (copy) {
        unsigned at = item_field(n, bit);
        copy_fields(copy, 0, n, 0, at);
        copy_fields(copy, at, n, at + 2, field_count(n) - at - 2);
    }
    return copy;
}

/* n with the child at `bit` replaced by the only item of `single`. */
static Node *
with_item_for_child(const Node *n, uint32_t bit, const Node *single)
{
    Node *copy = node_new(n->items | bit, n->children & ~bit, n->length - 1);
    if (copy) {
        unsigned old = child_field(n, bit), fresh = item_field(copy, bit);
        copy_fields(copy, 0, n, 0, fresh);
        copy_fields(copy, fresh, single, 0, 2);
        copy_fields(copy, fresh + 2, n, fresh, old - fresh);
        copy_fields(copy, old + 2, n, old + 1, field_count(n) - old - 1);
    }
    return copy;
}

static Node *
without(const Node *n, uint64_t hash, unsigned depth, Value key)
{
    uint32_t bit = place_bit(hash, depth);
    if (n->items & bit) {
        assert(n->fields[item_field(n, bit)] == key);
        return without_item(n, bit);
    }
    assert(n->children & bit);
    unsigned at = child_field(n, bit);
    Node *changed = without(as_node(n->fields[at]), hash, depth + 1, key);
    if (!changed) {
        return NULL;
    }
    if (changed->length > 1) {
        return with_field(n, at, OWN(changed), n->length - 1);
    }
    Node *copy = with_item_for_child(n, bit, changed);
    drop(OWN(changed));
    return copy;
}

Own
context_map_remove(Value map, Value key)
{
    return OWN(without(as_node(map), hash_key(key), 0, key));
}

/* -- walking -- */

bool
context_map_next(Value map, ContextMapCursor *cursor, Value *key, Value *value)
{
    for (;;) {
        const Node *n = as_node(map);
        for (unsigned d = 0; d < cursor->depth; d++) {
            n = as_node(n->fields[item_count(n) + cursor->at[d] - 1]);
        }
        unsigned at = cursor->at[cursor->depth], items = item_count(n);
        if (at < items) {
            cursor->at[cursor->depth]++;
            *key = n->fields[2 * at];
            *value = n->fields[2 * at + 1];
            return true;
        }
        if (2 * items + (at - items) < field_count(n)) {
            cursor->at[cursor->depth]++;
            cursor->at[++cursor->depth] = 0;
        } else if (cursor->depth == 0) {
            return false;
        } else {
            cursor->depth--;
        }
    }
}

/* -- type -- */

static int
context_map_traverse(Object *o, Visit visit, void *arg)
{
    Node *n = (Node *)o;
    for (unsigned i = 0, fields = field_count(n); i < fields; i++) {
        VISIT(n->fields[i]);
    }
    return 0;
}

static void
context_map_dealloc(Object *o)
{
    Node *n = (Node *)o;
    for (unsigned i = 0, fields = field_count(n); i < fields; i++) {
        drop_opt(n->fields[i]);
    }
    object_free(o);
}

Type context_map_type = {
    .name = "context_map",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(Node),
    .slots = {.traverse = context_map_traverse, .dealloc = context_map_dealloc},
};
