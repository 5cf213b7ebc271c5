// closed-leader-was-off.yaml on a real kernel: no hardware counter is needed.
// cc -O2 -o closed-leader-was-off closed-leader-was-off.c && ./closed-leader-was-off
//
// A group's leader is off, so nobody in the group is enabled. The leader is closed: the time until then becomes the sibling's time enabled.
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int open_event(uint64_t config, int disabled, int group)
{
    struct perf_event_attr attr;
    memset(&attr, 0, sizeof attr);
    attr.type = PERF_TYPE_SOFTWARE;
    attr.size = sizeof attr;
    attr.config = config;
    attr.disabled = disabled;
    attr.exclude_kernel = 1;
    attr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
    return (int)syscall(SYS_perf_event_open, &attr, 0, -1, group, 0);
}

static void run_for_100_ms(void)
{
    clock_t until = clock() + CLOCKS_PER_SEC / 10;
    while (clock() < until) {
    }
}

static void show(const char *when, int fd)
{
    uint64_t value[3];
    if (read(fd, value, sizeof value) == sizeof value)
        printf("%s: time enabled %.1f ms, time running %.1f ms\n", when, value[1] / 1e6, value[2] / 1e6);
}

int main(void)
{
    int leader = open_event(PERF_COUNT_SW_PAGE_FAULTS, 1, -1);
    int sibling = open_event(PERF_COUNT_SW_PAGE_FAULTS, 0, leader);
    if (leader < 0 || sibling < 0) {
        perror("perf_event_open");
        return 2;
    }

    run_for_100_ms();
    show("read while the leader is off", sibling); // brings the stamp up to date
    run_for_100_ms();
    close(leader);
    show("the leader is closed        ", sibling);
    return 0;
}
