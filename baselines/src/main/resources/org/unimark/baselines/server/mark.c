/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stands in for the shell of a container whose program can run commands (sqlite3's .system) but cannot pass the marks that
 * the counter of guest instructions knows:
 *
 *   sh -c "begin 2"               remembers the time, then passes mark 2
 *   sh -c "end 3 TEXT nanos="     passes mark 3, then prints the text and the nanoseconds since the last begin
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#define FILE_OF_TIME "/dev/shm/begin"
/* nopl 0x4b524d00+CODE(%rax,%rax,1), written as bytes because assemblers choose shorter ones. */
#define PASS(CODE) case CODE: __asm__ volatile(".byte 0x0f, 0x1f, 0x84, 0x00, " #CODE ", 0x4d, 0x52, 0x4b" ::: "memory"); break

static void pass(int code)
{
    switch (code) {
        PASS(2); PASS(3); PASS(4); PASS(5);
    }
}

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int count, char **arguments)
{
    int code = 0, text = 0, begins = count == 3 && strncmp(arguments[2], "begin", 5) == 0;
    long long begun = 0, ended;
    FILE *file = fopen(FILE_OF_TIME, begins ? "w" : "r");
    if (count != 3 || !file || sscanf(arguments[2], begins ? "begin %d" : "end %d %n", &code, &text) != 1)
        return 1;
    if (begins) {
        fprintf(file, "%lld", now());
        fclose(file);
        pass(code);
        return 0;
    }
    pass(code);
    ended = now();
    if (fscanf(file, "%lld", &begun) != 1)
        return 1;
    printf("%s%lld\n", arguments[2] + text, ended - begun);
    return 0;
}
