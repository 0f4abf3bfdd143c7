/* The built-in functions that make and run code: compile, eval, exec, class statements, __import__. */
#include "compile/compile.h"
#include "object/audit.h"
#include "object/args.h"
#include "object/codec.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/hooks.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"
#include "vm/framelocals.h"
#include "vm/import.h"
#include "vm/vm.h"

#include "module/builtins_priv.h"
#include "module/source_arg.h"
#include "module/sys/config.h"

/* The __future__ features of the code that calls. */
static uint32_t
inherited_flags(void)
{
    const Frame *f = frame_seen(thread_self()->frame);
    return f ? f->code->flags & COMPILE_FUTURES : 0;
}

/* -- compile */

int
builtins_optimize(void)
{
    return run_config.optimize > 2 ? 2 : run_config.optimize;
}

/* Text is shown as bytes. fail: -1 */
static int
audit_compile(Value source, Value filename)
{
    Own shown = is_str(source) ? codec_encode(source, "utf-8", "surrogatepass") : own(source);
    int status = shown ? audit_event("compile", "OO", (Value)shown, filename) : -1;
    drop_opt(shown);
    return status;
}

#define COMPILE_FLAGS_KNOWN                                                                        \
    (COMPILE_FUTURES | CO_NESTED | COMPILE_SOURCE_IS_UTF8 | COMPILE_DONT_IMPLY_DEDENT | COMPILE_ONLY_AST | COMPILE_IGNORE_COOKIE | \
     COMPILE_TYPE_COMMENTS | COMPILE_TOP_LEVEL_AWAIT | COMPILE_ALLOW_INCOMPLETE | COMPILE_OPTIMIZED_AST)

static int
compile_mode(const char *mode, uint32_t flags, SourceMode *out)
{
    if (strcmp(mode, "exec") == 0) {
        *out = SOURCE_EXEC;
    } else if (strcmp(mode, "eval") == 0) {
        *out = SOURCE_EVAL;
    } else if (strcmp(mode, "single") == 0) {
        *out = SOURCE_SINGLE;
    } else if (strcmp(mode, "func_type") == 0) {
        if (!(flags & COMPILE_ONLY_AST)) {
            return raise_int(&exc_ValueError, "compile() mode 'func_type' requires flag PyCF_ONLY_AST");
        }
        *out = SOURCE_FUNC_TYPE;
    } else if (flags & COMPILE_ONLY_AST) {
        return raise_int(&exc_ValueError, "compile() mode must be 'exec', 'eval', 'single' or 'func_type'");
    } else {
        return raise_int(&exc_ValueError, "compile() mode must be 'exec', 'eval' or 'single'");
    }
    return 0;
}

Own
builtins_compile(Value module UNUSED, Value source, Value filename, const char *mode_name, int flags, bool dont_inherit, int optimize,
                 int feature_version)
{
    CompileOptions options = {.flags = (uint32_t)flags, .optimize = optimize, .feature_version = feature_version < 0 ? 0 : feature_version};
    SourceMode mode;
    SourceText s;
    if (options.flags & ~(uint32_t)COMPILE_FLAGS_KNOWN) {
        return raise_msg(&exc_ValueError, "compile(): unrecognised flags");
    }
    if (optimize < -1 || optimize > 2) {
        return raise_msg(&exc_ValueError, "compile(): invalid optimize value");
    }
    if (optimize == -1) {
        options.optimize = builtins_optimize();
    }
    if (!dont_inherit) {
        options.flags |= inherited_flags();
    }
    Own name = fs_decode(filename);
    if (!name) {
        return NO_VALUE;
    }
    options.filename = name;
    Own code = NO_VALUE;
    bool refused = audit_wanted() && audit_compile(source, name) < 0;
    if (!refused && compile_mode(mode_name, options.flags, &mode) == 0) {
        int is_tree = ast_is_tree(source);
        if (is_tree > 0) {
            code = ast_compile(source, mode, &options);
        } else if (is_tree == 0 && source_get(source, "compile", "string, bytes or AST", &s) == 0) {
            options.flags |= s.flags;
            code = options.flags & COMPILE_ONLY_AST ? ast_parse(s.text, s.length, mode, &options)
                                                    : compile_source(s.text, s.length, mode, &options);
            buffer_release(&s.buffer);
        }
    }
    drop(name);
    return code;
}

