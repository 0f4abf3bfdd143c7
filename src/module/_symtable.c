/* The module _symtable: symbol tables as objects. They are copies of the compiler's, immutable. */
#include "compile/scope.h"
#include "module/source_arg.h"
#include "object/bool.h"
#include "object/dict.h"
#include "object/list.h"
#include "object/module.h"
#include "object/type.h"

extern Type symtable_entry_type;

typedef struct SymtableEntry {
    Object head;
    Own id, name, symbols, varnames, children;
    ScopeKind kind;
    int lineno;
    bool nested;
} SymtableEntry;

#include "_symtable.spec.h"

enum { SCOPE_OFF = 12, SCOPE_MASK = 15 };

static Own entry_new(const Scope *s);

/* The parameter of what is evaluated late has a name that no variable can have; code shows it without the dot. own: ret new */
static Own
shown_name(const Scope *s, const Symbol *symbol)
{
    bool late = s->kind == SCOPE_ANNOTATION || s->kind == SCOPE_TYPE_ALIAS || s->kind == SCOPE_TYPE_VARIABLE;
    return late && (symbol->flags & DEF_PARAM) ? str_from_cstr(".format") : own(symbol->name);
}

/* {name: what it is | where it lives << SCOPE_OFF}. An inlined comprehension's names are its host's, unless that has them itself.
 * fail: -1 */
static int
add_symbols(Value d, const Scope *s, bool inlined)
{
    for (size_t i = 0; i < s->symbols.len; i++) {
        const Symbol *symbol = s->symbols.data[i];
        if (inlined) {
            Own known;
            int found = symbol->flags & DEF_PARAM ? 1 : dict_lookup(d, symbol->name, &known);
            if (found < 0) {
                return -1;
            }
            bool passed_through = found && !(symbol->flags & DEF_PARAM) && (small_int_value(known) & ((1 << SCOPE_OFF) - 1)) == 0;
            if (found && !passed_through) {
                continue;
            }
        }
        uint32_t home = symbol->home == HOME_NONE && (symbol->flags & DEF_PARAM) ? HOME_LOCAL : symbol->home;
        Own name = shown_name(s, symbol);
        if (!name || dict_set_own(d, name, small_int(symbol->flags | home << SCOPE_OFF)) < 0) {
            return -1;
        }
    }
    if (!inlined && s->kind == SCOPE_MODULE && s->conditional_annotations &&
        dict_set_cstr(d, "__conditional_annotations__", small_int(NAME_USE | HOME_GLOBAL_IMPLICIT << SCOPE_OFF)) < 0) {
        return -1;
    }
    for (size_t i = 0; i < s->children.len; i++) {
        if (s->children.data[i]->inlined && add_symbols(d, s->children.data[i], true) < 0) {
            return -1;
        }
    }
    return 0;
}

static Own
symbols_dict(const Scope *s)
{
    Own d = dict_new();
    if (d && add_symbols(d, s, false) < 0) {
        ref_clear(&d);
    }
    return d;
}

static Own
parameters_list(const Scope *s)
{
    Own list = list_new(0);
    for (size_t i = 0; list && i < s->symbols.len; i++) {
        const Symbol *symbol = s->symbols.data[i];
        if ((symbol->flags & DEF_PARAM) && list_append_own(list, shown_name(s, symbol)) < 0) {
            ref_clear(&list);
        }
    }
    return list;
}

static bool
is_lambda(const Scope *s)
{
    return str_equals_cstr(s->name, "<lambda>");
}

/* own: ret new; fields eaten, also on failure (one is NO_VALUE) */
static Own
entry_make(ScopeKind kind, bool nested, int lineno, Own name, Own id, Own symbols, Own varnames, Own children)
{
    Own e = id && name && symbols && varnames && children ? type_alloc(&symtable_entry_type, 0) : NO_VALUE;
    if (!e) {
        Own all[] = {name, id, symbols, varnames, children};
        for (size_t i = 0; i < ARRAY_LEN(all); i++) {
            drop_opt(all[i]);
        }
        return NO_VALUE;
    }
    SymtableEntry *entry = (SymtableEntry *)obj(e);
    entry->kind = kind;
    entry->nested = nested;
    entry->lineno = lineno;
    ref_init(obj(e), &entry->id, id);
    ref_init(obj(e), &entry->name, name);
    ref_init(obj(e), &entry->symbols, symbols);
    ref_init(obj(e), &entry->varnames, varnames);
    ref_init(obj(e), &entry->children, children);
    return e;
}

