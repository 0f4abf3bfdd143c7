/* Reading what all looks need: bytes, text, types, threads. */
#include "module/_remote_debugging/look.h"

#include "heap/world.h"
#include "object/dict.h"
#include "object/str.h"

int
look_begin(Look *l, const Process *p)
{
    *l = (Look){.process = *p, .left = LOOK_READS, .torn = ""};
    l->codes = dict_new();
    l->stacks = dict_new();
    if (!l->codes || !l->stacks) {
        look_end(l);
        return LOOK_FAILED;
    }
    return LOOK_GOOD;
}

void
look_end(Look *l)
{
    drop_opt(l->codes);
    drop_opt(l->stacks);
}

int
look_charge(Look *l, int64_t n)
{
    l->left -= n;
    if (l->left < 0) {
        return raise_int(&exc_RuntimeError, "process %d: there is too much to read",
                         l->process.pid);
    }
    return safepoint(thread_self());
}

int
look_read(Look *l, Address at, void *to, size_t n)
{
    if (look_charge(l, 1 + (int64_t)(n / LOOK_PIECE)) < 0) {
        return LOOK_FAILED;
    }
    int status = process_read(&l->process, at, to, n);
    return status > 0 ? look_torn(l, "a pointer leads nowhere") : status;
}

int
look_give_up(Look *l)
{
    return raise_int(&exc_RuntimeError, "process %d cannot be read: %s", l->process.pid, l->torn);
}

int
look_is_a(Look *l, const Object *o, const Type *type, bool *is)
{
    Shape shape;
    Type *native;
    ShapeId id = obj_shape(o);
    *is = false;
    if (id == SHAPE_NO_SHAPE || id >= SHAPE_MAX) {
        return look_torn(l, "an object has no type");
    }
    int status = look_read(l, process_address(&l->process, &shape_table[id]), &shape, sizeof shape);
    Address wanted = process_address(&l->process, type), found = (Address)shape.type;
    if (status == LOOK_GOOD && found != wanted) {
        status = look_read(l, found + offsetof(Type, native), &native, sizeof native);
        found = (Address)native;
    }
    *is = status == LOOK_GOOD && found == wanted;
    return status;
}

/* -- text -- */

static Own
text_of_wide(const uint8_t *data, int64_t length, int width)
{
    uint32_t chars[LOOK_TEXT_MOST];
    for (int64_t i = 0; i < length; i++) {
        if (width == 2) {
            uint16_t c;
            memcpy(&c, data + 2 * i, sizeof c);
            chars[i] = c;
        } else {
            memcpy(&chars[i], data + 4 * i, sizeof chars[i]);
        }
        if (chars[i] > 0x10FFFF) {
            chars[i] = 0xFFFD;
        }
    }
    return str_from_ucs4(chars, (size_t)length);
}

int
look_str(Look *l, Address at, int64_t most, Own *text)
{
    Str head;
    uint8_t data[LOOK_TEXT_MOST * 4];
    bool is_text = true;
    int status = look_read(l, at, &head, STR_HEAD);
    if (status == LOOK_GOOD && obj_shape(&head.head) != SHAPE_STR) {
        status = look_is_a(l, &head.head, &str_type, &is_text);
    }
    if (status != LOOK_GOOD) {
        return status;
    }
    if (!is_text || head.length < 0 || (head.width != 1 && head.width != 2 && head.width != 4)) {
        return look_torn(l, "a text is none");
    }
    int64_t length = head.length < most ? head.length : most;
    status = look_read(l, at + STR_HEAD, data, (size_t)length * head.width);
    if (status == LOOK_GOOD) {
        *text = head.width == 1 ? str_from_latin1(data, (size_t)length)
                                : text_of_wide(data, length, head.width);
        status = *text ? LOOK_GOOD : LOOK_FAILED;
    }
    return status;
}

/* -- threads -- */

static int
threads_once(Look *l, SeenThreads *threads)
{
    Address at, before = 0;
    int status = look_read(l, process_address(&l->process, &threads_first), &at, sizeof at);
    while (at && status == LOOK_GOOD) {
        SeenThread seen = {.address = at};
        status = look_read(l, at, &seen.thread, sizeof seen.thread);
        if (status != LOOK_GOOD) {
            return status;
        }
        if ((Address)seen.thread.prev != before || threads->len == UINT16_MAX) {
            return look_torn(l, "the list of threads changes");
        }
        if (seen_threads_push(threads, seen) < 0) {
            raise_no_memory();
            return LOOK_FAILED;
        }
        before = at;
        at = (Address)seen.thread.next;
    }
    return status;
}

int
look_threads(Look *l, SeenThreads *threads)
{
    for (int i = 0; i < LOOK_TRIES; i++) {
        threads->len = 0;
        int status = threads_once(l, threads);
        if (status != LOOK_TORN) {
            return status;
        }
    }
    return look_give_up(l);
}

int
look_thread_again(Look *l, SeenThread *seen, bool *gone)
{
    uint64_t os_id = seen->thread.os_id;
    int status = look_read(l, seen->address, &seen->thread, sizeof seen->thread);
    *gone = status == LOOK_TORN || seen->thread.os_id != os_id;
    seen->thread.os_id = os_id;
    return status == LOOK_TORN ? LOOK_GOOD : status;
}
