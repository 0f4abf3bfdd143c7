/* The .pyc files of the frozen modules that importlib is made of: it cannot look after them itself.
 *
 * Same names and format as importlib's own, so either may find what the other wrote; co_filename is set after reading. Whatever is wrong with a
 * file, the source is compiled instead. Written aside and renamed: other processes see the old file or the new one. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os.h"
#include "compile/compile.h"
#include "module/_imp/frozen.h"
#include "module/marshal_priv.h"
#include "module/sys/config.h"
#include "object/bytes.h"
#include "object/str.h"
#include "vm/import.h"

typedef struct PycHeader { /* little-endian, as this machine is */
    uint32_t magic, flags, mtime, size;
} PycHeader;

typedef struct Paths {
    char source[sizeof run_config.library + 64], folder[sizeof run_config.library + 64], cache[sizeof run_config.library + 128];
} Paths;

static void
paths_of(Paths *p, const char *file)
{
    const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
    int folder_length = slash ? (int)(slash - file) + 1 : 0, stem_length = (int)strlen(base) - 3;
    char optimization[16] = "";
    if (run_config.optimize > 0) {
        snprintf(optimization, sizeof optimization, ".opt-%d", run_config.optimize);
    }
    snprintf(p->source, sizeof p->source, "%s/%s", run_config.library, file);
    snprintf(p->folder, sizeof p->folder, "%s/%.*s__pycache__", run_config.library, folder_length, file);
    snprintf(p->cache, sizeof p->cache, "%s/%.*s." SYS_CACHE_TAG "%s.pyc", p->folder, stem_length, base, optimization);
}

/* own: ret new · 0 without an exception: not there, or of no use */
static Own
read_cache(const char *path, const PycHeader *wanted)
{
    size_t length;
    char *data = os_read_file(path, &length);
    Own code = NO_VALUE;
    if (data && length > sizeof *wanted && memcmp(data, wanted, sizeof *wanted) == 0) {
        const uint8_t *bytes = (const uint8_t *)data;
        MarshalReader reader = {.at = bytes + sizeof *wanted, .end = bytes + length, .allow_code = true};
        code = marshal_read(&reader);
        if (!code) {
            exc_clear();
        } else if (!IS_EXACT(code, CODE)) {
            ref_clear(&code);
        }
    }
    free(data);
    return code;
}

static bool
write_all(int fd, const void *data, size_t length)
{
    const char *at = data;
    while (length > 0) {
        ssize_t n = write(fd, at, length);
        if (n <= 0) {
            return false;
        }
        at += n;
        length -= (size_t)n;
    }
    return true;
}

/* Failing is no error: the library may be read-only. */
static void
write_cache(const Paths *p, const PycHeader *header, Value code)
{
    char aside[sizeof p->cache + 32];
    snprintf(aside, sizeof aside, "%s.%ld", p->cache, (long)getpid());
    (void)!mkdir(p->folder, 0777);
    int fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        return;
    }
    Own bytes = marshal_to_bytes(code, MARSHAL_VERSION, true);
    bool written = bytes && write_all(fd, header, sizeof *header) && write_all(fd, as_bytes(bytes)->data, (size_t)as_bytes(bytes)->length);
    close(fd);
    if (!written || rename(aside, p->cache) < 0) {
        unlink(aside);
    }
    if (!bytes) {
        exc_clear();
    }
    drop_opt(bytes);
}

/* own: ret new */
static Own
compile_file(const char *path, Value filename)
{
    size_t length;
    char *text = os_read_file(path, &length);
    if (!text) {
        return raise_fmt(&exc_ImportError, "cannot read %s", path);
    }
    CompileOptions options = {.filename = filename, .optimize = run_config.optimize};
    Own code = compile_source(text, length, SOURCE_EXEC, &options);
    free(text);
    return code;
}

Own
frozen_code(const char *file, Value filename)
{
    Paths p;
    struct stat st;
    paths_of(&p, file);
    bool cached = !run_config.pycache_prefix && stat(p.source, &st) == 0;
    PycHeader header = {.magic = IMPORT_PYC_MAGIC};
    if (cached) {
        header.mtime = (uint32_t)st.st_mtime;
        header.size = (uint32_t)st.st_size;
    }
    Own code = cached ? read_cache(p.cache, &header) : NO_VALUE;
    if (code) {
        if (imp__fix_co_filename(NO_VALUE, code, filename) < 0) {
            ref_clear(&code);
        }
        return code;
    }
    code = compile_file(p.source, filename);
    if (code && cached && !run_config.dont_write_bytecode) {
        write_cache(&p, &header, code);
    }
    return code;
}
