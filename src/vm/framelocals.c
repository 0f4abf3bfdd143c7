/* Local variables as mappings (PEP 667): see vm/framelocals.h. */
#include "vm/framelocals.h"

#include "object/dict.h"
#include "object/tuple.h"

/* The value of variable i of a frame: new, or NO_VALUE when it is unbound. */
static Own
variable_get(const Frame *f, uint32_t i)
{
    Value v = f->regs[i];
    if (v && (f->code->local_kinds[i] & (LOCAL_CELL | LOCAL_FREE)) && IS_EXACT(v, CELL)) {
        CellObject *cell = (CellObject *)obj(v);
        return ref_load(&cell->head, &cell->contents);
    }
    return own_opt(v);
}

Own
frame_locals_snapshot(Frame *f)
{
    if (!(f->code->flags & CO_OPTIMIZED)) {
        return own(f->locals);
    }
    Own dict = dict_new();
    for (uint32_t i = 0; dict && i < f->code->nlocals_plus; i++) {
        if (f->code->local_kinds[i] & LOCAL_HIDDEN) {
            continue;
        }
        Own v = variable_get(f, i);
        if (v && dict_set_own(dict, own(tuple_item(f->code->local_names, i)), v) < 0) {
            drop(dict);
            return NO_VALUE;
        }
    }
    return dict;
}

Own
frame_locals(FrameObject *fo)
{
    return frame_locals_snapshot(fo->frame);
}
