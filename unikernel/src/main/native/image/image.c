/* SPDX-License-Identifier: Apache-2.0
 *
 * The translation unit of an image: TeaVM's output (all.c and what it includes, on the quote path) and Keel's C behind it,
 * so that the compiler sees the whole program.
 */
#include "all.c"

#include "heap.c"
#include "runtime.c"
#include "panic.c"
#include "start.c"
