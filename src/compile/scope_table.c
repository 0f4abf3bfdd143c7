/* The data structures of scopes: symbols by name, scopes by node. See scope.h. */
#include "compile/scope_priv.h"

typedef struct ScopeSlot {
    const void *key;
    Scope *scope;
} ScopeSlot;

static uint32_t
pointer_hash(const void *p)
{
    uint64_t x = (uint64_t)(uintptr_t)p * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(x >> 32);
}

Symbol *
scope_find(const Scope *s, Value name)
{
    if (!s->table) {
        for (size_t i = 0; i < s->symbols.len; i++) {
            if (s->symbols.data[i]->name == name) {
                return s->symbols.data[i];
            }
        }
        return NULL;
    }
    for (uint32_t at = pointer_hash(name) & s->table_mask;; at = (at + 1) & s->table_mask) {
        Symbol *symbol = s->table[at];
        if (!symbol || symbol->name == name) {
            return symbol;
        }
    }
}

/* Rebuilds the table of a scope that has outgrown it. Small scopes have none: they are searched in order. */
static void
scope_index(Compiler *c, Scope *s)
{
    uint32_t size = s->table ? (s->table_mask + 1) * 2 : 32;
    Symbol **table = compiler_alloc(c, size * sizeof(*table));
    if (!table) {
        return;
    }
    s->table = table;
    s->table_mask = size - 1;
    for (size_t i = 0; i < s->symbols.len; i++) {
        uint32_t at = pointer_hash(s->symbols.data[i]->name) & s->table_mask;
        while (table[at]) {
            at = (at + 1) & s->table_mask;
        }
        table[at] = s->symbols.data[i];
    }
}

Symbol *
scope_symbol(Compiler *c, Scope *s, Value name)
{
    if (c->failed || !name) {
        return NULL;
    }
    Symbol *symbol = scope_find(s, name);
    if (symbol) {
        return symbol;
    }
    symbol = compiler_alloc(c, sizeof(*symbol));
    if (!symbol || symbolvec_push(&s->symbols, symbol) < 0) {
        fail_memory(c);
        return NULL;
    }
    symbol->name = name;
    symbol->reg = -1;
    size_t limit = s->table ? ((size_t)s->table_mask + 1) / 2 : 8;
    if (s->symbols.len > limit) {
        scope_index(c, s);
    } else if (s->table) {
        uint32_t at = pointer_hash(name) & s->table_mask;
        while (s->table[at]) {
            at = (at + 1) & s->table_mask;
        }
        s->table[at] = symbol;
    }
    return c->failed ? NULL : symbol;
}

Scope *
scope_of(const Compiler *c, const void *key)
{
    const Scopes *scopes = c->scopes;
    if (!scopes->slots) {
        return NULL;
    }
    for (uint32_t at = pointer_hash(key) & scopes->mask;; at = (at + 1) & scopes->mask) {
        const ScopeSlot *slot = &scopes->slots[at];
        if (!slot->key || slot->key == key) {
            return slot->scope;
        }
    }
}

static void
scopes_insert(Scopes *scopes, const void *key, Scope *s)
{
    uint32_t at = pointer_hash(key) & scopes->mask;
    while (scopes->slots[at].key) {
        at = (at + 1) & scopes->mask;
    }
    scopes->slots[at] = (ScopeSlot){key, s};
}

static void
scopes_register(Compiler *c, const void *key, Scope *s)
{
    Scopes *scopes = c->scopes;
    if (scopes->count * 2 >= scopes->mask) {
        ScopeSlot *old = scopes->slots;
        uint32_t old_size = old ? scopes->mask + 1 : 0;
        uint32_t size = old ? old_size * 2 : 64;
        ScopeSlot *slots = compiler_alloc(c, size * sizeof(*slots));
        if (!slots) {
            return;
        }
        scopes->slots = slots;
        scopes->mask = size - 1;
        for (uint32_t i = 0; i < old_size; i++) {
            if (old[i].key) {
                scopes_insert(scopes, old[i].key, old[i].scope);
            }
        }
    }
    scopes_insert(scopes, key, s);
    scopes->count++;
}

Scope *
scope_new(Compiler *c, Scope *parent, ScopeKind kind, Value name, const void *key, Pos pos)
{
    Scope *s = c->failed ? NULL : compiler_alloc(c, sizeof(*s));
    if (!s) {
        return NULL;
    }
    s->kind = kind;
    s->name = name;
    s->key = key;
    s->pos = pos;
    s->parent = parent;
    if (parent) {
        s->private = parent->private;
        s->generic = parent->generic;
        s->nested = parent->nested || scope_is_function_like(parent);
        s->method = kind == SCOPE_FUNCTION &&
                    (parent->kind == SCOPE_CLASS || (parent->kind == SCOPE_TYPE_PARAMS && parent->can_see_class));
        s->iter_expr = parent->iter_expr;
        if (scopevec_push(&parent->children, s) < 0) {
            fail_memory(c);
            return NULL;
        }
    }
    scopes_register(c, key, s);
    return c->failed ? NULL : s;
}

Value
scope_mangle(Compiler *c, const Scope *s, Value name)
{
    if (!s->private) {
        return name;
    }
    if (s->generic) {
        bool found = false;
        for (int i = 0; i < s->generic->count && !found; i++) {
            const TypeParam *p = s->generic->items[i];
            const Name *id = p->kind == TYPE_PARAM_TYPE_VAR     ? p->TypeVar.name
                             : p->kind == TYPE_PARAM_PARAM_SPEC ? p->ParamSpec.name
                                                                : p->TypeVarTuple.name;
            found = name_value(c, id) == name;
        }
        if (!found) {
            return name;
        }
    }
    return name_mangle(c, s->private, name);
}

/* Vectors are malloc'ed; the rest is the arena's. A deep tree of scopes is walked without recursion. */
void
scopes_free(Scopes *scopes)
{
    Scope *s = scopes->top;
    while (s) {
        if (s->children.len > 0) {
            s = scopevec_pop(&s->children);
            continue;
        }
        scopevec_free(&s->children);
        symbolvec_free(&s->symbols);
        symbolvec_free(&s->params);
        symbolvec_free(&s->frame);
        s = s->parent;
    }
    scopes->top = NULL;
}