/* -- eval and exec */

/* The namespaces of eval and exec: those of the caller where none are given. own: both new · fail: -1 */
static int
namespaces(Value *globals_in, Value *locals_in, Own *globals, Own *locals)
{
    Frame *f = frame_seen(thread_self()->frame);
    *globals = *locals = NO_VALUE;
    if (*globals_in == NONE) {
        if (!f) {
            return raise_int(&exc_SystemError, "globals and locals cannot be NULL");
        }
        *globals = own(f->globals);
        *locals = *locals_in == NONE ? frame_locals_snapshot(f) : own(*locals_in);
    } else {
        *globals = own(*globals_in);
        *locals = *locals_in == NONE ? own(*globals_in) : own(*locals_in);
    }
    if (!*locals) {
        drop(*globals);
        return -1;
    }
    return 0;
}

static bool
is_mapping(Value v)
{
    return type_of(v)->slots.getitem != NULL && !is_type(v);
}

/* The filename of source that has none, once the hooks have seen it. own: ret new */
static Own
audited_filename(Value source)
{
    Own filename = str_from_cstr("<string>");
    if (filename && audit_wanted() && audit_compile(source, filename) < 0) {
        ref_clear(&filename);
    }
    return filename;
}

Own
builtins_eval(Value module UNUSED, Value source, Value globals_in, Value locals_in)
{
    Own globals, locals, result = NO_VALUE;
    if (locals_in != NONE && !is_mapping(locals_in)) {
        return raise_msg(&exc_TypeError, "locals must be a mapping");
    }
    if (globals_in != NONE && !is_dict(globals_in)) {
        return raise_msg(&exc_TypeError, is_mapping(globals_in) ? "globals must be a real dict; try eval(expr, {}, mapping)"
                                                                : "globals must be a dict");
    }
    if (namespaces(&globals_in, &locals_in, &globals, &locals) < 0) {
        return NO_VALUE;
    }
    SourceText s;
    if (IS_EXACT(source, CODE)) {
        if (audit_wanted() && audit_event("exec", "O", source) < 0) {
            /* refused */
        } else if (as_code(source)->nfree) {
            raise_msg(&exc_TypeError, "code object passed to eval() may not contain free variables");
        } else {
            result = vm_run_code(source, globals, locals, NO_VALUE);
        }
    } else if (source_get(source, "eval", "string, bytes or code", &s) == 0) {
        Own filename = audited_filename(source);
        CompileOptions options = {.filename = filename, .flags = inherited_flags() | s.flags, .optimize = builtins_optimize()};
        const char *text = s.text;
        size_t length = s.length;
        while (length && (*text == ' ' || *text == '\t')) {
            text++;
            length--;
        }
        Own code = filename ? compile_source(text, length, SOURCE_EVAL, &options) : NO_VALUE;
        buffer_release(&s.buffer);
        drop_opt(filename);
        if (code) {
            bool refused = audit_wanted() && audit_event("exec", "O", (Value)code) < 0;
            result = refused ? NO_VALUE : vm_run_code(code, globals, locals, NO_VALUE);
            drop(code);
        }
    }
    drop(globals);
    drop(locals);
    return result;
}

/* exec's closure: a tuple of as many cells as the code has free variables. */
static int
check_closure(Value code, Value closure)
{
    uint32_t n = as_code(code)->nfree;
    if (n == 0) {
        return closure == NONE ? 0 : raise_int(&exc_TypeError, "cannot use a closure with this code object");
    }
    bool fits = IS_EXACT(closure, TUPLE) && as_tuple(closure)->length == n;
    for (uint32_t i = 0; fits && i < n; i++) {
        fits = IS_EXACT(tuple_item(closure, i), CELL);
    }
    return fits ? 0 : raise_int(&exc_TypeError, "code object requires a closure of exactly length %u", n);
}

