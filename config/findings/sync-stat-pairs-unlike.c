/*
 * sync-stat-pairs-unlike on a Linux that runs: two tasks of one processor take turns with sched_yield(). page-faults is opened first and
 * is flexible; task-clock comes second. With an argument it is pinned: then the child has it first in its list, and each swap of the two
 * contexts puts nanoseconds into the count of page faults.
 *
 *   gcc -O1 sync-stat-pairs-unlike.c -o sync-stat && ./sync-stat && ./sync-stat pinned
 *
 * Linux 6.18.44 on x86-64:
 *   page-faults 21, task-clock 11589685 ns
 *   page-faults 5689955, task-clock 6045216 ns
 */
#define _GNU_SOURCE
#include <linux/perf_event.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int counter(uint64_t config, int pinned)
{
	struct perf_event_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.size = sizeof(attr);
	attr.type = PERF_TYPE_SOFTWARE;
	attr.config = config;
	attr.pinned = pinned;
	attr.inherit = 1;
	attr.inherit_stat = 1;
	attr.exclude_kernel = 1;
	attr.exclude_hv = 1;

	fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	if (fd < 0) {
		perror("perf_event_open");
		exit(1);
	}
	return fd;
}

static uint64_t count(int fd)
{
	uint64_t value;

	if (read(fd, &value, sizeof(value)) != sizeof(value)) {
		perror("read");
		exit(1);
	}
	return value;
}

int main(int argc, char *argv[])
{
	cpu_set_t first;
	int faults, clock, child, turn;

	(void)argv;
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (sched_setaffinity(0, sizeof(first), &first)) {
		perror("sched_setaffinity");
		return 1;
	}

	faults = counter(PERF_COUNT_SW_PAGE_FAULTS, 0);
	clock = counter(PERF_COUNT_SW_TASK_CLOCK, argc > 1);

	child = fork();
	if (child < 0) {
		perror("fork");
		return 1;
	}

	for (turn = 0; turn < 200; turn++) {
		for (volatile int work = 0; work < 20000; work++)
			;
		sched_yield();
	}

	if (!child)
		_exit(0);
	waitpid(child, NULL, 0);
	printf("page-faults %llu, task-clock %llu ns\n", (unsigned long long)count(faults), (unsigned long long)count(clock));
	return 0;
}
