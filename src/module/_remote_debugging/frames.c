/* Frames of another process: of its threads and of its coroutines. */
#include "compile/inst.h"
#include "module/_remote_debugging/look.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/list.h"
#include "object/str.h"
#include "object/structseq.h"
#include "object/tuple.h"
#include "vm/generator.h"

enum { POSITIONS_MOST = 1 << 18 };

/* What is kept of a code object, a tuple. */
enum { CODE_FILENAME, CODE_QUALNAME, CODE_STRUCT, CODE_POSITIONS, CODE_PARTS };

/* own: *kept new */
static int
code_read(Look *l, Address at, Own *kept)
{
    Code code;
    Own parts[CODE_PARTS] = {NO_VALUE};
    int status = look_read(l, at, &code, sizeof code);
    if (status == LOOK_GOOD &&
        (obj_shape(&code.head) != SHAPE_CODE || code.npositions > POSITIONS_MOST)) {
        status = look_torn(l, "a frame has no code");
    }
    if (status == LOOK_GOOD) {
        status = look_str(l, (Address)code.filename, LOOK_TEXT_MOST, &parts[CODE_FILENAME]);
    }
    if (status == LOOK_GOOD) {
        status = look_str(l, (Address)code.qualname, LOOK_TEXT_MOST, &parts[CODE_QUALNAME]);
    }
    if (status == LOOK_GOOD) {
        size_t bytes = code.npositions * sizeof *code.positions;
        parts[CODE_STRUCT] = bytes_new(&code, sizeof code);
        parts[CODE_POSITIONS] = bytes_new(NULL, bytes);
        bool good = parts[CODE_STRUCT] && parts[CODE_POSITIONS] &&
                    look_charge(l, (int64_t)bytes / LOOK_PIECE) == 0; /* more, as it is kept */
        status = good ? look_read(l, (Address)code.positions,
                                  as_bytes(parts[CODE_POSITIONS])->data, bytes)
                      : LOOK_FAILED;
    }
    if (status != LOOK_GOOD) {
        for (int i = 0; i < CODE_PARTS; i++) {
            drop_opt(parts[i]);
        }
        return status;
    }
    *kept = tuple_from_own(parts, CODE_PARTS);
    return *kept ? LOOK_GOOD : LOOK_FAILED;
}

/* What there is to know of a code object, read once a look. own: *kept new */
static int
code_kept(Look *l, Address at, Own *kept)
{
    Own key = int_from_u64(at);
    int found = key ? dict_lookup(l->codes, key, kept) : -1;
    int status = found < 0 ? LOOK_FAILED : found ? LOOK_GOOD : code_read(l, at, kept);
    if (found == 0 && status == LOOK_GOOD && dict_set(l->codes, key, *kept) < 0) {
        ref_clear(kept);
        status = LOOK_FAILED;
    }
    drop_opt(key);
    return status;
}

/* The line of the instruction at pc; 0 when it is of no line. `running`: the frame's pc may not have
 * been stored yet, and then be anything. */
static int
line_find(Look *l, Value kept, Address pc, bool running, int *line)
{
    Code code;
    memcpy(&code, as_bytes(tuple_item(kept, CODE_STRUCT))->data, sizeof code);
    code.positions = (Position *)as_bytes(tuple_item(kept, CODE_POSITIONS))->data;
    Address at = pc - (Address)code.instructions;
    if (at % sizeof(Inst) || at / sizeof(Inst) >= code.ninst) {
        *line = code.firstlineno;
        return running ? LOOK_GOOD : look_torn(l, "a frame is not in its code");
    }
    const Position *position = code_position(&code, (uint32_t)(at / sizeof(Inst)));
    *line = position && position->line > 0 ? position->line : 0;
    return LOOK_GOOD;
}

static int
frame_append(Look *l, const Frame *f, bool running, Value list)
{
    Own kept = NO_VALUE;
    int line = 0, status = code_kept(l, (Address)f->code, &kept);
    if (status == LOOK_GOOD) {
        status = line_find(l, kept, (Address)f->pc, running, &line);
    }
    if (status == LOOK_GOOD) {
        Own fields[] = {own(tuple_item(kept, CODE_FILENAME)), small_int(line),
                        own(tuple_item(kept, CODE_QUALNAME))};
        status = list_append_own(list, structseq_new(frame_info_type, fields));
    }
    drop_opt(kept);
    return status;
}

int
look_frames(Look *l, Address first, Address last, Value list)
{
    Address at = first;
    bool ended = false;
    int status = LOOK_GOOD;
    while (at && !ended && status == LOOK_GOOD) {
        Frame f;
        status = look_read(l, at, &f, sizeof f);
        if (status == LOOK_GOOD) {
            ended = last ? at == last : (f.kind & FRAME_ENTRY) != 0;
            bool running = at == first;
            status = f.kind & FRAME_ENDS ? LOOK_GOOD : frame_append(l, &f, running, list);
            at = (Address)f.prev;
        }
    }
    return status == LOOK_GOOD && last && !ended
               ? look_torn(l, "the coroutine of a running task does not run")
               : status;
}

/* -- coroutines -- */

static bool
is_generator_shape(ShapeId shape)
{
    return shape == SHAPE_COROUTINE || shape == SHAPE_GENERATOR || shape == SHAPE_ASYNC_GENERATOR;
}

/* What a suspended coroutine waits for, where that is one, too; else *next is 0. */
static int
awaited_find(Look *l, Address at, const Generator *g, Address *next)
{
    Inst inst;
    Own value;
    Object head;
    *next = 0;
    int status = look_read(l, (Address)g->frame.pc, &inst, sizeof inst);
    if (status != LOOK_GOOD) {
        return status;
    }
    int receiver = inst_opcode(inst) < I_COUNT ? generator_delegate_register(&inst) : -1;
    if (receiver < 0 || (uint32_t)receiver >= g->frame.nregs) {
        return LOOK_GOOD;
    }
    Address field = at + offsetof(Generator, frame.regs) + (size_t)receiver * sizeof value;
    status = look_read(l, field, &value, sizeof value);
    if (status == LOOK_GOOD && value && is_object(value)) {
        status = look_read(l, (Address)value, &head, sizeof head);
        bool same = obj_shape(&head) == obj_shape(&g->head);
        *next = status == LOOK_GOOD && same ? (Address)value : 0;
    }
    return status;
}

/* The coroutine has not gone on while its parts were read. */
static int
check_still(Look *l, Address at, const Generator *before)
{
    Generator now;
    int status = look_read(l, at, &now, sizeof now);
    return status == LOOK_GOOD && (generator_state(&now) != GEN_SUSPENDED ||
                                   now.frame.pc != before->frame.pc)
               ? look_torn(l, "a coroutine goes on")
               : status;
}

int
look_coroutine(Look *l, Address at, Value list)
{
    int status = LOOK_GOOD;
    while (at && status == LOOK_GOOD) {
        Generator g;
        Address next = 0;
        status = look_read(l, at, &g, sizeof g);
        if (status != LOOK_GOOD || !is_generator_shape(obj_shape(&g.head)) ||
            generator_state(&g) == GEN_CLOSED) {
            break;
        }
        bool suspended = generator_state(&g) == GEN_SUSPENDED;
        status = frame_append(l, &g.frame, !suspended, list);
        if (status == LOOK_GOOD && suspended) {
            status = awaited_find(l, at, &g, &next);
            if (status == LOOK_GOOD) {
                status = check_still(l, at, &g);
            }
        }
        at = next;
    }
    return status == LOOK_GOOD && list_reverse(list) < 0 ? LOOK_FAILED : status;
}
