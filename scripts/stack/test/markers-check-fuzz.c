// SPDX-License-Identifier: GPL-2.0
/*
 * Run markers-check many times: for each line on stdin, the arguments, fork and
 * call its main() with stdout and stderr in the file "output". Each answer is a
 * line with the exit status, or 128 and the signal. A sanitizer takes longer to
 * start than the program to run, so it starts once.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int checked_main(int argc, char *argv[]);

static int child(char *line)
{
	char *argv[32] = { "markers-check" };
	int argc = 1;

	alarm(20);
	if (!freopen("output", "w", stdout) || dup2(1, 2) < 0)
		return 98;
	line[strcspn(line, "\n")] = '\0';
	while (argc < 31 && (argv[argc] = strsep(&line, " ")))
		argc++;
	return checked_main(argc, argv);
}

int main(void)
{
	char line[1024];
	int status;
	pid_t pid;

	while (fgets(line, sizeof(line), stdin)) {
		pid = fork();
		if (!pid)
			exit(child(line));
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			return 1;
		printf("%d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
		fflush(stdout);
	}
	return 0;
}
