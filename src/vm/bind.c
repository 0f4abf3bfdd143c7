/* Binding the arguments of a call to the parameters of a Python function: registers 0 .. argcount-1 are the positional parameters, then come
 * the keyword-only ones, *args, **kwargs. Also the messages for calls that do not fit. */
#include "vm/call.h"

#include "object/dict.h"
#include "object/str.h"
#include "object/tuple.h"
#include "vm/suggest.h"

typedef struct Binding {
    Own *regs;
    const Function *function;
    const Code *code;
    unsigned positional, total;  /* parameters: positional ones, with keyword-only ones */
    size_t given;                /* positional arguments */
} Binding;

static Value
parameter_name(const Binding *b, unsigned i)
{
    return tuple_item(b->code->local_names, i);
}

/* "'a', 'b', and 'c'" */
static Own
quoted_list(Value const *names, size_t n)
{
    StrBuilder out;
    str_builder_init(&out, 16);
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            str_builder_fmt(&out, n == 2 ? " and " : i + 1 == n ? ", and " : ", ");
        }
        str_builder_repr(&out, names[i]);
    }
    return str_builder_finish(&out);
}

static void COLD
raise_missing(const Binding *b, const char *what, Value const *names, size_t n)
{
    Own list = quoted_list(names, n);
    if (list) {
        raise_fmt(&exc_TypeError, "%U() missing %zu required %s argument%s: %U", (Value)b->function->qualname, n, what, n == 1 ? "" : "s",
                  (Value)list);
        drop(list);
    }
}

/* Collects the names of the empty parameters from..to-1 into a message. -1 */
static int COLD
missing(const Binding *b, const char *what, unsigned from, unsigned to)
{
    Value *names = mem_alloc((to - from) * sizeof *names);
    if (names) {
        size_t n = 0;
        for (unsigned i = from; i < to; i++) {
            if (!b->regs[i]) {
                names[n++] = parameter_name(b, i);
            }
        }
        raise_missing(b, what, names, n);
        mem_free(names);
    }
    return -1;
}

static int COLD
raise_too_many(const Binding *b, unsigned defaults)
{
    unsigned keyword_only = 0;
    for (unsigned i = b->positional; i < b->total; i++) {
        keyword_only += b->regs[i] != NO_VALUE;
    }
    Own takes = defaults ? str_fmt("from %u to %u", b->positional - defaults, b->positional) : str_fmt("%u", b->positional);
    Own more = keyword_only ? str_fmt(" positional argument%s (and %u keyword-only argument%s)", b->given == 1 ? "" : "s", keyword_only,
                                      keyword_only == 1 ? "" : "s")
                            : own(str_empty);
    if (takes && more) {
        raise_fmt(&exc_TypeError, "%U() takes %U positional argument%s but %zu%U %s given", (Value)b->function->qualname, (Value)takes,
                  defaults || b->positional != 1 ? "s" : "", b->given, (Value)more, b->given == 1 && !keyword_only ? "was" : "were");
    }
    drop_opt(takes);
    drop_opt(more);
    return -1;
}

/* The parameter called name that may be given by keyword, or -1. */
static int
find_parameter(const Binding *b, Value name)
{
    for (unsigned i = (unsigned)b->code->posonlyargcount; i < b->total; i++) {
        if (parameter_name(b, i) == name) {
            return (int)i;
        }
    }
    if (!is_str(name)) {
        return -1;
    }
    for (unsigned i = (unsigned)b->code->posonlyargcount; i < b->total; i++) {
        if (str_equal(as_str(parameter_name(b, i)), as_str(name))) {
            return (int)i;
        }
    }
    return -1;
}

