/* What the rest asks of the operating system (os.h), for Linux. */
#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int64_t
clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now); /* cannot fail: the clocks below exist everywhere */
    return (int64_t)now.tv_sec * OS_NS_PER_SECOND + now.tv_nsec;
}

int64_t
os_clock_wall(void)
{
    return clock_ns(CLOCK_REALTIME);
}

int64_t
os_clock_monotonic(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

int64_t
os_clock_perf(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

int64_t
os_clock_process(void)
{
    return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

int64_t
os_clock_thread(void)
{
    return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

unsigned
os_cpu_count(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (unsigned)n : 0;
}

unsigned
os_cpu_usable(void)
{
    /* The kernel refuses a set that is too small for its own, so the set grows until it is not. */
    for (int cpus = 1024; cpus <= 1 << 20; cpus *= 4) {
        cpu_set_t *set = CPU_ALLOC(cpus);
        if (!set)
            break;
        size_t size = CPU_ALLOC_SIZE(cpus);
        int failed = sched_getaffinity(0, size, set);
        unsigned n = failed ? 0 : (unsigned)CPU_COUNT_S(size, set);
        CPU_FREE(set);
        if (n)
            return n;
        if (errno != EINVAL)
            break;
    }
    unsigned n = os_cpu_count();
    return n ? n : 1;
}

size_t
os_page_size(void)
{
    long size = sysconf(_SC_PAGESIZE);
    return size > 0 ? (size_t)size : 4096;
}

int
os_random(void *to, size_t n)
{
    for (char *at = to; n;) {
        ssize_t got = getrandom(at, n, 0);
        if (got < 0) {
            if (errno == EINTR)
                continue;
            return -1;
        }
        at += got;
        n -= (size_t)got;
    }
    return 0;
}

void *
os_map_huge(size_t bytes)
{
    char *base = mmap(NULL, bytes + OS_HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) {
        return NULL;
    }
    char *start = (char *)(((uintptr_t)base + OS_HUGE_PAGE - 1) & ~(uintptr_t)(OS_HUGE_PAGE - 1));
    if (start > base) {
        munmap(base, (size_t)(start - base));
    }
    munmap(start + bytes, (size_t)(base + OS_HUGE_PAGE - start));
    madvise(start, bytes, MADV_HUGEPAGE);
    return start;
}

int
os_stack_bounds(OsStack *stack)
{
    pthread_attr_t attr;
    void *low = NULL;
    size_t size = 0, guard = 0;
    int error = pthread_getattr_np(pthread_self(), &attr);
    if (error) {
        errno = error;
        return -1;
    }
    error = pthread_attr_getstack(&attr, &low, &size);
    if (!error)
        error = pthread_attr_getguardsize(&attr, &guard);
    pthread_attr_destroy(&attr);
    if (error) {
        errno = error;
        return -1;
    }
    /* Libraries differ on whether the guard is part of the size: leaving it out twice loses a page,
     * no more. */
    stack->low = (char *)low + guard;
    stack->high = (char *)low + size;
    return 0;
}

uint64_t
os_thread_id(void)
{
    return (uint64_t)gettid();
}

void
os_thread_name_set(const char *name)
{
    char kept[OS_THREAD_NAME_MAX];
    size_t n = strlen(name);
    if (n >= sizeof(kept)) {
        n = sizeof(kept) - 1;
        while (n && ((uint8_t)name[n] & 0xC0) == 0x80)
            n--;
    }
    memcpy(kept, name, n);
    kept[n] = 0;
    pthread_setname_np(pthread_self(), kept);
}

void
os_thread_name_get(char name[OS_THREAD_NAME_MAX])
{
    if (pthread_getname_np(pthread_self(), name, OS_THREAD_NAME_MAX))
        name[0] = 0;
}

char *
os_read_file(const char *path, size_t *length)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0) {
        return NULL;
    }
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        close(fd);
        errno = EISDIR;
        return NULL;
    }
    size_t capacity = st.st_size > 0 ? (size_t)st.st_size + 1 : 65536, used = 0;
    char *text = malloc(capacity);
    ssize_t n = 0;
    while (text && (n = read(fd, text + used, capacity - used)) > 0) {
        used += (size_t)n;
        if (used == capacity) {
            capacity *= 2;
            char *more = realloc(text, capacity);
            if (!more) {
                free(text);
            }
            text = more;
        }
    }
    close(fd);
    if (text && n < 0) {
        free(text);
        return NULL;
    }
    *length = used;
    return text;
}
