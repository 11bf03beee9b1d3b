/* SPDX-License-Identifier: Apache-2.0
 *
 * The Linux kernel as Java sees it: one system call with up to six arguments, and the clock, which the C library reads
 * without entering the kernel. Everything else of the Linux platform is Java.
 */
#pragma once
#include <stdint.h>
#include <time.h>

/* Returns what the kernel returns: a result, or an error number negated. */
static inline int64_t keel_system_call(
        int32_t number, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f) {
    int64_t result;
    register int64_t r10 __asm__("r10") = d;
    register int64_t r8 __asm__("r8") = e;
    register int64_t r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"((int64_t) number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static inline int64_t keel_clock_nanos(int32_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}
