/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First process of a container. Runs the server named by its arguments and passes the mark that the counter of guest
 * instructions knows (code 1) when the server listens. A server says so in one of two ways:
 *
 *   announce PROGRAM [ARGUMENT...]             it puts itself into the background: its first process ends well
 *   announce --notified PROGRAM [ARGUMENT...]  it sends READY=1 to the socket that NOTIFY_SOCKET names (sd_notify(3))
 *
 * From then on this reaps what ends, hands SIGTERM on, and ends when nothing is left.
 */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void hand_on(int signal_number)
{
    kill(-1, signal_number);
}

/* An abstract name, which needs no directory that can be written to. */
static int notification_socket(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "\0unimark"};
    struct timeval patience = {.tv_usec = 100000};
    int notifications = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    setsockopt(notifications, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    bind(notifications, (struct sockaddr *)&address, offsetof(struct sockaddr_un, sun_path) + 8);
    setenv("NOTIFY_SOCKET", "@unimark", 1);
    return notifications;
}

static int await_notification(int notifications, pid_t server)
{
    char message[1024];
    for (;;) {
        ssize_t length = recv(notifications, message, sizeof message - 1, 0);
        if (length < 0 && errno != EAGAIN && errno != EINTR)
            return 0;
        message[length < 0 ? 0 : length] = '\0';
        if (strstr(message, "READY=1"))
            return 1;
        if (waitpid(server, NULL, WNOHANG) == server)
            return 0;
    }
}

static int await_background(pid_t server)
{
    int status;
    while (waitpid(server, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int count, char **arguments)
{
    int notified = count > 1 && strcmp(arguments[1], "--notified") == 0;
    char **program = arguments + 1 + notified;
    if (count < 2 + notified) {
        fprintf(stderr, "usage: announce [--notified] PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    struct sigaction action = {.sa_handler = hand_on};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGQUIT, &action, NULL);

    int notifications = notified ? notification_socket() : -1;
    pid_t server = fork();
    if (server < 0) {
        perror("fork");
        return 1;
    }
    if (server == 0) {
        execv(program[0], program);
        perror(program[0]);
        _exit(127);
    }
    if (!(notified ? await_notification(notifications, server) : await_background(server))) {
        fprintf(stderr, "announce: %s failed\n", program[0]);
        return 1;
    }
    /* nopl 0x4b524d01(%rax,%rax,1), written as bytes because assemblers choose shorter ones. */
    __asm__ volatile(".byte 0x0f, 0x1f, 0x84, 0x00, 0x01, 0x4d, 0x52, 0x4b" ::: "memory");
    while (wait(NULL) >= 0 || errno == EINTR) {
    }
    return 0;
}
