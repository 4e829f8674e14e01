// SPDX-License-Identifier: GPL-2.0
/*
 * Hit markers a known number of times, for clients to see:
 *
 *	hit_markers NR
 *
 * first waits until a byte or the end comes from the standard input. Then each
 * of these is hit by this task, for i from 1 to NR, with values that tell i:
 *
 *	pipe:pipe_resize	size=i
 *	futex:futex_wake	nr=i ret=0
 *	mount:mount		source=hit-i flags=BIND ret=-ENOENT
 *
 * The function hit_all() calls hit_one() and is what a user stack has to show.
 */
#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fds[2];

/* The C library has no frame pointers: its caller is not found, but who called that. */
static __attribute__((noinline)) void hit_one(unsigned int i)
{
	static unsigned int futex;
	char source[32];

	fcntl(fds[0], F_SETPIPE_SZ, i);
	syscall(SYS_futex, &futex, FUTEX_WAKE, i, NULL, NULL, 0);
	snprintf(source, sizeof(source), "hit-%u", i);
	mount(source, "/", "none", MS_BIND, NULL);
	/* Not as its last call, which would become a jump */
	__asm__ volatile("" ::: "memory");
}

static __attribute__((noinline)) void hit_all(unsigned int nr)
{
	for (unsigned int i = 1; i <= nr; i++)
		hit_one(i);
}

int main(int argc, char *argv[])
{
	unsigned int nr = argc > 1 ? strtoul(argv[1], NULL, 0) : 1;
	char byte;

	if (pipe2(fds, O_CLOEXEC) || read(STDIN_FILENO, &byte, 1) < 0) {
		perror(argv[0]);
		return 1;
	}
	hit_all(nr);
	return 0;
}