/* Names among kwnames that only positional parameters have: the error for them, if there are any. */
static bool COLD
raise_positional_only(const Binding *b, Value kwnames)
{
    StrBuilder out;
    str_builder_init(&out, 16);
    bool any = false;
    for (unsigned i = 0; i < (unsigned)b->code->posonlyargcount; i++) {
        for (int64_t k = 0; k < as_tuple(kwnames)->length; k++) {
            if (str_equal(as_str(parameter_name(b, i)), as_str(tuple_item(kwnames, k)))) {
                str_builder_fmt(&out, any ? ", %U" : "%U", parameter_name(b, i));
                any = true;
            }
        }
    }
    Own list = str_builder_finish(&out);
    if (list && any) {
        raise_fmt(&exc_TypeError, "%U() got some positional-only arguments passed as keyword arguments: '%U'",
                  (Value)b->function->qualname, (Value)list);
    }
    drop_opt(list);
    return any || exc_pending();
}

static int COLD
raise_unexpected(const Binding *b, Value name, Value kwnames)
{
    if (b->code->posonlyargcount && raise_positional_only(b, kwnames)) {
        return -1;
    }
    Value const *names = (Value const *)as_tuple(b->code->local_names)->items + b->code->posonlyargcount;
    Value close = suggest_name(name, names, b->total - (unsigned)b->code->posonlyargcount);
    Value qualname = b->function->qualname;
    if (close) {
        return raise_int(&exc_TypeError, "%U() got an unexpected keyword argument '%S'. Did you mean '%S'?", qualname, name, close);
    }
    return raise_int(&exc_TypeError, "%U() got an unexpected keyword argument '%S'", qualname, name);
}

