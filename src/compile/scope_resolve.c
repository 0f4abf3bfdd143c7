/* Pass two over scopes: where each name lives, and the registers of each frame.
 *
 * A name that a scope uses but does not bind is looked for outwards, scope by scope. When it is found in another frame, it becomes a cell
 * there and a free variable of every frame in between; found in the frame that the scope itself runs in (from an inlined
 * comprehension), it stays a plain register. */
#include "compile/scope_priv.h"

#define MAX_FRAME_VARIABLES 30000

/* The names that what is inside class s may use of it, besides none of its variables. */
static bool
is_class_cell(const Scope *s, Value name)
{
    return name == NAME(__class__) || name == NAME(__classdict__) ||
           (name == NAME(__conditional_annotations__) && s->conditional_annotations);
}

/* Scope s reaches a variable of scope `owner`, `binding` there (NULL: one of a class's own cells). */
static void
capture(Compiler *c, Scope *s, Value name, Scope *owner, Symbol *binding)
{
    bool captured = false;
    for (Scope *x = s; x != owner; x = x->parent) {
        captured |= !x->inlined;
        if (x == s) {
            continue;
        }
        Symbol *via = scope_symbol(c, x, name);
        if (!via) {
            return;
        }
        if (x->kind == SCOPE_CLASS && (via->flags & (DEF_BOUND | DEF_GLOBAL)) && !(via->flags & DEF_NONLOCAL)) {
            via->flags |= DEF_FREE_CLASS;
        } else {
            via->home = HOME_FREE;
        }
    }
    if (!captured) {
        return;
    }
    if (binding) {
        binding->home = HOME_CELL;
    } else if (name == NAME(__class__)) {
        owner->needs_class_cell = true;
    } else if (name == NAME(__classdict__)) {
        owner->needs_class_dict = true;
    }
}

/* The home of a name that s uses without binding it, or declares nonlocal. HOME_NONE: no enclosing function binds it. */
static Home
find_outside(Compiler *c, Scope *s, Symbol *symbol)
{
    Value name = symbol->name;
    bool sees_class = s->can_see_class;
    bool same_frame = s->inlined;
    for (Scope *x = s->parent; x; x = x->parent) {
        if (x->kind == SCOPE_MODULE) {
            break;
        }
        if (x->kind == SCOPE_CLASS && !same_frame && is_class_cell(x, name)) {
            capture(c, s, name, x, NULL);
            return HOME_FREE;
        }
        Symbol *found = scope_find(x, name);
        uint32_t flags = found ? found->flags : 0;
        if (x->kind == SCOPE_CLASS) {
            if (sees_class && (flags & DEF_GLOBAL)) {
                return HOME_GLOBAL_EXPLICIT;
            }
            if (sees_class && (flags & DEF_BOUND) && !(flags & DEF_NONLOCAL)) {
                return HOME_GLOBAL_IMPLICIT;
            }
        } else if (flags & DEF_GLOBAL) {
            break;
        } else if ((flags & DEF_BOUND) && !(flags & DEF_NONLOCAL)) {
            if ((symbol->flags & DEF_NONLOCAL) && (flags & DEF_TYPE_PARAM)) {
                scope_error(c, symbol->declared ? *symbol->declared : s->pos,
                             str_fmt("nonlocal binding not allowed for type parameter '%U'", name));
                return HOME_NONE;
            }
            capture(c, s, name, x, found);
            return HOME_FREE;
        }
        same_frame &= x->inlined;
        sees_class &= x->can_see_class;
    }
    return HOME_NONE;
}

static void
resolve_symbol(Compiler *c, Scope *s, Symbol *symbol)
{
    uint32_t flags = symbol->flags;
    if (flags & DEF_GLOBAL) {
        if (flags & DEF_NONLOCAL) {
            scope_error(c, symbol->declared ? *symbol->declared : s->pos, str_fmt("name '%U' is nonlocal and global", symbol->name));
            return;
        }
        symbol->home = HOME_GLOBAL_EXPLICIT;
    } else if (flags & DEF_NONLOCAL) {
        symbol->home = find_outside(c, s, symbol);
        if (symbol->home != HOME_FREE && !c->failed) {
            scope_error(c, symbol->declared ? *symbol->declared : s->pos,
                         str_fmt("no binding for nonlocal '%U' found", symbol->name));
        }
    } else if (flags & DEF_BOUND) {
        symbol->home = HOME_LOCAL;
    } else if (flags & NAME_USE) {
        Home home = find_outside(c, s, symbol);
        symbol->home = home == HOME_NONE ? HOME_GLOBAL_IMPLICIT : home;
    }
}

/* -- registers ------------------------------------------------------------------------------------- */

static void
frame_add(Compiler *c, Scope *host, Symbol *symbol)
{
    if (host->frame.len >= MAX_FRAME_VARIABLES) {
        scope_error(c, host->pos, str_fmt("too many local variables in one block"));
        return;
    }
    symbol->reg = (int32_t)host->frame.len;
    if (symbolvec_push(&host->frame, symbol) < 0) {
        fail_memory(c);
    }
}