Own
builtins_exec(Value module UNUSED, Value source, Value globals_in, Value locals_in, Value closure)
{
    Own globals, locals, result = NO_VALUE;
    SourceText s;
    if (globals_in != NONE && !is_dict(globals_in)) {
        return raise_fmt(&exc_TypeError, "exec() globals must be a dict, not %T", globals_in);
    }
    if (locals_in != NONE && !is_mapping(locals_in)) {
        return raise_fmt(&exc_TypeError, "locals must be a mapping or None, not %T", locals_in);
    }
    if (namespaces(&globals_in, &locals_in, &globals, &locals) < 0) {
        return NO_VALUE;
    }
    if (IS_EXACT(source, CODE)) {
        bool refused = audit_wanted() && audit_event("exec", "O", source) < 0;
        if (!refused && check_closure(source, closure) == 0) {
            result = vm_run_code(source, globals, locals, closure == NONE ? NO_VALUE : closure);
        }
    } else if (closure != NONE) {
        raise_msg(&exc_TypeError, "closure can only be used when source is a code object");
    } else if (source_get(source, "exec", "string, bytes or code", &s) == 0) {
        Own filename = audited_filename(source);
        CompileOptions options = {.filename = filename, .flags = inherited_flags() | s.flags, .optimize = builtins_optimize()};
        Own code = filename ? compile_source(s.text, s.length, SOURCE_EXEC, &options) : NO_VALUE;
        buffer_release(&s.buffer);
        drop_opt(filename);
        if (code) {
            bool refused = audit_wanted() && audit_event("exec", "O", (Value)code) < 0;
            result = refused ? NO_VALUE : vm_run_code(code, globals, locals, NO_VALUE);
            drop(code);
        }
    }
    drop(globals);
    drop(locals);
    drop_opt(result);
    return result ? NONE : NO_VALUE;
}

/* -- classes */

/* bases with __mro_entries__ replaced by what that gives. own: ret new tuple */
static Own
resolve_bases(Value const *bases, size_t n, Value original)
{
    Own list = list_new((int64_t)n);
    for (size_t i = 0; list && i < n; i++) {
        Own entries, found;
        if (is_type(bases[i])) {
            if (list_append(list, bases[i]) < 0) {
                goto fail;
            }
            continue;
        }
        int has = object_lookup_attr(bases[i], NAME(__mro_entries__), &found);
        if (has < 0) {
            goto fail;
        }
        if (!has) {
            if (list_append(list, bases[i]) < 0) {
                goto fail;
            }
            continue;
        }
        entries = call1(found, original);
        drop(found);
        if (!entries) {
            goto fail;
        }
        if (!is_tuple(entries)) {
            drop(entries);
            raise_msg(&exc_TypeError, "__mro_entries__ must return a tuple");
            goto fail;
        }
        int status = list_extend(list, entries);
        drop(entries);
        if (status < 0) {
            goto fail;
        }
    }
    Own tuple = list ? list_to_tuple(list) : NO_VALUE;
    drop_opt(list);
    return tuple;
fail:
    drop(list);
    return NO_VALUE;
}

/* metaclass.__prepare__(name, bases, **keywords). own: ret new */
static Own
prepare_namespace(Value metaclass, Value name, Value bases, Value keywords)
{
    Own prepare;
    int found = object_lookup_attr(metaclass, NAME(__prepare__), &prepare);
    if (found <= 0) {
        return found < 0 ? NO_VALUE : dict_new();
    }
    Own args = tuple_pack(2, name, bases);
    Own ns = args ? call_tuple(prepare, args, keywords) : NO_VALUE;
    drop_opt(args);
    drop(prepare);
    if (ns && !is_mapping(ns)) {
        if (is_type(metaclass)) {
            raise_fmt(&exc_TypeError, "%N.__prepare__() must return a mapping, not %T", (Type *)obj(metaclass), (Value)ns);
        } else {
            raise_fmt(&exc_TypeError, "<metaclass>.__prepare__() must return a mapping, not %T", (Value)ns);
        }
        drop(ns);
        return NO_VALUE;
    }
    return ns;
}