/* The annotation block of a function without annotations: the compiler makes none, but CPython shows one. own: ret new */
static Own
empty_annotations(const Scope *function)
{
    Own format = str_from_cstr(".format"), names = list_new(1), symbols = dict_new();
    int status = format && names && symbols ? list_append(names, format) : -1;
    if (status == 0) {
        status = dict_set(symbols, format, small_int(DEF_PARAM | NAME_USE | HOME_LOCAL << SCOPE_OFF));
    }
    if (status == 0 && function->parent->kind == SCOPE_CLASS) {
        status = dict_set_cstr(symbols, "__classdict__", small_int(NAME_USE | HOME_FREE << SCOPE_OFF));
    }
    drop_opt(format);
    if (status < 0) {
        ref_clear(&names);
    }
    return entry_make(SCOPE_ANNOTATION, function->nested, function->pos.lineno, str_from_cstr("__annotate__"),
                      int_from_u64((uint64_t)(uintptr_t)function + 1), symbols, names, list_new(0));
}

/* fail: -1 */
static int
add_children(Value list, const Scope *s)
{
    for (size_t i = 0; i < s->children.len; i++) {
        const Scope *child = s->children.data[i];
        if (child->inlined) {
            if (add_children(list, child) < 0) {
                return -1;
            }
            continue;
        }
        bool is_def = child->kind == SCOPE_FUNCTION && child->comp == COMP_NONE && !is_lambda(child);
        bool annotated = i > 0 && s->children.data[i - 1]->kind == SCOPE_ANNOTATION &&
                         s->children.data[i - 1]->pos.lineno == child->pos.lineno;
        if (is_def && !annotated && list_append_own(list, empty_annotations(child)) < 0) {
            return -1;
        }
        if (list_append_own(list, entry_new(child)) < 0) {
            return -1;
        }
    }
    return 0;
}

static Own
children_list(const Scope *s)
{
    Own list = list_new((int64_t)s->children.len);
    if (list && add_children(list, s) < 0) {
        ref_clear(&list);
    }
    return list;
}

/* Code has the names of such blocks in brackets. */
static Own
entry_name(const Scope *s)
{
    if (s->kind == SCOPE_MODULE) {
        return str_from_cstr("top");
    }
    if (s->kind == SCOPE_TYPE_PARAMS) { /* <generic parameters of NAME> */
        int64_t start = (int64_t)strlen("<generic parameters of ");
        return str_substring(s->name, start, as_str(s->name)->length - 1);
    }
    if (s->comp != COMP_NONE || (s->kind == SCOPE_FUNCTION && is_lambda(s))) {
        return str_substring(s->name, 1, as_str(s->name)->length - 1);
    }
    return own(s->name);
}

static Own
entry_new(const Scope *s)
{
    if (!c_stack_ok()) {
        return NO_VALUE;
    }
    return entry_make(s->kind, s->nested, s->kind == SCOPE_MODULE ? 0 : s->pos.lineno, entry_name(s), int_from_u64((uint64_t)(uintptr_t)s),
                      symbols_dict(s), parameters_list(s), children_list(s));
}

Own
symtable_symtable(Value module UNUSED, Value source, Value filename, const char *startstr)
{
    static const struct {
        const char *name;
        SourceMode mode;
    } modes[] = {{"exec", SOURCE_EXEC}, {"eval", SOURCE_EVAL}, {"single", SOURCE_SINGLE}};
    Own name = fs_decode(filename);
    if (!name) {
        return NO_VALUE;
    }
    SourceText text;
    Own result = NO_VALUE;
    if (source_get(source, "symtable", "string or bytes", &text) == 0) {
        size_t i = 0;
        while (i < ARRAY_LEN(modes) && strcmp(startstr, modes[i].name) != 0) {
            i++;
        }
        CompileOptions options = {.filename = name, .flags = text.flags};
        result = i == ARRAY_LEN(modes) ? raise_msg(&exc_ValueError, "symtable() arg 3 must be 'exec' or 'eval' or 'single'")
                                       : compile_scopes(text.text, text.length, modes[i].mode, &options, entry_new);
        buffer_release(&text.buffer);
    }
    drop(name);
    return result;
}