/* Keyword arguments into parameters, the others into the dict `rest` (or an error). */
static int
bind_keywords(Binding *b, Own *values, Value kwnames, Value rest)
{
    for (int64_t k = 0; k < as_tuple(kwnames)->length; k++) {
        Value name = tuple_item(kwnames, k);
        if (!is_str(name)) {
            return raise_int(&exc_TypeError, "%U() keywords must be strings", (Value)b->function->qualname);
        }
        int i = find_parameter(b, name);
        if (i >= 0) {
            if (b->regs[i]) {
                return raise_int(&exc_TypeError, "%U() got multiple values for argument '%S'", (Value)b->function->qualname, name);
            }
            b->regs[i] = values[k];
            values[k] = NO_VALUE;
        } else if (!rest) {
            return raise_unexpected(b, name, kwnames);
        } else if (dict_set(rest, name, values[k]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
bind_defaults(Binding *b, Thread *t)
{
    Own defaults = ref_load(&b->function->head, &b->function->defaults);
    unsigned n = defaults ? (unsigned)as_tuple(defaults)->length : 0;
    if (n > b->positional) {
        n = b->positional;
    }
    int status = 0;
    if (b->given > b->positional && !(b->code->flags & CO_VARARGS)) {
        status = raise_too_many(b, n);
    }
    for (unsigned i = 0; status == 0 && i + n < b->positional; i++) {
        if (!b->regs[i]) {
            status = missing(b, "positional", 0, b->positional - n);
        }
    }
    for (unsigned i = b->positional - n; status == 0 && i < b->positional; i++) {
        if (!b->regs[i]) {
            b->regs[i] = reg_own(t, tuple_item(defaults, as_tuple(defaults)->length - (b->positional - i)));
        }
    }
    drop_opt(defaults);
    return status;
}

static int
bind_keyword_defaults(Binding *b)
{
    Own defaults = NO_VALUE;
    int status = 0;
    bool incomplete = false;
    for (unsigned i = b->positional; i < b->total; i++) {
        if (b->regs[i]) {
            continue;
        }
        if (!defaults) {
            defaults = ref_load(&b->function->head, &b->function->kwdefaults);
        }
        Own v = NO_VALUE;
        if (defaults && dict_lookup(defaults, parameter_name(b, i), &v) < 0) {
            status = -1;
            break;
        }
        if (v) {
            b->regs[i] = reg_from(v);
        } else {
            incomplete = true;
        }
    }
    drop_opt(defaults);
    return status < 0 ? -1 : incomplete ? missing(b, "keyword-only", b->positional, b->total) : 0;
}

/* What a frame holds that is not linked yet, held for a collection that Python code may run, or bring about by another thread. */
typedef struct CalleePins {
    Pinned registers, function, code;
} CalleePins;

static void
pin_callee(Thread *t, CalleePins *pins, const Frame *callee)
{
    thread_pin(t, &pins->registers, callee->regs, callee->nregs);
    thread_pin(t, &pins->function, (const Own *)&callee->function, 1);
    thread_pin(t, &pins->code, (const Own *)&callee->code, 1);
}

/* Positional arguments, of which some at the end may be missing, for parameters without *args and the like: the rest from the defaults. False:
 * it is not so simple, and nothing was done. */
static bool
bind_positional(Thread *t, Frame *callee, const Function *f, const Code *code, Own *args, size_t nargs)
{
    size_t count = (size_t)code->argcount;
    if (nargs > count || code->kwonlyargcount || (code->flags & (CO_VARARGS | CO_VARKEYWORDS))) {
        return false;
    }
    Own defaults = ref_load(&f->head, &f->defaults);
    if (!defaults || count - nargs > (size_t)as_tuple(defaults)->length) {
        if (defaults) {
            drop_later(defaults); /* this may be the last: no finalizer may run, nobody sees the arguments yet */
        }
        return false;
    }
    for (size_t i = 0; i < nargs; i++) {
        callee->regs[i] = args[i];
        args[i] = NO_VALUE;
    }
    Value const *from = (Value const *)as_tuple(defaults)->items + as_tuple(defaults)->length - count;
    for (size_t i = nargs; i < count; i++) {
        callee->regs[i] = reg_own(t, from[i]);
    }
    CalleePins pins; /* if those were the last to hold the defaults */
    pin_callee(t, &pins, callee);
    drop(defaults);
    thread_unpin(t, &pins.registers);
    return true;
}

int
bind_arguments(Frame *callee, const Function *f, const Code *code, Own *args, size_t nargs, Value kwnames)
{
    Thread *t = thread_self();
    if (!kwnames && bind_positional(t, callee, f, code, args, nargs)) {
        return 0;
    }
    Binding b = {callee->regs, f, code, (unsigned)code->argcount, (unsigned)(code->argcount + code->kwonlyargcount), nargs};
    size_t nkw = kwnames ? (size_t)as_tuple(kwnames)->length : 0;
    unsigned next = b.total;
    int status = 0;
    size_t direct = nargs < b.positional ? nargs : b.positional;
    for (size_t i = 0; i < direct; i++) {
        b.regs[i] = args[i];
        args[i] = NO_VALUE;
    }
    if (code->flags & CO_VARARGS) {
        for (size_t i = direct; i < nargs; i++) {
            args[i] = reg_take(args[i]);
        }
        t->leaves_with = code->name == NAME(__exit__);
        Own rest = tuple_from_own(args + direct, (int64_t)(nargs - direct));
        t->leaves_with = false;
        memset(args + direct, 0, (nargs - direct) * sizeof *args);
        b.regs[next++] = rest;
        status = rest ? 0 : -1;
    }
    CalleePins pins; /* hashing a keyword, the message of an error may run Python code */
    pin_callee(t, &pins, callee);
    Own keywords = NO_VALUE;
    if (status == 0 && (code->flags & CO_VARKEYWORDS)) {
        keywords = dict_new();
        b.regs[next] = keywords;
        status = keywords ? 0 : -1;
    }
    if (status == 0 && nkw) {
        status = bind_keywords(&b, args + nargs, kwnames, keywords);
    }
    if (status == 0) {
        status = bind_defaults(&b, t);
    }
    if (status == 0 && b.total > b.positional) {
        status = bind_keyword_defaults(&b);
    }
    for (size_t i = 0; i < nargs + nkw; i++) {
        reg_clear(&args[i]);
    }
    if (status < 0) {
        for (uint32_t i = 0; i < callee->nregs; i++) {
            reg_clear(&callee->regs[i]);
        }
    }
    thread_unpin(t, &pins.registers);
    return status;
}
