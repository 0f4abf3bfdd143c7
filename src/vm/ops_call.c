/* Calls, out of line, and the making of functions.
 *
 * A window holds the callable, self or nothing, and the arguments. Calls of Python functions, however they are found (bound methods,
 * classes with a Python __init__, objects with a Python __call__), push a frame and return 1; everything else is called here and now. */
#include "object/descriptor.h"
#include "vm/cache.h"
#include "vm/ops.h"

/* The window of a call instruction. Where it has no self, its second register may hold a stale immediate: emptied here. */
static ALWAYS_INLINE Own *
call_operand(const Inst *pc, Own *regs)
{
    Own *w = regs + operand_ub(pc);
    if (!inst_flag(pc, INST_SELF)) {
        w[1] = NO_VALUE;
    }
    return w;
}

/* A pushed frame becomes the running one, called by the instruction at hand. */
static void
frame_enter(Thread *t, Frame *callee, uint8_t skip)
{
    callee->prev = t->frame;
    callee->skip = skip;
    t->frame = callee;
}

/* The first argument's register in a window: self, if there is one. */
static Own *
window_arguments(Own *w)
{
    return w[1] ? w + 1 : w + 2;
}

/* w[0] is a Python function. nargs: without self. */
static int
call_python(Thread *t, Own *w, size_t nargs, Value kwnames, uint8_t skip)
{
    Own f = w[0], *args = window_arguments(w);
    size_t positional = nargs - (kwnames ? (size_t)as_tuple(kwnames)->length : 0) + (args == w + 1);
    w[0] = NO_VALUE;
    Frame *callee = frame_push_call(t, f, args, positional, kwnames);
    if (!callee) {
        return -1;
    }
    frame_enter(t, callee, skip);
    return 1;
}

/* v.name of v's class, when it is a Python function. own: ret new or NO_VALUE, nothing pending */
static Own
python_special(Type *type, Value name)
{
    Own f = type_find(type, name);
    if (f && !IS_EXACT(f, FUNCTION)) {
        drop(f);
        f = NO_VALUE;
    }
    return f;
}

bool
class_is_plain(Value v)
{
    const Type *type = (const Type *)obj(v);
    return (type_flags(type) & (TYPE_HEAP | TYPE_ABSTRACT)) == TYPE_HEAP && type->slots.create == object_type.slots.create &&
           type_of(v)->slots.call == type_type.slots.call;
}

/* The same, and *init gets its __init__. */
static bool
is_plain_class(Value v, Own *init)
{
    *init = class_is_plain(v) ? python_special((Type *)obj(v), NAME(__init__)) : NO_VALUE;
    return *init != NO_VALUE;
}

/* Finds the Python function behind w[0] and puts it there, with its receiver in w[1]: true. pre: w[1] is empty */
static bool
resolve_callable(Thread *t, Own *w)
{
    Own f = w[0];
    if (IS_EXACT(f, METHOD)) {
        const Method *method = (const Method *)obj(f);
        w[0] = reg_own(t, method->function);
        w[1] = reg_own(t, method->self);
        reg_drop(f);
        return true;
    }
    if (type_flags(type_of(f)) & TYPE_HEAP) {
        Own call = python_special(type_of(f), NAME(__call__));
        if (call) {
            w[0] = reg_from(call);
            w[1] = f;
            return true;
        }
    }
    return false;
}

/* w[0] is a plain class and init its __init__ (eaten): the instance is made, and __init__ entered. */
static int
call_class(Thread *t, Own *w, Own init, size_t nargs, Value kwnames, uint8_t skip)
{
    Own instance = object_new_instance((Type *)obj(w[0]));
    if (!instance) {
        drop(init);
        return -1;
    }
    Own class = w[0];
    w[0] = reg_from(init);
    w[1] = reg_own(t, instance);
    instance = reg_from(instance);
    int status = call_python(t, w, nargs, kwnames, skip);
    if (status > 0) {
        drop_opt(t->frame->locals);
        t->frame->locals = instance;
        t->frame->kind |= FRAME_INIT;
    }
    reg_drop(class);
    if (status <= 0) {
        reg_drop(instance);
    }
    return status;
}

/* Calls what is no Python function. own: ret new */
static Own
call_native(Own *w, size_t nargs, Value kwnames)
{
    Value f = w[0];
    Own *args = window_arguments(w);
    size_t positional = nargs - (kwnames ? (size_t)as_tuple(kwnames)->length : 0) + (args == w + 1);
    if (IS_EXACT(f, BUILTIN)) {
        const Builtin *builtin = (const Builtin *)obj(f);
        return builtin->def->fn(builtin->self, (Value const *)args, positional, kwnames);
    }
    if (IS_EXACT(f, METHOD_DESCRIPTOR) && positional > 0) {
        const MethodDescriptor *method = (const MethodDescriptor *)obj(f);
        if (LIKELY(is_instance_of(args[0], method->owner))) {
            return method->def->fn(args[0], (Value const *)args + 1, positional - 1, kwnames);
        }
    }
    return object_call(f, (Value const *)args, positional, kwnames);
}

