/* SPDX-License-Identifier: Apache-2.0
 * What the C files of an image share, and what the Java fence of an image calls. */
#pragma once
#include "keel.h"
#include "memory.h" /* TeaVM's */

enum {
    KEEL_REGIONS = 8,
    KEEL_COMMAND_LINE_BYTES = 2048,
    KEEL_SPURIOUS_VECTOR = 48,
    KEEL_MAXIMUM_HEAP = 1 << 30, /* TeaVM counts free bytes in an int */
    KEEL_PANIC_STATUS = 0x55     /* QEMU exits with twice this plus one: 171 */
};

/* Reached from assembly or from libc.a, which -fwhole-program does not see. */
#define KEEL_VISIBLE __attribute__((externally_visible, used))

/* RAM that nothing uses yet, [start, end), whole pages. */
struct keel_region {
    uint64_t start, end;
};
extern struct keel_region keel_memory[KEEL_REGIONS];
extern int keel_memory_regions;
extern char keel_command_line[KEEL_COMMAND_LINE_BYTES];
extern int keel_command_line_length;
extern uint32_t keel_interrupt_counts[16];
extern uint64_t keel_eoi_register; /* 0 while the local APIC is in x2APIC mode or not set up */
extern int64_t keel_start_time_stamp;

void keel_map_device(int64_t physical, int64_t bytes);
uint64_t keel_place_heap(uint64_t start, uint64_t bytes);
void keel_put_char(int character);
void keel_set_describer(void* function);
/* A panic without a text is an exception, whose text Java knows. */
__attribute__((noreturn)) void keel_panic(const char* word, const char* text, const void* exception_frame);
__attribute__((noreturn)) void keel_power_off(int32_t status);

/* One-line accessors for the fence */
KEEL_INLINE int64_t keel_command_line_address(void) { return (int64_t) keel_command_line; }
KEEL_INLINE int32_t keel_command_line_bytes(void) { return keel_command_line_length; }
KEEL_INLINE int32_t keel_region_count(void) { return keel_memory_regions; }
KEEL_INLINE int64_t keel_region_start(int32_t region) { return (int64_t) keel_memory[region].start; }
KEEL_INLINE int64_t keel_region_end(int32_t region) { return (int64_t) keel_memory[region].end; }
KEEL_INLINE int32_t keel_interrupt_count(int32_t vector) {
    return (int32_t) *(volatile uint32_t*) &keel_interrupt_counts[(vector - 32) & 15];
}
KEEL_INLINE void keel_set_eoi_register(int64_t address) { keel_eoi_register = (uint64_t) address; }
KEEL_INLINE int64_t keel_entry_time_stamp(void) { return keel_start_time_stamp; }
KEEL_INLINE int64_t keel_heap_bytes(void) { return teavm_gc_availableBytes; }
