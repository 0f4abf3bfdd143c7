/* Iteration and delegation: for loops, yield from, await, asynchronous iteration. */
#include "vm/generator.h"
#include "vm/cache.h"
#include "vm/ops.h"

#include "object/exception.h"

int
vm_get_iter(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    return finish_dst(pc, regs, object_iter(regs[operand_ub(pc)]));
}

int
vm_for_iter(const Inst *pc, Own *regs, Thread *t)
{
    Own *b = &regs[operand_ub(pc)];
    Value it = *b;
    if (IS_EXACT(it, GENERATOR)) {
        int status = generator_resume(t, as_generator(it), NONE, 0);
        if (status <= 0) {
            return status < 0 ? -1 : 2;
        }
    } else {
        Own (*next)(Value) = type_of(it)->slots.next;
        if (UNLIKELY(!next)) { /* a generator expression was given something else, or __next__ was deleted */
            return raise_int(&exc_TypeError, "'%T' object is not an iterator", it);
        }
        specialize_for_iter(pc, it);
        Own item = next(it);
        if (item) {
            dst_write(pc, regs, reg_from(item));
            return 0;
        }
        if (exc_pending() && !exc_swallow(&exc_StopIteration)) {
            return -1;
        }
    }
    reg_clear(b);
    return 1;
}

/* What is sent goes to a receiver that is no generator: 1 yielded, 0 returned, -1 */
static int
send_general(Value receiver, Value v, Own *result)
{
    Own (*next)(Value) = type_of(receiver)->slots.next; /* read once: another thread may give it another class */
    if (v == NONE && next) {
        *result = next(receiver);
    } else {
        *result = call_method1(receiver, "send", v);
    }
    if (*result) {
        return 1;
    }
    return exc_take_stop_iteration(result) ? 0 : -1;
}

int
vm_send(const Inst *pc, Own *regs, Thread *t)
{
    Own *a = &regs[operand_ua(pc)], *b = &regs[operand_ub(pc)];
    Own sent = *a, result;
    if (IS_EXACT(*b, GENERATOR) || IS_EXACT(*b, COROUTINE)) {
        Generator *g = as_generator(*b);
        if (sent == NONE || atomic_load_explicit(&g->state, memory_order_relaxed) != GEN_CREATED) {
            *a = NO_VALUE;
            int status = generator_resume(t, g, sent, 0);
            if (status <= 0) {
                return status < 0 ? -1 : 2;
            }
            if (IS_EXACT(*b, COROUTINE)) {
                return raise_int(&exc_RuntimeError, "cannot reuse already awaited coroutine");
            }
            *a = NONE;
            reg_clear(b);
            return 1;
        }
    }
    int yielded = send_general(*b, sent, &result);
    reg_clear(a);
    if (yielded < 0) {
        return -1;
    }
    *a = reg_from(result);
    if (yielded) {
        return 0;
    }
    reg_clear(b);
    return 1;
}

static bool
is_iterable_coroutine(Value v)
{
    return IS_EXACT(v, GENERATOR) && (as_code(as_generator(v)->code)->flags & CO_ITERABLE_COROUTINE);
}

int
vm_get_yield_from_iter(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value v = regs[operand_ub(pc)];
    Own it;
    if (IS_EXACT(v, COROUTINE)) {
        if (CODE->flags & (CO_COROUTINE | CO_ITERABLE_COROUTINE)) {
            it = own(v);
        } else {
            it = raise_msg(&exc_TypeError, "cannot 'yield from' a coroutine object in a non-coroutine generator");
        }
    } else {
        it = IS_EXACT(v, GENERATOR) ? own(v) : object_iter(v);
    }
    return finish_dst(pc, regs, it);
}

/* The iterator behind `await v`. own: ret new */
Own
awaitable_iterator(Value v)
{
    if (IS_EXACT(v, COROUTINE) || is_iterable_coroutine(v)) {
        return own(v);
    }
    UnaryFn await = type_of(v)->slots.await;
    if (!await) {
        return raise_fmt(&exc_TypeError, "'%T' object can't be awaited", v);
    }
    Own it = await(v);
    if (!it) {
        return NO_VALUE;
    }
    if (IS_EXACT(it, COROUTINE) || is_iterable_coroutine(it)) {
        drop(it);
        return raise_msg(&exc_TypeError, "__await__() returned a coroutine");
    }
    if (!type_of(it)->slots.next) {
        raise_fmt(&exc_TypeError, "__await__() returned non-iterator of type '%T'", (Value)it);
        drop(it);
        return NO_VALUE;
    }
    return it;
}

static Own
await_operand(Value v, unsigned how)
{
    if (how && !IS_EXACT(v, COROUTINE) && !is_iterable_coroutine(v) && !type_of(v)->slots.await) {
        return raise_fmt(&exc_TypeError, "'async with' received an object from %s that does not implement __await__: %T",
                         how == 1 ? "__aenter__" : "__aexit__", v);
    }
    Own it = awaitable_iterator(v);
    if (it && IS_EXACT(it, COROUTINE)) {
        Own d = generator_delegate(as_generator(it));
        if (d) { /* it waits already: somebody else awaits it */
            drop(d);
            drop(it);
            return raise_msg(&exc_RuntimeError, "coroutine is being awaited already");
        }
    }
    return it;
}

int
vm_get_awaitable(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own it = await_operand(regs[operand_ub(pc)], operand_uc(pc));
    Own b = source_end(pc, regs, operand_ub(pc), INST_KILL_B);
    if (it) {
        dst_write(pc, regs, reg_from(it));
    }
    reg_drop_opt(b);
    return it ? 0 : -1;
}

int
vm_get_aiter(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value v = regs[operand_ub(pc)];
    UnaryFn aiter = type_of(v)->slots.aiter;
    Own it = NO_VALUE;
    if (!aiter) {
        raise_fmt(&exc_TypeError, "'async for' requires an object with __aiter__ method, got %T", v);
    } else {
        it = aiter(v);
        if (it && !type_of(it)->slots.anext) {
            raise_fmt(&exc_TypeError, "'async for' received an object from __aiter__ that does not implement __anext__: %T", (Value)it);
            drop(it);
            it = NO_VALUE;
        }
    }
    return finish_dst(pc, regs, it);
}

int
vm_get_anext(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value v = regs[operand_ub(pc)];
    UnaryFn anext = type_of(v)->slots.anext;
    if (!anext) {
        return raise_int(&exc_TypeError, "'async for' requires an iterator with __anext__ method, got %T", v);
    }
    Own next = anext(v);
    if (!next) {
        return -1;
    }
    Own it = next;
    if (!IS_EXACT(v, ASYNC_GENERATOR)) {
        it = awaitable_iterator(next);
        if (!it) {
            raise_from_pending(&exc_TypeError, "'async for' received an invalid object from __anext__: %T", (Value)next);
        }
        drop(next);
    }
    if (!it) {
        return -1;
    }
    dst_write(pc, regs, reg_from(it));
    return 0;
}