/* The call of a window; nargs counts keyword arguments. */
static int
call_window(const Inst *pc, Own *regs, Thread *t, Own *w, size_t nargs, Value kwnames, uint8_t skip)
{
    Own init;
    if (is_object(w[0]) && !IS_EXACT(w[0], BUILTIN) && !IS_EXACT(w[0], METHOD_DESCRIPTOR)) {
        if (!w[1] && is_type(w[0]) && is_plain_class(w[0], &init)) {
            int status = call_class(t, w, init, nargs, kwnames, skip);
            if (status < 0) {
                window_end(w, (unsigned)nargs + 2);
            }
            return status;
        }
        while (!w[1] && !IS_EXACT(w[0], FUNCTION) && resolve_callable(t, w)) {
        }
        if (IS_EXACT(w[0], FUNCTION)) {
            return call_python(t, w, nargs, kwnames, skip);
        }
    }
    Own result = call_native(w, nargs, kwnames);
    assert((result == NO_VALUE) == exc_pending());
    window_end(w, (unsigned)nargs + 2);
    if (!result) {
        return -1;
    }
    dst_write(pc, regs, reg_from(result));
    return 0;
}

int
vm_call(const Inst *pc, Own *regs, Thread *t)
{
    Own *w = call_operand(pc, regs);
    if (is_object(w[0])) {
        specialize_call(pc, w);
    }
    return call_window(pc, regs, t, w, operand_uc(pc), NO_VALUE, 2);
}

/* The end of a call that was made: empties the window, writes the result. */
static ALWAYS_INLINE int
finish_call(const Inst *pc, Own *regs, Thread *t, Own *w, unsigned n, Own result)
{
    assert((result == NO_VALUE) == exc_pending());
    for (unsigned i = 0; i < n; i++) {
        Own v = w[i];
        w[i] = NO_VALUE;
        if (UNLIKELY(!reg_drop_fast(t, v))) {
            reg_drop(v);
        }
    }
    if (UNLIKELY(!result)) {
        return -1;
    }
    dst_write(pc, regs, reg_from(result));
    return 0;
}

int
vm_call_builtin(const Inst *pc, Own *regs, Thread *t)
{
    Own *w = call_operand(pc, regs);
    unsigned n = operand_uc(pc);
    if (UNLIKELY(!IS_EXACT(w[0], BUILTIN) || w[1])) {
        return vm_call(pc, regs, t);
    }
    const Builtin *f = (const Builtin *)obj(w[0]);
    return finish_call(pc, regs, t, w, n + 2, f->def->fn(f->self, (Value const *)w + 2, n, NO_VALUE));
}

int
vm_call_method(const Inst *pc, Own *regs, Thread *t)
{
    Own *w = call_operand(pc, regs);
    unsigned n = operand_uc(pc);
    const MethodDescriptor *f = (const MethodDescriptor *)obj(w[0]);
    if (UNLIKELY(!IS_EXACT(w[0], METHOD_DESCRIPTOR) || !w[1] || !is_instance_of(w[1], f->owner))) {
        return vm_call(pc, regs, t);
    }
    return finish_call(pc, regs, t, w, n + 2, f->def->fn(w[1], (Value const *)w + 2, n, NO_VALUE));
}

/* The usual call of a class: the frame of __init__ is pushed without binding. */
int
vm_call_class(const Inst *pc, Own *regs, Thread *t)
{
    Own *w = call_operand(pc, regs);
    unsigned n = operand_uc(pc);
    uint64_t word = cache_load(pc, 0);
    const TypeEntry *entry = &type_entries[word >> 32];
    if (UNLIKELY((uint32_t)word != CACHE_INIT_WORD || !IS_EXACT(w[0], TYPE) || entry->type != (Type *)obj(w[0]) || w[1] ||
                 !class_is_plain(w[0]))) {
        return vm_call(pc, regs, t);
    }
    Value init = __atomic_load_n(&entry->value, __ATOMIC_ACQUIRE);
    if (UNLIKELY(!init || !IS_EXACT(init, FUNCTION) || !reg_can_own_fast(t, init))) {
        return vm_call(pc, regs, t);
    }
    const Function *function = (const Function *)obj(init);
    Code *code = as_code(__atomic_load_n(&function->code, __ATOMIC_ACQUIRE));
    size_t bytes = frame_bytes(code);
    if (UNLIKELY(code->plain_args != n + 2 || (size_t)(t->stack_end - t->stack_top) < bytes ||
                 t->depth >= atomic_load_explicit(&recursion_limit, memory_order_relaxed))) {
        return vm_call(pc, regs, t);
    }
    Own instance = object_new_instance((Type *)obj(w[0]));
    if (UNLIKELY(!instance)) {
        window_end(w, n + 2);
        return -1;
    }
    reg_count(t, init);
    Frame *callee = stack_take(t, bytes);
    frame_init(callee, t->frame, code, init, function, 2);
    callee->kind = FRAME_INIT;
    callee->pc = code->instructions;
    callee->locals = instance;
    Own class = w[0];
    w[0] = NO_VALUE;
    w[1] = reg_own(t, instance);
    frame_take_arguments(callee, w + 1, n + 1, code->nregs);
    t->frame = callee;
    reg_drop(class);
    return 1;
}

