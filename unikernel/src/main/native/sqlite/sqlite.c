/* SPDX-License-Identifier: Apache-2.0
 *
 * What libsqlite3.a wants of a C library that musl's has not. In an image also what stands in for its members os_unix.o,
 * mutex_unix.o, mem1.o and threads.o (as SQLITE_OS_OTHER, SQLITE_MUTEX_NOOP and SQLITE_ZERO_MALLOC would): the linker
 * then leaves those and their system calls out. Java configures files and memory before sqlite3_initialize.
 */
#include <fcntl.h>
#include <string.h>
#include <time.h>

#define KEEL_LIBRARY __attribute__((externally_visible, used))

/* What _FORTIFY_SOURCE makes of copies whose target's size is known. */
KEEL_LIBRARY void* __memcpy_chk(void* to, const void* from, size_t bytes, size_t room) {
    return bytes > room ? (__builtin_trap(), (void*) 0) : memcpy(to, from, bytes);
}
KEEL_LIBRARY void* __memset_chk(void* to, int value, size_t bytes, size_t room) {
    return bytes > room ? (__builtin_trap(), (void*) 0) : memset(to, value, bytes);
}

static int64_t offered_files;
void keel_offer_files(int64_t files) { offered_files = files; }

#ifdef KEEL_IMAGE
KEEL_LIBRARY int sqlite3_os_init(void) { return sqlite3_vfs_register(offered_files, 1); }
KEEL_LIBRARY int sqlite3_os_end(void) { return 0; }
KEEL_LIBRARY void* sqlite3DefaultMutex(void) { return 0; } /* not asked for when SQLITE_CONFIG_SINGLETHREAD is set */
KEEL_LIBRARY void sqlite3MemoryBarrier(void) { __asm__ volatile("" ::: "memory"); }
KEEL_LIBRARY void sqlite3MemSetDefault(void) {}
KEEL_LIBRARY int sqlite3ThreadCreate(void** thread, void* (*task)(void*), void* in) { return 1; }
KEEL_LIBRARY int sqlite3ThreadJoin(void* thread, void** out) { return 1; }
/* An image knows no time zone. musl's gmtime_r would bring what reads those of Linux; this is its inner part. */
int __secs_to_tm(long long seconds, struct tm* result);
KEEL_LIBRARY struct tm* localtime_r(const time_t* restrict time, struct tm* restrict result) {
    return __secs_to_tm(*time, result) < 0 ? 0 : result;
}
#else
#include <stdarg.h>
KEEL_LIBRARY int fcntl64(int file, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    void* argument = va_arg(arguments, void*);
    va_end(arguments);
    return fcntl(file, command, argument);
}
#endif

KEEL_LIBRARY int64_t keel_function(void* function) { return (int64_t) function; }
