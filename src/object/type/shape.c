/* The shape table: layouts of instances, and the transitions between them.
 *
 * Shapes form one tree for each type: the root is an instance without attributes, each child adds
 * one name in the next slot. Slot i of an instance therefore always belongs to the same name,
 * whatever is added later; what leaves the tree (an attribute deleted and set again in another
 * place, too many names) goes into dict mode and never comes back.
 *
 * Threads: records are immutable once published. `children` and `index` are replaced as a whole or
 * filled cell by cell, key last (release), under shapes_lock; readers take no lock, and replaced
 * tables wait for an epoch. */
#include "object/type/type_priv.h"

#define CHILDREN_MAX 256     /* of one shape */
#define TYPE_SHAPES_MAX 4096 /* of one type's tree */
#define SLOTS_MAX 128        /* of one instance */
#define INDEX_FROM 8         /* shapes with more slots than this get an index when looked into */

typedef struct ShapeCell {
    _Atomic(Value) key;
    uint32_t id;
} ShapeCell;

/* Open addressing by the key's address; at most three quarters full. */
typedef struct ShapeChildren {
    uint32_t mask, count;
    ShapeCell cells[];
} ShapeChildren;

typedef struct ShapeIndex {
    uint32_t mask;
    ShapeCell cells[]; /* id is the slot. Complete before it is published. */
} ShapeIndex;

static Mutex shapes_lock;
static ShapeId shapes_used; /* guard: shapes_lock */
/* Ids of types that are gone, linked by `parent`. An inline cache may still hold a dead one; a free
 * one, nothing: see shapes_recycle_stw. guard: shapes_lock */
static ShapeId shapes_dead, shapes_free;
static uint32_t shapes_dead_count;
static const char dict_mode_key; /* its address is the key of the dict-mode child of a root */
#define DICT_MODE_KEY VALUE(&dict_mode_key)

static inline uint32_t
key_hash(Value key)
{
    uint64_t bits = value_bits(key) >> 4;
    return (uint32_t)(bits ^ bits >> 13);
}

void
shapes_init(void)
{
    if (shapes_used) {
        return;
    }
#define X(NAME, variable) shape_table[SHAPE_##NAME].type = &variable##_type;
    BUILTIN_TYPES(X)
#undef X
    shapes_used = SHAPE_FIRST_FREE;
}

/* lock: shapes_lock. 0 when the table is full: the last eighth is kept for new types. */
static ShapeId
shape_take(bool root)
{
    ShapeId id = shapes_free;
    if (id) {
        shapes_free = shape_table[id].parent;
        shape_table[id].parent = 0;
        return id;
    }
    if (shapes_used >= (root ? SHAPE_MAX : SHAPE_MAX / 8 * 7)) {
        return 0;
    }
    return shapes_used++;
}

/* lock: shapes_lock */
static void
retire_tree(ShapeId id)
{
    Shape *s = &shape_table[id];
    ShapeChildren *children = atomic_load_explicit(&s->children, memory_order_relaxed);
    for (uint32_t i = 0; children && i <= children->mask; i++) {
        if (atomic_load_explicit(&children->cells[i].key, memory_order_relaxed)) {
            retire_tree(children->cells[i].id);
        }
    }
    s->parent = shapes_dead;
    shapes_dead = id;
    shapes_dead_count++;
}

void
shapes_retire(Type *t)
{
    if (t->root_shape) {
        mutex_lock(&shapes_lock);
        retire_tree(t->root_shape);
        mutex_unlock(&shapes_lock);
    }
}

uint32_t
shapes_dead_now(void)
{
    mutex_lock(&shapes_lock);
    uint32_t count = shapes_dead_count;
    mutex_unlock(&shapes_lock);
    return count;
}

void
shapes_recycle_stw(void)
{
    mutex_lock(&shapes_lock);
    while (shapes_dead) {
        ShapeId id = shapes_dead;
        Shape *s = &shape_table[id];
        shapes_dead = s->parent;
        mem_free(atomic_load_explicit(&s->children, memory_order_relaxed));
        mem_free(atomic_load_explicit(&s->index, memory_order_relaxed));
        *s = (Shape){.parent = shapes_free};
        shapes_free = id;
    }
    shapes_dead_count = 0;
    mutex_unlock(&shapes_lock);
}

uint64_t
type_next_serial(void)
{
    static _Atomic uint64_t serials;
    return atomic_fetch_add_explicit(&serials, 1, memory_order_relaxed) + 1;
}

ShapeId
shape_new_root(Type *t)
{
    mutex_lock(&shapes_lock);
    ShapeId id = shape_take(true);
    if (id) {
        shape_table[id].type = t;
    }
    mutex_unlock(&shapes_lock);
    if (!id) {
        raise_msg(&exc_MemoryError, "too many types");
    }
    return id;
}

static ShapeId
children_find(const ShapeChildren *children, Value key)
{
    for (uint32_t i = key_hash(key);; i++) {
        const ShapeCell *cell = &children->cells[i & children->mask];
        Value found = atomic_load_explicit(&cell->key, memory_order_acquire);
        if (found == key) {
            return cell->id;
        }
        if (!found) {
            return 0;
        }
    }
}

ShapeId
shape_child_find(ShapeId s, Value name)
{
    const ShapeChildren *children =
        atomic_load_explicit(&shape_table[s].children, memory_order_acquire);
    return children ? children_find(children, name) : 0;
}

