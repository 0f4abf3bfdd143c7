#include "base/os.h"
#include "check.h"

#include <pthread.h>
#include <time.h>

CASE(clocks_move_forward)
{
    int64_t wall = os_clock_wall(), monotonic = os_clock_monotonic(), perf = os_clock_perf();
    int64_t process = os_clock_process(), thread = os_clock_thread();
    CHECK(llabs(wall / OS_NS_PER_SECOND - (int64_t)time(NULL)) <= 1);
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    CHECK(os_clock_monotonic() - monotonic >= 2000000);
    CHECK(os_clock_perf() - perf >= 2000000);
    volatile double x = 1;
    while (os_clock_thread() - thread < 1000000)
        x = x * 1.0000001;
    CHECK(os_clock_process() - process >= 1000000);
}

CASE(machine)
{
    CHECK(os_cpu_count() >= 1);
    CHECK(os_cpu_usable() >= 1 && os_cpu_usable() <= 65536);
    size_t page = os_page_size();
    CHECK(page >= 4096 && (page & (page - 1)) == 0);
}

CASE(random_bytes_fill_the_whole_room)
{
    uint8_t seen[600] = {0}, room[600];
    for (int round = 0; round < 10; round++) {
        CHECK_INT(os_random(room, sizeof(room)), 0);
        for (size_t i = 0; i < sizeof(room); i++)
            seen[i] |= room[i];
    }
    size_t zero = 0;
    for (size_t i = 0; i < sizeof(seen); i++)
        zero += seen[i] == 0;
    CHECK_INT(zero, 0); /* chance 600 * 2**-80 */
    CHECK_INT(os_random(room, 0), 0);
}

static void
check_stack(void)
{
    OsStack stack;
    CHECK_INT(os_stack_bounds(&stack), 0);
    char *frame = __builtin_frame_address(0);
    CHECK(stack.low < frame && frame < stack.high);
    CHECK((size_t)(stack.high - stack.low) >= 100000);
}

static void *
in_thread(void *unused)
{
    check_stack();
    OsStack stack;
    CHECK_INT(os_stack_bounds(&stack), 0);
    CHECK((size_t)(stack.high - stack.low) <= 1 << 20);
    /* the lowest byte is there to be used: this would crash if it were the guard */
    volatile char *lowest = stack.low;
    *lowest = 1;
    *(uint64_t *)unused = os_thread_id();
    char name[OS_THREAD_NAME_MAX];
    os_thread_name_set("worker");
    os_thread_name_get(name);
    CHECK_STR(name, "worker");
    os_thread_name_set("fourteen bytes\xC3\xA9 and more");
    os_thread_name_get(name);
    CHECK_STR(name, "fourteen bytes");
    os_thread_name_set("exactly15 bytes");
    os_thread_name_get(name);
    CHECK_STR(name, "exactly15 bytes");
    return NULL;
}

CASE(stack_and_name_of_threads)
{
    check_stack();
    pthread_t thread;
    pthread_attr_t attr;
    uint64_t id = 0;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 1 << 20);
    CHECK_INT(pthread_create(&thread, &attr, in_thread, &id), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attr);
    CHECK(id && id != os_thread_id());
    CHECK_INT(os_thread_id(), os_thread_id());
}

CHECK_MAIN()
