/* Finding the program in another process, by /proc/PID/maps and the build id of its ELF file, and
 * reading its memory. */
#include "module/_remote_debugging/process.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "heap/remote.h"
#include "heap/world.h"
#include "object/str.h"

enum {
    SEGMENTS_MOST = 64,      /* program headers that are looked at */
    NOTES_MOST = 4096,       /* bytes of a segment of notes */
    MAPS_MOST = 64 << 20,    /* bytes of /proc/PID/maps */
    BUILD_ID_MOST = 64,
};

static int
raise_gone(const Process *p, int error)
{
    raise_errno(error);
    if (error == ESRCH) {
        raise_from_pending(&exc_RuntimeError, "process %d is gone", p->pid);
    }
    return -1;
}

/* After the system call that moved `moved` of n bytes. */
static int
outcome(const Process *p, ssize_t moved, size_t n)
{
    if (moved == (ssize_t)n) {
        return 0;
    }
    return moved >= 0 || errno == EFAULT || errno == EINVAL || errno == ENOMEM
               ? 1
               : raise_gone(p, errno);
}

int
process_read(const Process *p, Address at, void *to, size_t n)
{
    struct iovec here = {to, n}, there = {(void *)at, n};
    return outcome(p, process_vm_readv(p->pid, &here, 1, &there, 1, 0), n);
}

int
process_write(const Process *p, Address at, const void *from, size_t n)
{
    struct iovec here = {(void *)(uintptr_t)from, n}, there = {(void *)at, n};
    return outcome(p, process_vm_writev(p->pid, &here, 1, &there, 1, 0), n);
}

/* -- build ids -- */

typedef struct BuildId {
    size_t n; /* 0: none */
    uint8_t bytes[BUILD_ID_MOST];
} BuildId;

/* Looks for the build id among the notes of a segment. */
static void
notes_find(const uint8_t *notes, size_t n, BuildId *id)
{
    for (size_t at = 0; n - at >= sizeof(ElfW(Nhdr));) {
        ElfW(Nhdr) note;
        memcpy(&note, notes + at, sizeof note);
        at += sizeof note;
        size_t name = ((size_t)note.n_namesz + 3) & ~(size_t)3;
        size_t text = ((size_t)note.n_descsz + 3) & ~(size_t)3;
        if (name > n - at || text > n - at - name) {
            return;
        }
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
            memcmp(notes + at, "GNU", 4) == 0 && note.n_descsz <= BUILD_ID_MOST) {
            id->n = note.n_descsz;
            memcpy(id->bytes, notes + at + name, id->n);
            return;
        }
        at += name + text;
    }
}

typedef struct OwnProgram {
    ElfW(Addr) base;
    BuildId id;
} OwnProgram;

static int
own_program_found(struct dl_phdr_info *info, size_t size UNUSED, void *arg)
{
    OwnProgram *own_program = arg;
    own_program->base = info->dlpi_addr;
    for (int i = 0; i < info->dlpi_phnum && own_program->id.n == 0; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type == PT_NOTE) {
            notes_find((const uint8_t *)(info->dlpi_addr + segment->p_vaddr), segment->p_memsz,
                       &own_program->id);
        }
    }
    return 1; /* the first is the program itself */
}

/* The ELF file mapped from its start on at `start`: 0 when it has this build id, with *base; 1
 * when not; -1 */
static int
program_matches(const Process *p, Address start, const BuildId *wanted, Address *base)
{
    ElfW(Ehdr) head;
    ElfW(Phdr) segments[SEGMENTS_MOST];
    int status = process_read(p, start, &head, sizeof head);
    if (status || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_phnum > SEGMENTS_MOST ||
        head.e_phentsize != sizeof segments[0]) {
        return status ? status : 1;
    }
    status = process_read(p, start + head.e_phoff, segments, head.e_phnum * sizeof segments[0]);
    *base = start;
    for (int i = 0; i < head.e_phnum && status == 0; i++) {
        if (segments[i].p_type == PT_LOAD && segments[i].p_offset == 0) {
            *base = start - segments[i].p_vaddr;
        }
    }
    BuildId id = {0};
    for (int i = 0; i < head.e_phnum && status == 0 && id.n == 0; i++) {
        uint8_t notes[NOTES_MOST];
        if (segments[i].p_type == PT_NOTE && segments[i].p_memsz <= sizeof notes) {
            status = process_read(p, *base + segments[i].p_vaddr, notes, segments[i].p_memsz);
            if (status == 0) {
                notes_find(notes, segments[i].p_memsz, &id);
            }
        }
    }
    return status ? status : id.n != wanted->n || memcmp(id.bytes, wanted->bytes, id.n) != 0;
}

/* Is the root where it has to be? 0, 1, -1 */
static int
root_matches(const Process *p)
{
    RemoteRoot root;
    Address at = process_address(p, &remote_root);
    int status = process_read(p, at, &root, sizeof root);
    return status ? status : root.magic != REMOTE_MAGIC || (Address)root.self != at;
}

/* One line of maps. 0 found: p->moved is set; 1 not in this mapping; -1 */
static int
mapping_matches(Process *p, const char *line, const OwnProgram *ours)
{
    unsigned long start, offset, inode;
    char rights[5];
    if (sscanf(line, "%lx-%*x %4s %lx %*s %lu", &start, rights, &offset, &inode) != 4 ||
        rights[0] != 'r' || offset != 0 || inode == 0) {
        return 1;
    }
    Address base;
    int status = program_matches(p, start, &ours->id, &base);
    if (status == 0) {
        p->moved = base - ours->base;
        status = root_matches(p);
    }
    return status;
}

static int
raise_maps(int pid, int error)
{
    Own path = str_fmt("/proc/%d/maps", pid);
    if (path) {
        raise_errno_path(error, path);
        drop(path);
        if (error != EACCES && error != EPERM) {
            raise_from_pending(&exc_RuntimeError, "process %d cannot be looked into", pid);
        }
    }
    return -1;
}

/* own: ret a file, to be closed · fail: null + exception */
static FILE *
maps_open(int pid)
{
    char path[40];
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    detach();
    FILE *maps = fopen(path, "re");
    attach();
    if (!maps) {
        raise_maps(pid, errno);
    }
    return maps;
}

int
process_open(Process *p, int pid)
{
    OwnProgram ours = {0};
    dl_iterate_phdr(own_program_found, &ours);
    FILE *maps = maps_open(pid);
    if (!maps) {
        return -1;
    }
    *p = (Process){.pid = pid};
    int status = 1;
    char line[512]; /* a longer one's rest counts as a line that says nothing */
    for (int64_t left = MAPS_MOST; status == 1 && left > 0 && fgets(line, sizeof line, maps);) {
        left -= (int64_t)strlen(line);
        status = ours.id.n ? mapping_matches(p, line, &ours) : 1;
    }
    fclose(maps);
    return status == 1 ? raise_int(&exc_RuntimeError, "process %d does not run this build of Weft",
                                   pid)
                       : status;
}
