/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First process of a container. Runs the server named by its arguments, which binds its sockets and then puts itself
 * into the background; when the server's first process has ended well, the server listens, and this passes the mark
 * that the counter of guest instructions knows (code 1). From then on it reaps what ends, and hands SIGTERM on.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void hand_on(int signal_number)
{
    kill(-1, signal_number);
}

int main(int count, char **arguments)
{
    int status;

    if (count < 2) {
        fprintf(stderr, "usage: announce PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    struct sigaction action = {.sa_handler = hand_on};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGQUIT, &action, NULL);

    pid_t server = fork();
    if (server < 0) {
        perror("fork");
        return 1;
    }
    if (server == 0) {
        execv(arguments[1], arguments + 1);
        perror(arguments[1]);
        _exit(127);
    }
    while (waitpid(server, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "announce: %s failed\n", arguments[1]);
        return 1;
    }
    /* nopl 0x4b524d01(%rax,%rax,1), written as bytes because assemblers choose shorter ones. */
    __asm__ volatile(".byte 0x0f, 0x1f, 0x84, 0x00, 0x01, 0x4d, 0x52, 0x4b" ::: "memory");
    while (wait(&status) >= 0 || errno == EINTR) {
    }
    return 0;
}