/* Comprehensions that follow each other share the registers of variables with the same name: `busy` says which belong to one around. */
static bool
frame_share(Scope *host, Symbol *symbol, size_t start)
{
    for (size_t i = start; i < host->frame.len; i++) {
        const Symbol *other = host->frame.data[i];
        if (other->hidden && !other->busy && other->name == symbol->name) {
            symbol->reg = (int32_t)i;
            symbol->hidden = symbol->busy = true;
            host->frame.data[i] = symbol;
            return true;
        }
    }
    return false;
}

/* Adds the variables of s that live in its host's frame with this home, from register `start` on; those of the inlined
 * comprehensions in it too. */
static void
frame_add_home(Compiler *c, Scope *host, const Scope *s, Home home, size_t start)
{
    if (!compiler_enter(c)) {
        return;
    }
    if (s->inlined || scope_is_function_like(s)) {
        for (size_t i = 0; i < s->symbols.len && !c->failed; i++) {
            Symbol *symbol = s->symbols.data[i];
            bool own_param = (symbol->flags & DEF_PARAM) != 0;
            if (symbol->home == home && !own_param && !(s->inlined && frame_share(host, symbol, start))) {
                symbol->hidden = symbol->busy = s->inlined;
                frame_add(c, host, symbol);
            }
        }
    }
    for (size_t i = 0; i < s->children.len; i++) {
        if (s->children.data[i]->inlined) {
            frame_add_home(c, host, s->children.data[i], home, start);
        }
    }
    for (size_t i = 0; i < s->symbols.len; i++) {
        s->symbols.data[i]->busy = false;
    }
}

static int
compare_names(const void *a, const void *b)
{
    const Symbol *const *x = a, *const *y = b;
    return str_compare(as_str((*x)->name), as_str((*y)->name));
}

/* Puts the n registers from `start` on into the order of their names. */
static void
frame_sort(Scope *s, size_t start, size_t n)
{
    if (n > 1) {
        qsort(s->frame.data + start, n, sizeof(Symbol *), compare_names);
    }
    for (size_t i = start; i < start + n; i++) {
        s->frame.data[i]->reg = (int32_t)i;
    }
}

static void
frame_add_implicit_cell(Compiler *c, Scope *s, Value name, Symbol **field)
{
    *field = compiler_alloc(c, sizeof(**field));
    if (*field) {
        (*field)->name = name;
        (*field)->home = HOME_CELL;
        frame_add(c, s, *field);
    }
}

static void
frame_add_free(Compiler *c, Scope *s)
{
    size_t start = s->frame.len;
    for (size_t i = 0; i < s->symbols.len && !c->failed; i++) {
        Symbol *symbol = s->symbols.data[i];
        if (symbol->home == HOME_FREE || (symbol->flags & DEF_FREE_CLASS)) {
            frame_add(c, s, symbol);
        }
    }
    s->nfree = (uint32_t)(s->frame.len - start);
    frame_sort(s, start, s->nfree);
}

static void
number_registers(Compiler *c, Scope *s)
{
    for (size_t i = 0; i < s->params.len && !c->failed; i++) {
        frame_add(c, s, s->params.data[i]);
        s->ncells += s->params.data[i]->home == HOME_CELL;
    }
    frame_add_home(c, s, s, HOME_LOCAL, s->frame.len);
    size_t start = s->frame.len;
    frame_add_home(c, s, s, HOME_CELL, start);
    size_t own_cells = 0;
    while (start + own_cells < s->frame.len && !s->frame.data[start + own_cells]->hidden) {
        own_cells++;
    }
    frame_sort(s, start, own_cells);
    if (s->needs_class_cell) {
        frame_add_implicit_cell(c, s, NAME(__class__), &s->class_cell);
    }
    if (s->needs_class_dict) {
        frame_add_implicit_cell(c, s, NAME(__classdict__), &s->class_dict);
    }
    if (s->kind == SCOPE_CLASS && s->conditional_annotations) {
        frame_add_implicit_cell(c, s, NAME(__conditional_annotations__), &s->conditional_cell);
    }
    s->ncells += (uint32_t)(s->frame.len - start);
    frame_add_free(c, s);
}

/* -- the walk -------------------------------------------------------------------------------------- */

static void
resolve_names(Compiler *c, Scope *s)
{
    if (!compiler_enter(c)) {
        return;
    }
    if (s->kind == SCOPE_ANNOTATION && s->parent->kind == SCOPE_CLASS && s->parent->conditional_annotations &&
        s == s->parent->annotations) {
        Symbol *symbol = scope_symbol(c, s, NAME(__conditional_annotations__));
        if (symbol) {
            symbol->flags |= NAME_USE;
        }
    }
    if (s->has_walrus) {
        scope_host(s)->has_walrus = true;
    }
    /* Captures from inside add symbols behind, already resolved. */
    size_t count = s->symbols.len;
    for (size_t i = 0; i < count && !c->failed; i++) {
        resolve_symbol(c, s, s->symbols.data[i]);
    }
    for (size_t i = 0; i < s->children.len; i++) {
        Scope *child = s->children.data[i];
        if (!child->unevaluated) {
            resolve_names(c, child);
        } else if (!c->failed) {
            number_registers(c, child); /* its parameter */
        }
    }
    if (!s->inlined && !c->failed) {
        number_registers(c, s);
    }
}

void
scopes_resolve(Compiler *c)
{
    if (!c->failed) {
        resolve_names(c, c->scopes->top);
    }
}