static void
cell_insert(ShapeCell *cells, uint32_t mask, Value key, uint32_t id)
{
    uint32_t i = key_hash(key) & mask;
    while (atomic_load_explicit(&cells[i].key, memory_order_relaxed)) {
        i = (i + 1) & mask;
    }
    cells[i].id = id;
    atomic_store_explicit(&cells[i].key, key, memory_order_release);
}

/* lock: shapes_lock. Room for one more child of s; false without memory. *retired: a table to
 * retire after. */
static bool
children_reserve(Shape *s, ShapeChildren **retired)
{
    ShapeChildren *old = atomic_load_explicit(&s->children, memory_order_relaxed);
    if (old && old->count + 1 <= (old->mask + 1) / 4 * 3) {
        return true;
    }
    uint32_t size = old ? (old->mask + 1) * 2 : 4;
    ShapeChildren *grown = mem_try_alloc(sizeof *grown + size * sizeof(ShapeCell));
    if (!grown) {
        return false;
    }
    memset(grown, 0, sizeof *grown + size * sizeof(ShapeCell));
    grown->mask = size - 1;
    for (uint32_t i = 0; old && i <= old->mask; i++) {
        Value key = atomic_load_explicit(&old->cells[i].key, memory_order_relaxed);
        if (key) {
            cell_insert(grown->cells, grown->mask, key, old->cells[i].id);
            grown->count++;
        }
    }
    atomic_store_explicit(&s->children, grown, memory_order_release);
    *retired = old;
    return true;
}

/* The child of s under key, made with these flags. 0 when there is no room. */
static ShapeId
child_make(ShapeId parent, Value key, uint32_t flags)
{
    Shape *s = &shape_table[parent];
    Shape *root = &shape_table[s->type->root_shape];
    ShapeChildren *retired = NULL;
    mutex_lock(&shapes_lock);
    ShapeId id = shape_child_find(parent, key);
    if (!id && children_reserve(s, &retired)) {
        ShapeChildren *children = atomic_load_explicit(&s->children, memory_order_relaxed);
        bool dict_mode = flags & SHAPE_DICT_MODE;
        if (dict_mode || (children->count < CHILDREN_MAX && root->slot < TYPE_SHAPES_MAX &&
                          s->count < SLOTS_MAX)) {
            id = shape_take(dict_mode);
        }
        if (id) {
            Shape *child = &shape_table[id];
            child->type = s->type;
            child->key = dict_mode ? NO_VALUE : own(key);
            child->parent = parent;
            child->slot = s->count;
            child->count = dict_mode ? 0 : s->count + 1;
            child->flags = flags;
            root->slot++; /* a root has no slot: there it counts the tree */
            cell_insert(children->cells, children->mask, key, id);
            children->count++;
        }
    }
    mutex_unlock(&shapes_lock);
    if (retired) {
        mem_retire(&s->type->head, retired);
    }
    return id;
}

ShapeId
shape_child(ShapeId s, Value name)
{
    ShapeId id = shape_child_find(s, name);
    if (LIKELY(id)) {
        return id;
    }
    publish(name);
    return child_make(s, name, 0);
}

ShapeId
shape_dict_mode(Type *t)
{
    ShapeId id = shape_child_find(t->root_shape, DICT_MODE_KEY);
    if (!id) {
        id = child_make(t->root_shape, DICT_MODE_KEY, SHAPE_DICT_MODE);
        if (!id) {
            raise_no_memory();
        }
    }
    return id;
}

void
shape_keys(ShapeId s, Value *keys)
{
    for (const Shape *shape = &shape_table[s]; shape->count; shape = &shape_table[shape->parent]) {
        keys[shape->slot] = shape->key;
    }
}

/* The index of s, made now; null without memory. */
static ShapeIndex *
index_make(ShapeId id)
{
    Shape *s = &shape_table[id];
    uint32_t size = 16;
    while (size < s->count * 2) {
        size *= 2;
    }
    ShapeIndex *index = mem_try_alloc(sizeof *index + size * sizeof(ShapeCell));
    if (!index) {
        return NULL;
    }
    memset(index, 0, sizeof *index + size * sizeof(ShapeCell));
    index->mask = size - 1;
    for (const Shape *shape = s; shape->count; shape = &shape_table[shape->parent]) {
        cell_insert(index->cells, index->mask, shape->key, shape->slot);
    }
    ShapeIndex *expected = NULL;
    if (!atomic_compare_exchange_strong_explicit(&s->index, &expected, index, memory_order_acq_rel,
                                                 memory_order_acquire)) {
        mem_free(index); /* another thread was faster */
        return expected;
    }
    return index;
}

static int64_t
index_find(const ShapeIndex *index, Value name)
{
    for (uint32_t i = key_hash(name);; i++) {
        const ShapeCell *cell = &index->cells[i & index->mask];
        Value key = atomic_load_explicit(&cell->key, memory_order_relaxed);
        if (key == name) {
            return cell->id;
        }
        if (!key) {
            return -1;
        }
    }
}

int64_t
shape_find_once(ShapeId id, Value name)
{
    const Shape *s = &shape_table[id];
    const ShapeIndex *index = atomic_load_explicit(&s->index, memory_order_acquire);
    if (index) {
        return index_find(index, name);
    }
    for (; s->count; s = &shape_table[s->parent]) {
        if (s->key == name) {
            return s->slot;
        }
    }
    return -1;
}

int64_t
shape_find(ShapeId id, Value name)
{
    const Shape *s = &shape_table[id];
    if (s->count > INDEX_FROM && !atomic_load_explicit(&s->index, memory_order_relaxed)) {
        (void)index_make(id);
    }
    return shape_find_once(id, name);
}
