/* SPDX-License-Identifier: Apache-2.0
 * What the C files of an image share, and what the Java fence of an image calls. */
#pragma once
#include "keel.h"
#include "memory.h" /* TeaVM's */

enum {
    KEEL_SPURIOUS_VECTOR = 48,
    KEEL_MAXIMUM_HEAP = 1 << 30, /* TeaVM counts free bytes in an int */
    KEEL_PACKED_AT = 0x4000, /* of the main stack, behind the first page tables; PackedImage knows both */
    KEEL_PACKED_MAGIC = 0x5a4c4b31,
    KEEL_PANIC_STATUS = 0x55     /* QEMU exits with twice this plus one: 171 */
};

/* Reached from assembly or from libc.a, which -fwhole-program does not see. */
#define KEEL_VISIBLE __attribute__((externally_visible, used))

/* What Java reads and writes at fixed offsets: see org.unimark.keel.machine.BareMachine. */
struct keel_machine {
    uint32_t interrupt_counts[16];
    uint64_t eoi_register; /* 0 while the local APIC is in x2APIC mode or not set up */
    int64_t entry_time_stamp;
    uint64_t regions;
    struct keel_region { uint64_t start, end; } region[8]; /* RAM that nothing uses yet, whole pages */
    uint64_t command_line_length;
    char command_line[2048];
};
extern struct keel_machine keel_machine;
KEEL_INLINE int64_t keel_machine_address(void) { return (int64_t) &keel_machine; }
KEEL_INLINE int64_t keel_heap_bytes(void) { return teavm_gc_availableBytes; }

void keel_map_device(int64_t physical, int64_t bytes);
uint64_t keel_place_heap(uint64_t start, uint64_t bytes);
void keel_put_char(int character);
void keel_set_describer(void* function);
/* A panic without a text is an exception, whose text Java knows. */
__attribute__((noreturn)) void keel_panic(const char* word, const char* text, const void* exception_frame);
__attribute__((noreturn)) void keel_power_off(int32_t status);
