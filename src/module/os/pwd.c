/* The module pwd. getpwent() has state of its own: `all_lock` guards it. The type is immutable after
 * the module is made. */
#include <errno.h>
#include <pwd.h>
#include <string.h>

#include "heap/world.h"
#include "module/os/system.h"
#include "module/posix/path.h"
#include "object/list.h"
#include "object/str.h"
#include "object/structseq.h"
#include "sync/mutex.h"

#include "pwd.spec.h"

static const StructSeqField fields[] = {
    {"pw_name", "user name"},          {"pw_passwd", "password"},
    {"pw_uid", "user id"},             {"pw_gid", "group id"},
    {"pw_gecos", "real name"},         {"pw_dir", "home directory"},
    {"pw_shell", "shell program"},
};
static const StructSeqDef def = {"pwd.struct_passwd", "A user.", fields, 7, 7, false};
static Type *user_type;
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
user_tuple(const struct passwd *p)
{
    Own values[] = {text_of(p->pw_name),  text_of(p->pw_passwd), id_value(p->pw_uid),
                    id_value(p->pw_gid),  text_of(p->pw_gecos),  text_of(p->pw_dir),
                    text_of(p->pw_shell)};
    return structseq_new(user_type, values);
}

/* A user by name (or, where it is null, by number). *found says whether there is one. own: ret new,
 * or NO_VALUE */
static Own
look_up(const char *name, uid_t uid, bool *found)
{
    struct passwd entry, *p = NULL;
    *found = false;
    for (size_t size = 1024;; size *= 2) {
        char *room = mem_alloc(size);
        if (!room) {
            return NO_VALUE;
        }
        detach();
        int error = name ? getpwnam_r(name, &entry, room, size, &p)
                         : getpwuid_r(uid, &entry, room, size, &p);
        attach();
        if (error == ERANGE && size < (size_t)1 << 26) {
            mem_free(room);
            continue;
        }
        *found = error == 0 && p;
        Own user = *found ? user_tuple(p) : NO_VALUE;
        mem_free(room);
        return user;
    }
}

Own
pwd_getpwuid(Value module UNUSED, Value uidobj)
{
    uid_t uid;
    bool found;
    if (uid_from_value(uidobj, &uid) < 0) {
        return exc_swallow(&exc_OverflowError)
                   ? raise_fmt(&exc_KeyError, "getpwuid(): uid not found")
                   : NO_VALUE;
    }
    Own user = look_up(NULL, uid, &found);
    if (found || exc_pending()) {
        return user;
    }
    Own number = id_value(uid);
    raise_fmt(&exc_KeyError, "getpwuid(): uid not found: %S", (Value)number);
    drop(number);
    return NO_VALUE;
}

Own
pwd_getpwnam(Value module UNUSED, Value name)
{
    Path path;
    bool found;
    if (path_get(&path, "getpwnam", "name", name, 0) < 0) {
        return exc_swallow(&exc_ValueError) ? raise_msg(&exc_ValueError, "embedded null byte")
                                            : NO_VALUE;
    }
    Own user = look_up(path.text, 0, &found);
    path_release(&path);
    return found || exc_pending()
               ? user
               : raise_fmt(&exc_KeyError, "getpwnam(): name not found: %R", name);
}

Own
pwd_getpwall(Value module UNUSED)
{
    Own list = list_new(0);
    detach();
    mutex_lock(&all_lock);
    attach();
    setpwent();
    struct passwd *p;
    while (list && (p = getpwent())) {
        Own user = user_tuple(p);
        if (!user || list_append_own(list, user) < 0) {
            ref_clear(&list);
        }
    }
    endpwent();
    mutex_unlock(&all_lock);
    return list;
}

static int
pwd_exec(Value m)
{
    if (!user_type) {
        user_type = structseq_type(&def);
    }
    return user_type ? module_add(m, "struct_passwd", OWN(user_type)) : -1;
}

const ModuleDef module_pwd = {
    .name = "pwd",
    .doc = pwd_module_doc,
    .functions = pwd_functions,
    .exec = pwd_exec,
};
