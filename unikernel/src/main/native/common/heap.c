/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes allocated and time lost to collections, without work in the allocator: it counts down what is free. Behind TeaVM's
 * generated code in the same translation unit, in place of its heaptrace.c, whose functions these are.
 */
#include "keel.h"

static int64_t allocated_before, pause_count, pause_ticks, longest_pause_ticks, pause_start;
static int32_t free_at_last_collection = -1;

static int64_t allocated_since(void) {
    int64_t base = free_at_last_collection < 0 ? teavm_gc_availableBytes : free_at_last_collection;
    return base - sfld_otr_GC_freeMemory;
}

int64_t keel_heap_allocated(void) { return allocated_before + allocated_since(); }

int64_t keel_heap_pause(int32_t what) { return what == 0 ? pause_count : what == 1 ? pause_ticks : longest_pause_ticks; }

void teavm_gc_gcStarted(int32_t full) {
    (void) full;
    pause_start = keel_rdtsc();
    allocated_before += allocated_since();
}

void teavm_gc_gcCompleted(void) {
    free_at_last_collection = sfld_otr_GC_freeMemory;
    int64_t ticks = keel_rdtsc() - pause_start;
    pause_count++;
    pause_ticks += ticks;
    longest_pause_ticks = ticks > longest_pause_ticks ? ticks : longest_pause_ticks;
}

#define IGNORED(event, ...) void teavm_gc_##event(__VA_ARGS__) {}
IGNORED(allocate, void* a, int32_t n) IGNORED(free, void* a, int32_t n) IGNORED(assertFree, void* a, int32_t n)
IGNORED(mark, void* a) IGNORED(move, void* a, void* b, int32_t n) IGNORED(reportDirtyRegion, void* a)
IGNORED(markStarted) IGNORED(markCompleted) IGNORED(sweepStarted) IGNORED(sweepCompleted)
IGNORED(defragStarted) IGNORED(defragCompleted) IGNORED(heapResized, int64_t n)
