/* repr, str, ascii and format of any object.
 *
 * Threads: the list of objects whose repr is being made belongs to the thread. */
#include "object/list.h"
#include "object/type/slotdefs.h"

static Own
checked_str(Own text, const char *method)
{
    if (LIKELY(!text || is_str(text))) {
        return text;
    }
    raise_fmt(&exc_TypeError, "%s returned non-string (type %T)", method, (Value)text);
    drop(text);
    return NO_VALUE;
}

Own
object_repr(Value v)
{
    if (!c_stack_ok()) {
        return NO_VALUE;
    }
    Own (*repr)(Value) = type_of(v)->slots.repr;
    if (!repr) {
        return str_fmt("<%T object at %p>", v, obj(v));
    }
    return checked_str(repr(v), "__repr__");
}

Own
object_str(Value v)
{
    if (IS_EXACT(v, STR)) {
        return own(v);
    }
    if (!c_stack_ok()) {
        return NO_VALUE;
    }
    Own (*str)(Value) = type_of(v)->slots.str;
    return str ? checked_str(str(v), "__str__") : object_repr(v);
}

Own
object_ascii(Value v)
{
    Own text = object_repr(v);
    if (!text || as_str(text)->ascii) {
        return text;
    }
    const Str *s = as_str(text);
    StrBuilder b;
    str_builder_init(&b, s->length + 16);
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t c = str_char_at(s, i);
        if (c < 128) {
            str_builder_char(&b, c);
            continue;
        }
        int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
        char escape[12] = {'\\', c < 0x100 ? 'x' : c < 0x10000 ? 'u' : 'U'};
        for (int d = 0; d < digits; d++) {
            escape[2 + d] = "0123456789abcdef"[c >> 4 * (digits - 1 - d) & 15];
        }
        str_builder_ascii(&b, escape, (size_t)digits + 2);
    }
    drop(text);
    return str_builder_finish(&b);
}

Own
object_format(Value v, Value spec)
{
    if (spec && !is_str(spec)) {
        return raise_fmt(&exc_TypeError, "format() argument 2 must be str, not %T", spec);
    }
    if (!spec || as_str(spec)->length == 0) {
        if (IS_EXACT(v, STR)) {
            return own(v);
        }
        if (is_small_int(v)) {
            return object_str(v);
        }
        spec = str_empty;
    }
    Own method;
    int found = object_lookup_special(v, NAME(__format__), &method);
    if (found <= 0) {
        return found < 0 ? NO_VALUE
                         : raise_fmt(&exc_TypeError, "Type %T doesn't define __format__", v);
    }
    Own result = call1(method, spec);
    drop(method);
    if (result && !is_str(result)) {
        raise_fmt(&exc_TypeError, "__format__ must return a str, not %T", (Value)result);
        drop(result);
        return NO_VALUE;
    }
    return result;
}

int
repr_enter(Value v)
{
    Thread *t = thread_self();
    if (!t->repr_active) {
        t->repr_active = list_new(8);
        if (!t->repr_active) {
            return -1;
        }
    }
    const List *active = as_list(t->repr_active);
    for (int64_t i = active->length; i-- > 0;) {
        if (active->buffer->items[i] == v) {
            return 1;
        }
    }
    return list_append(t->repr_active, v);
}

void
repr_leave(Value v)
{
    Own active = thread_self()->repr_active;
    for (int64_t i = list_len(active); i-- > 0;) {
        if (as_list(active)->buffer->items[i] == v) {
            Own pending = exc_take();
            drop_opt(list_pop_at(active, i));
            if (pending) {
                exc_restore(pending);
            }
            return;
        }
    }
}