int
vm_call_kw(const Inst *pc, Own *regs, Thread *t)
{
    Value kwnames = tuple_item(CODE->consts, (int64_t)(uint32_t)cache_load(pc, 1));
    return call_window(pc, regs, t, call_operand(pc, regs), operand_uc(pc), kwnames, 3);
}

/* -- f(*args, **kwargs) */

/* How messages name a function: "len()", "module.f()". own: ret new str */
static Own
function_text(Value f)
{
    Own qualname, module = NO_VALUE, text;
    int found = object_lookup_attr(f, NAME(__qualname__), &qualname);
    if (found <= 0) {
        return found < 0 ? NO_VALUE : object_str(f);
    }
    if (object_lookup_attr(f, NAME(__module__), &module) < 0) {
        drop(qualname);
        return NO_VALUE;
    }
    if (module && module != NONE && is_str(module) && !str_equals_cstr(module, "builtins")) {
        text = str_fmt("%S.%S()", (Value)module, (Value)qualname);
    } else {
        text = str_fmt("%S()", (Value)qualname);
    }
    drop_opt(module);
    drop(qualname);
    return text;
}

static void COLD
raise_of_function(Value f, const char *format, Value v)
{
    Own text = function_text(f);
    if (text) {
        raise_fmt(&exc_TypeError, format, (Value)text, v);
        drop(text);
    }
}

/* The *argument of a call as a tuple. own: ret new */
static Own
star_arguments(Value f, Value v)
{
    if (IS_EXACT(v, TUPLE)) {
        return own(v);
    }
    if (!type_of(v)->slots.iter && !type_of(v)->slots.getitem) {
        raise_of_function(f, "%U argument after * must be an iterable, not %T", v);
        return NO_VALUE;
    }
    return object_to_tuple(v);
}

#define SPREAD_SMALL 16 /* windows of so many values need no memory of their own */

/* Keyword arguments as an array behind the positional ones: `small`, or one to be freed; *names gets a tuple of them. own: ret new, its items
 * counted as a register's */
static Own *
spread_arguments(Thread *t, Value args, Value kwargs, Own *small, Own *names)
{
    int64_t n = as_tuple(args)->length, nkw = kwargs ? dict_len(kwargs) : 0, count = 0;
    Own *all = n + nkw + 2 <= SPREAD_SMALL ? small : mem_alloc((size_t)(n + nkw + 2) * sizeof *all);
    *names = nkw ? tuple_new(nkw) : NO_VALUE;
    if (!all || (nkw && !*names)) {
        goto fail;
    }
    Own key, value;
    for (int64_t position = 0; count < nkw && dict_next(kwargs, &position, &key, &value); count++) {
        tuple_init_item(*names, count, key);
        all[n + 2 + count] = reg_from(value);
        if (UNLIKELY(!is_str(key))) {
            raise_msg(&exc_TypeError, "keywords must be strings");
            count++;
            goto fail;
        }
    }
    if (UNLIKELY(count < nkw)) {
        Own fewer = tuple_slice(*names, 0, count);
        drop(*names);
        *names = fewer;
        if (!fewer) {
            goto fail;
        }
    }
    for (int64_t i = 0; i < n; i++) {
        all[2 + i] = reg_own(t, tuple_item(args, i));
    }
    return all;
fail:
    while (all && count > 0) {
        reg_drop(all[n + 2 + --count]);
    }
    drop_opt(*names);
    if (all != small) {
        mem_free(all);
    }
    return NULL;
}

