/* The module _queue: SimpleQueue and Empty. */
#include "module/_collections/collections_priv.h"
#include "module/_queue/simplequeue.h"
#include "object/dict.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

/* class Empty(Exception): own: ret new */
static Own
make_empty_class(void)
{
    Own name = str_from_cstr("Empty"), bases = tuple_pack(1, VALUE(&exc_Exception));
    Own ns = dict_new(), module = str_from_cstr("_queue"), cls = NO_VALUE;
    Own doc = str_from_cstr("There is nothing in the queue to get without waiting.");
    if (name && bases && ns && module && doc && dict_set_cstr(ns, "__module__", module) == 0 &&
        dict_set_cstr(ns, "__doc__", doc) == 0) {
        cls = call3(VALUE(&type_type), name, bases, ns);
    }
    Own all[] = {name, bases, ns, module, doc};
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        drop_opt(all[i]);
    }
    return cls;
}

static int
queue_exec(Value m)
{
    if (type_ready(&deque_type) < 0 || module_add_type(m, &simplequeue_type) < 0) {
        return -1;
    }
    if (!queue_empty_class) {
        queue_empty_class = make_empty_class();
    }
    return queue_empty_class ? module_add(m, "Empty", own(queue_empty_class)) : -1;
}

const ModuleDef module__queue = {
    .name = "_queue",
    .doc = "A queue between threads, for the module queue.",
    .exec = queue_exec,
};
