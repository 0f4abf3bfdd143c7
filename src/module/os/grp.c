/* The module grp. getgrent() has state of its own: `all_lock` guards it. The type is immutable after
 * the module is made. */
#include <errno.h>
#include <grp.h>
#include <string.h>

#include "heap/world.h"
#include "module/os/system.h"
#include "module/posix/path.h"
#include "object/list.h"
#include "object/str.h"
#include "object/structseq.h"
#include "sync/mutex.h"

#include "grp.spec.h"

static const StructSeqField fields[] = {
    {"gr_name", "group name"},
    {"gr_passwd", "password"},
    {"gr_gid", "group id"},
    {"gr_mem", "group members"},
};
static const StructSeqDef def = {"grp.struct_group", "A group.", fields, 4, 4, false};
static Type *group_type;
static Mutex all_lock;

static Own
text_of(const char *text)
{
    return text ? path_text(text, strlen(text), false) : NONE;
}

static Own
id_value(uint32_t id)
{
    return id == (uint32_t)-1 ? small_int(-1) : small_int(id);
}

static Own
group_tuple(const struct group *g)
{
    Own members = list_new(0);
    for (char **p = g->gr_mem; p && *p && members; p++) {
        Own name = text_of(*p);
        if (!name || list_append_own(members, name) < 0) {
            ref_clear(&members);
        }
    }
    Own values[] = {text_of(g->gr_name), text_of(g->gr_passwd), id_value(g->gr_gid), members};
    return structseq_new(group_type, values);
}

/* A group by name (or, where it is null, by number). *found says whether there is one. own: ret new,
 * or NO_VALUE */
static Own
look_up(const char *name, gid_t gid, bool *found)
{
    struct group entry, *g = NULL;
    *found = false;
    for (size_t size = 1024;; size *= 2) {
        char *room = mem_alloc(size);
        if (!room) {
            return NO_VALUE;
        }
        detach();
        int error = name ? getgrnam_r(name, &entry, room, size, &g)
                         : getgrgid_r(gid, &entry, room, size, &g);
        attach();
        if (error == ERANGE && size < (size_t)1 << 26) {
            mem_free(room);
            continue;
        }
        *found = error == 0 && g;
        Own group = *found ? group_tuple(g) : NO_VALUE;
        mem_free(room);
        return group;
    }
}

Own
grp_getgrgid(Value module UNUSED, Value id)
{
    gid_t gid;
    bool found;
    if (gid_from_value(id, &gid) < 0) {
        return NO_VALUE;
    }
    Own group = look_up(NULL, gid, &found);
    if (found || exc_pending()) {
        return group;
    }
    Own number = id_value(gid);
    raise_fmt(&exc_KeyError, "getgrgid(): gid not found: %S", (Value)number);
    drop(number);
    return NO_VALUE;
}

Own
grp_getgrnam(Value module UNUSED, Value name)
{
    Path path;
    bool found;
    if (path_get(&path, "getgrnam", "name", name, 0) < 0) {
        return exc_swallow(&exc_ValueError) ? raise_msg(&exc_ValueError, "embedded null byte")
                                            : NO_VALUE;
    }
    Own group = look_up(path.text, 0, &found);
    path_release(&path);
    return found || exc_pending()
               ? group
               : raise_fmt(&exc_KeyError, "getgrnam(): name not found: %R", name);
}

Own
grp_getgrall(Value module UNUSED)
{
    Own list = list_new(0);
    detach();
    mutex_lock(&all_lock);
    attach();
    setgrent();
    struct group *g;
    while (list && (g = getgrent())) {
        Own group = group_tuple(g);
        if (!group || list_append_own(list, group) < 0) {
            ref_clear(&list);
        }
    }
    endgrent();
    mutex_unlock(&all_lock);
    return list;
}

static int
grp_exec(Value m)
{
    if (!group_type) {
        group_type = structseq_type(&def);
    }
    return group_type ? module_add(m, "struct_group", OWN(group_type)) : -1;
}

const ModuleDef module_grp = {
    .name = "grp",
    .doc = grp_module_doc,
    .functions = grp_functions,
    .exec = grp_exec,
};
