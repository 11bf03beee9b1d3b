/* SPDX-License-Identifier: Apache-2.0
 *
 * The translation unit of a Linux binary: TeaVM's output, so that the compiler sees the whole program.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "all.c"

#include "heap.c"

void teavm_outOfMemory(void) {
    static const char message[] = "the Java heap is exhausted\n";
    (void) !write(2, message, sizeof message - 1);
    abort();
}

/* How compiled code checks for null: see NullChecks. Linux maps nothing below 64 KiB. */
static void check_fault(int number, siginfo_t* information, void* context) {
    if ((uintptr_t) information->si_addr < 65536) {
        teavm_throwNullPointerException();
    }
    signal(SIGSEGV, SIG_DFL); /* anything else happens again, and ends the process */
}

__attribute__((constructor)) static void expect_faults(void) {
    sigaction(SIGSEGV, &(struct sigaction) {.sa_sigaction = check_fault, .sa_flags = SA_SIGINFO}, 0);
}