/* The cell of __class__ must hold the new class by now. */
static int
check_class_cell(Value cell, Value class, Value name)
{
    if (!IS_EXACT(cell, CELL) || !is_type(class)) {
        return 0;
    }
    Own inside = ref_load(obj(cell), &((CellObject *)obj(cell))->contents);
    int status = 0;
    if (!inside) {
        status = raise_int(&exc_RuntimeError, "__class__ not set defining %R as %R. Was __classcell__ propagated to type.__new__?", name,
                           class);
    } else if (inside != class) {
        status = raise_int(&exc_TypeError, "__class__ set to %R defining %R as %R", (Value)inside, name, class);
    }
    drop_opt(inside);
    return status;
}

/* Runs the body and calls the metaclass. own: ret new */
static Own
make_class(Value metaclass, Value func, Value name, Value bases, Value original_bases, Value keywords)
{
    Own result = NO_VALUE, cell = NO_VALUE, args = NO_VALUE;
    Own ns = prepare_namespace(metaclass, name, bases, keywords);
    if (!ns) {
        return NO_VALUE;
    }
    cell = vm_run_class_body(func, ns);
    if (cell && bases != original_bases && object_setitem(ns, NAME(__orig_bases__), original_bases) < 0) {
        goto done;
    }
    args = cell ? tuple_pack(3, name, bases, (Value)ns) : NO_VALUE;
    result = args ? call_tuple(metaclass, args, keywords) : NO_VALUE;
    if (result && check_class_cell(cell, result, name) < 0) {
        drop(result);
        result = NO_VALUE;
    }
done:
    drop_opt(args);
    drop_opt(cell);
    drop(ns);
    return result;
}

Own
builtins___build_class__(Value module UNUSED, Value func, Value name, Value const *args, size_t nargs, Value kwargs)
{
    if (!IS_EXACT(func, FUNCTION)) {
        return raise_msg(&exc_TypeError, "__build_class__: func must be a function");
    }
    if (!is_str(name)) {
        return raise_msg(&exc_TypeError, "__build_class__: name is not a string");
    }
    Own original = tuple_from_array(args, (int64_t)nargs), bases = NO_VALUE, metaclass = NO_VALUE, result = NO_VALUE;
    if (!original) {
        return NO_VALUE;
    }
    bool plain = true;
    for (size_t i = 0; i < nargs; i++) {
        plain = plain && is_type(args[i]);
    }
    bases = plain ? own(original) : resolve_bases(args, nargs, original);
    if (!bases) {
        goto done;
    }
    Own keywords = NO_VALUE;
    if (kwargs && dict_len(kwargs)) {
        keywords = own(kwargs);
        if (dict_pop(keywords, NAME(metaclass), &metaclass) < 0) {
            drop(keywords);
            goto done;
        }
    }
    if (!metaclass) {
        metaclass = own(as_tuple(bases)->length ? VALUE(type_of(tuple_item(bases, 0))) : VALUE(&type_type));
    }
    if (is_type(metaclass)) {
        Own winner = type_metaclass(metaclass, bases);
        drop(metaclass);
        metaclass = winner;
    }
    if (metaclass) {
        bool same = bases != NO_VALUE && plain;
        result = make_class(metaclass, func, name, bases, same ? (Value)bases : (Value)original, keywords);
    }
    drop_opt(keywords);
done:
    drop_opt(metaclass);
    drop_opt(bases);
    drop(original);
    return result;
}

Own
builtins___import__(Value module UNUSED, Value name, Value globals, Value locals UNUSED, Value fromlist, int level)
{
    return import_level(name, globals, fromlist ? fromlist : (Value)tuple_empty, small_int(level));
}