int
vm_call_ex(const Inst *pc, Own *regs, Thread *t)
{
    Own *w = call_operand(pc, regs);
    Value kwargs = operand_uc(pc) ? (Value)w[3] : (Value)NO_VALUE;
    Own names = NO_VALUE, *all = NULL, small[SPREAD_SMALL];
    Own args = star_arguments(w[0], w[2]);
    if (args && kwargs && !IS_EXACT(kwargs, DICT)) {
        raise_of_function(w[0], "%U argument after ** must be a mapping, not %T", kwargs);
        drop(args);
        args = NO_VALUE;
    }
    int64_t count = args ? as_tuple(args)->length : 0;
    if (args) {
        all = spread_arguments(t, args, kwargs, small, &names);
        drop(args);
    }
    if (!all) {
        window_end(w, 4);
        return -1;
    }
    all[0] = w[0];
    all[1] = w[1];
    w[0] = w[1] = NO_VALUE;
    if (names) {
        count += as_tuple(names)->length;
        if (as_tuple(names)->length == 0) {
            drop(names);
            names = NO_VALUE;
        }
    }
    Pinned pin;
    thread_pin(t, &pin, all, (size_t)count + 2);
    window_end(w + 2, 2);
    int status = call_window(pc, regs, t, all, (size_t)count, names, 1);
    thread_unpin(t, &pin);
    drop_opt(names);
    if (all != small) {
        mem_free(all);
    }
    return status;
}

/* A keyword argument of f must be new. */
static int
keyword_check(Value f, Value into, Value key)
{
    int there = dict_contains(into, key);
    if (there > 0) {
        raise_of_function(f, "%U got multiple values for keyword argument '%S'", key);
    }
    return there == 0 ? 0 : -1;
}

/* Those of a dict, as it is at one moment. */
static int
keywords_of_dict(Value f, Value into, Value dict)
{
    Own copy = dict_copy(dict), key, value;
    int status = copy ? 0 : -1;
    for (int64_t at = 0; status == 0 && dict_next(copy, &at, &key, &value);) {
        status = keyword_check(f, into, key) == 0 && dict_set(into, key, value) == 0 ? 0 : -1;
        drop(key);
        drop(value);
    }
    drop_opt(copy);
    return status;
}

static int
keywords_of_mapping(Value f, Value into, Value v)
{
    Own get = NO_VALUE, keys = NO_VALUE;
    int found = object_lookup_attr(v, NAME(keys), &get);
    if (found > 0) {
        Own view = call0(get);
        drop(get);
        keys = view ? object_to_list(view) : NO_VALUE;
        drop_opt(view);
    } else if (found == 0) {
        raise_of_function(f, "%U argument after ** must be a mapping, not %T", v);
    }
    int status = keys ? 0 : -1;
    for (int64_t i = 0, n = keys ? list_len(keys) : 0; status == 0 && i < n; i++) {
        Own key = list_get(keys, i);
        Own value = keyword_check(f, into, key) == 0 ? object_getitem(v, key) : NO_VALUE;
        status = value && dict_set(into, key, value) == 0 ? 0 : -1;
        drop_opt(value);
        drop(key);
    }
    drop_opt(keys);
    return status;
}

/* dict_merge of the keyword arguments found so far with one more mapping. */
int
vm_dict_merge(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value into = regs[operand_ua(pc)], v = regs[operand_ub(pc)], f = regs[operand_uc(pc)];
    int status;
    if (!dict_is_plain(v)) {
        status = keywords_of_mapping(f, into, v);
    } else if (dict_len(into) == 0) { /* the usual **kwargs: nothing can be there twice */
        status = dict_len(v) ? dict_merge(into, v, true) : 0;
    } else {
        status = keywords_of_dict(f, into, v);
    }
    return finish_bc(pc, regs, status);
}

/* -- functions */

int
vm_make_function(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    const Frame *f = FRAME;
    Own function = function_new_in(tuple_item(CODE->consts, operand_ubc(pc)), f->globals, f->builtins);
    if (!function) {
        return -1;
    }
    dst_write(pc, regs, reg_from(function));
    return 0;
}

int
vm_set_function(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Function *f = (Function *)obj(regs[operand_ua(pc)]);
    Own *b = &regs[operand_ub(pc)];
    Own v = inst_flag(pc, INST_KILL_B) ? reg_take(*b) : own(*b);
    if (inst_flag(pc, INST_KILL_B)) {
        *b = NO_VALUE;
    }
    Own *field;
    switch (operand_uc(pc)) {
    case 1:
        field = &f->defaults;
        break;
    case 2:
        field = &f->kwdefaults;
        break;
    case 4:
        field = &f->annotations;
        break;
    case 8:
        field = &f->closure;
        break;
    case 16:
        field = &f->annotate;
        break;
    default:
        field = &f->type_params;
        break;
    }
    ref_store(&f->head, field, v);
    return 0;
}
