/* SPDX-License-Identifier: Apache-2.0
 *
 * The translation unit of a Linux binary: TeaVM's output, so that the compiler sees the whole program.
 */
#include "all.c"
