/* SPDX-License-Identifier: Apache-2.0
 *
 * The translation unit of a Linux binary: TeaVM's output, so that the compiler sees the whole program.
 */
#include <stdlib.h>
#include <unistd.h>

#include "all.c"

#include "heap.c"

void teavm_outOfMemory(void) {
    static const char message[] = "the Java heap is exhausted\n";
    (void) !write(2, message, sizeof message - 1);
    abort();
}