#define FIELD(name)                                                                                \
    Own symtable_entry_get_##name(SymtableEntry *self)                                             \
    {                                                                                              \
        return own(self->name);                                                                    \
    }
FIELD(id)
FIELD(name)
FIELD(symbols)
FIELD(varnames)
FIELD(children)

Own
symtable_entry_get_nested(SymtableEntry *self)
{
    return small_int(self->nested);
}

Own
symtable_entry_get_type(SymtableEntry *self)
{
    return small_int(self->kind);
}

Own
symtable_entry_get_lineno(SymtableEntry *self)
{
    return small_int(self->lineno);
}

static Own
symtable_entry_repr(Value v)
{
    const SymtableEntry *e = (SymtableEntry *)obj(v);
    return str_fmt("<symtable entry %S(%S), line %d>", (Value)e->name, (Value)e->id, e->lineno);
}

static int
symtable_entry_traverse(Object *o, Visit visit, void *arg)
{
    SymtableEntry *e = (SymtableEntry *)o;
    VISIT(e->symbols);
    VISIT(e->varnames);
    VISIT(e->children);
    return 0;
}

static void
symtable_entry_dealloc(Object *o)
{
    SymtableEntry *e = (SymtableEntry *)o;
    Own *fields[] = {&e->id, &e->name, &e->symbols, &e->varnames, &e->children};
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        ref_clear(fields[i]);
    }
    object_free(o);
}

Type symtable_entry_type = {
    .name = "symtable entry",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(SymtableEntry),
    .slots = {
        .traverse = symtable_entry_traverse,
        .dealloc = symtable_entry_dealloc,
        .repr = symtable_entry_repr,
    },
    .methods = symtable_entry_methods,
    .getsets = symtable_entry_getsets,
    .spec_doc = symtable_entry_doc,
};

static int
symtable_exec(Value module)
{
    static const struct {
        const char *name;
        int value;
    } numbers[] = {
        {"USE", NAME_USE}, {"DEF_GLOBAL", DEF_GLOBAL}, {"DEF_NONLOCAL", DEF_NONLOCAL}, {"DEF_LOCAL", DEF_LOCAL},
        {"DEF_PARAM", DEF_PARAM}, {"DEF_TYPE_PARAM", DEF_TYPE_PARAM}, {"DEF_FREE_CLASS", DEF_FREE_CLASS},
        {"DEF_IMPORT", DEF_IMPORT}, {"DEF_BOUND", DEF_LOCAL | DEF_PARAM | DEF_IMPORT}, {"DEF_ANNOT", DEF_ANNOT},
        {"DEF_COMP_ITER", DEF_COMP_ITER}, {"DEF_COMP_CELL", DEF_COMP_CELL}, {"TYPE_FUNCTION", SCOPE_FUNCTION},
        {"TYPE_CLASS", SCOPE_CLASS}, {"TYPE_MODULE", SCOPE_MODULE}, {"TYPE_ANNOTATION", SCOPE_ANNOTATION},
        {"TYPE_TYPE_ALIAS", SCOPE_TYPE_ALIAS}, {"TYPE_TYPE_PARAMETERS", SCOPE_TYPE_PARAMS},
        {"TYPE_TYPE_VARIABLE", SCOPE_TYPE_VARIABLE}, {"LOCAL", HOME_LOCAL}, {"GLOBAL_EXPLICIT", HOME_GLOBAL_EXPLICIT},
        {"GLOBAL_IMPLICIT", HOME_GLOBAL_IMPLICIT}, {"FREE", HOME_FREE}, {"CELL", HOME_CELL}, {"SCOPE_OFF", SCOPE_OFF},
        {"SCOPE_MASK", SCOPE_MASK},
    };
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        if (module_add_int(module, numbers[i].name, numbers[i].value) < 0) {
            return -1;
        }
    }
    return type_ready(&symtable_entry_type);
}

const ModuleDef module__symtable = {
    .name = "_symtable",
    .doc = symtable_module_doc,
    .functions = symtable_functions,
    .exec = symtable_exec,
};
