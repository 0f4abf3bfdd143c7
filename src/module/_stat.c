/* The module _stat. Everything is pure. */
#include <sys/stat.h>

#include "object/bool.h"
#include "object/module.h"
#include "object/str.h"

#include "_stat.spec.h"

/* A mode_t, as 32 bits. fail: -1 */
static int
get_mode(Value v, mode_t *mode)
{
    Own index = object_index(v);
    if (!index) {
        return -1;
    }
    int64_t n;
    bool fits = int_as_i64(index, &n);
    int sign = int_sign(index);
    drop(index);
    if (sign < 0) {
        return raise_int(&exc_OverflowError, "can't convert negative value to unsigned int");
    }
    if (!fits) {
        return raise_int(&exc_OverflowError, "Python int too large to convert to C unsigned long");
    }
    if (n > UINT32_MAX) {
        return raise_int(&exc_OverflowError, "mode out of range");
    }
    *mode = (mode_t)n;
    return 0;
}

static int
is_kind(Value v, mode_t kind)
{
    mode_t mode;
    return get_mode(v, &mode) < 0 ? -1 : kind != 0 && (mode & S_IFMT) == kind;
}

#define KIND(name, kind)                                                                           \
    int stat_module_S_IS##name(Value module UNUSED, Value object)                                  \
    {                                                                                              \
        return is_kind(object, kind);                                                              \
    }
KIND(DIR, S_IFDIR)
KIND(CHR, S_IFCHR)
KIND(BLK, S_IFBLK)
KIND(REG, S_IFREG)
KIND(FIFO, S_IFIFO)
KIND(LNK, S_IFLNK)
KIND(SOCK, S_IFSOCK)
KIND(DOOR, 0)
KIND(PORT, 0)
KIND(WHT, 0)

Own
stat_module_S_IMODE(Value module UNUSED, Value object)
{
    mode_t mode;
    return get_mode(object, &mode) < 0 ? NO_VALUE : small_int(mode & 07777);
}

Own
stat_module_S_IFMT(Value module UNUSED, Value object)
{
    mode_t mode;
    return get_mode(object, &mode) < 0 ? NO_VALUE : small_int(mode & S_IFMT);
}

static char
kind_letter(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG:
        return '-';
    case S_IFDIR:
        return 'd';
    case S_IFLNK:
        return 'l';
    case S_IFBLK:
        return 'b';
    case S_IFCHR:
        return 'c';
    case S_IFIFO:
        return 'p';
    case S_IFSOCK:
        return 's';
    default:
        return '?';
    }
}

Own
stat_module_filemode(Value module UNUSED, Value object)
{
    mode_t mode;
    if (get_mode(object, &mode) < 0) {
        return NO_VALUE;
    }
    char text[11];
    text[0] = kind_letter(mode);
    for (int i = 0; i < 9; i++) {
        text[1 + i] = mode & (0400u >> i) ? "rwxrwxrwx"[i] : '-';
    }
    static const struct {
        mode_t bit;
        int at;
        char with, without; /* the execute permission */
    } special[] = {{S_ISUID, 3, 's', 'S'}, {S_ISGID, 6, 's', 'S'}, {S_ISVTX, 9, 't', 'T'}};
    for (int i = 0; i < 3; i++) {
        if (mode & special[i].bit) {
            text[special[i].at] = text[special[i].at] == 'x' ? special[i].with : special[i].without;
        }
    }
    text[10] = 0;
    return str_from_cstr(text);
}

static const struct {
    const char *name;
    int64_t value;
} numbers[] = {
    {"S_IFDIR", S_IFDIR}, {"S_IFCHR", S_IFCHR}, {"S_IFBLK", S_IFBLK}, {"S_IFREG", S_IFREG}, {"S_IFIFO", S_IFIFO},
    {"S_IFLNK", S_IFLNK}, {"S_IFSOCK", S_IFSOCK}, {"S_IFDOOR", 0}, {"S_IFPORT", 0}, {"S_IFWHT", 0},
    {"S_ISUID", S_ISUID}, {"S_ISGID", S_ISGID}, {"S_ISVTX", S_ISVTX}, {"S_ENFMT", S_ISGID}, {"S_IREAD", S_IRUSR},
    {"S_IWRITE", S_IWUSR}, {"S_IEXEC", S_IXUSR}, {"S_IRWXU", S_IRWXU}, {"S_IRUSR", S_IRUSR}, {"S_IWUSR", S_IWUSR},
    {"S_IXUSR", S_IXUSR}, {"S_IRWXG", S_IRWXG}, {"S_IRGRP", S_IRGRP}, {"S_IWGRP", S_IWGRP}, {"S_IXGRP", S_IXGRP},
    {"S_IRWXO", S_IRWXO}, {"S_IROTH", S_IROTH}, {"S_IWOTH", S_IWOTH}, {"S_IXOTH", S_IXOTH},
    /* flags of st_flags, of BSD and macOS */
    {"UF_SETTABLE", 0x0000FFFF}, {"UF_NODUMP", 0x00000001}, {"UF_IMMUTABLE", 0x00000002}, {"UF_APPEND", 0x00000004},
    {"UF_OPAQUE", 0x00000008}, {"UF_NOUNLINK", 0x00000010}, {"UF_COMPRESSED", 0x00000020}, {"UF_TRACKED", 0x00000040},
    {"UF_DATAVAULT", 0x00000080}, {"UF_HIDDEN", 0x00008000}, {"SF_SETTABLE", 0xFFFF0000}, {"SF_ARCHIVED", 0x00010000},
    {"SF_IMMUTABLE", 0x00020000}, {"SF_APPEND", 0x00040000}, {"SF_NOUNLINK", 0x00100000}, {"SF_SNAPSHOT", 0x00200000},
    {"SF_FIRMLINK", 0x00800000}, {"SF_DATALESS", 0x40000000},
    /* where things are in the tuple of os.stat */
    {"ST_MODE", 0}, {"ST_INO", 1}, {"ST_DEV", 2}, {"ST_NLINK", 3}, {"ST_UID", 4}, {"ST_GID", 5}, {"ST_SIZE", 6},
    {"ST_ATIME", 7}, {"ST_MTIME", 8}, {"ST_CTIME", 9},
};

static int
stat_module_exec(Value module)
{
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        if (module_add_int(module, numbers[i].name, numbers[i].value) < 0) {
            return -1;
        }
    }
    return 0;
}

const ModuleDef module__stat = {
    .name = "_stat",
    .doc = stat_module_module_doc,
    .functions = stat_module_functions,
    .exec = stat_module_exec,
};
