/* cell: one variable shared by closures.
 *
 * Threads: `contents` changes under the cell's lock when contended; readers use ref_load, so a closure variable that many threads
 * read costs them no shared write beyond the reference itself. */
#include "object/function.h"
#include "object/str.h"

#include "cell.spec.h"

static CellObject *
as_cell(Value v)
{
    return (CellObject *)obj(v);
}

/* own: ret new, contents eaten · fail: 0 + MemoryError */
Own
cell_new(Own contents)
{
    CellObject *cell = (CellObject *)object_alloc(SHAPE_CELL, sizeof(CellObject), OBJ_TRACKED);
    if (!cell) {
        drop_opt(contents);
        return NO_VALUE;
    }
    ref_init(&cell->head, &cell->contents, contents);
    return OWN(cell);
}

/* cell(contents). pre: cls is cell itself: the type takes no subclasses */
Own
cell_make(Type *cls UNUSED, Value contents)
{
    return cell_new(own_opt(contents));
}

static void
cell_swap(CellObject *cell, Own value)
{
    CriticalSection section;
    critical_enter(&section, &cell->head);
    Own old = ref_swap(&cell->head, &cell->contents, value);
    critical_leave(&section);
    drop_opt(old);
}

Own
cell_get_cell_contents(CellObject *self)
{
    Own contents = ref_load(&self->head, &self->contents);
    return contents ? contents : raise_msg(&exc_ValueError, "cell is empty");
}

int
cell_set_cell_contents(CellObject *self, Value value)
{
    cell_swap(self, own_opt(value));
    return 0;
}

static Own
cell_repr(Value v)
{
    Own contents = ref_load(obj(v), &as_cell(v)->contents);
    if (!contents) {
        return str_fmt("<cell at %p: empty>", obj(v));
    }
    Own text = str_fmt("<cell at %p: %T object at %p>", obj(v), (Value)contents, obj(contents));
    drop(contents);
    return text;
}

/* Empty cells come before all others; full ones compare as what they hold. */
static Own
cell_compare(Value a, Value b, CompareOp op)
{
    if (!IS_EXACT(a, CELL) || !IS_EXACT(b, CELL)) {
        return own(NOTIMPLEMENTED);
    }
    Own x = ref_load(obj(a), &as_cell(a)->contents);
    Own y = ref_load(obj(b), &as_cell(b)->contents);
    Own result;
    if (x && y) {
        result = object_compare(x, y, op);
    } else {
        result = object_compare(small_int(x != NO_VALUE), small_int(y != NO_VALUE), op);
    }
    drop_opt(x);
    drop_opt(y);
    return result;
}

static int
cell_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((CellObject *)o)->contents);
    return 0;
}

static void
cell_clear(Object *o)
{
    ref_clear(&((CellObject *)o)->contents);
}

static void
cell_dealloc(Object *o)
{
    cell_clear(o);
    object_free(o);
}

Type cell_type = {
    .name = "cell",
    .root_shape = SHAPE_CELL,
    .flags = TYPE_GC,
    .basic_size = sizeof(CellObject),
    .slots = {
        .traverse = cell_traverse,
        .clear = cell_clear,
        .dealloc = cell_dealloc,
        .create = cell_create_slot,
        .repr = cell_repr,
        .compare = cell_compare,
    },
    .methods = cell_methods,
    .getsets = cell_getsets,
    .spec_doc = cell_doc,
};
