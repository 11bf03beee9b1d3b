/* SPDX-License-Identifier: Apache-2.0
 *
 * What Java has no word for, as functions that the C compiler inlines into the code that TeaVM generates. Both targets
 * include this; the privileged part works in an image only. Names correspond to the classes of org.unimark.keel.machine.
 */
#pragma once
#include <stdint.h>

#define KEEL_INLINE static inline __attribute__((always_inline))

/* DeviceMemory: volatile, so that an access happens once, with that width, and is not moved across another one. */
#define KEEL_ACCESS(bits, type)                                                                              \
    KEEL_INLINE type keel_read##bits(int64_t address) { return *(volatile uint##bits##_t*) address; }        \
    KEEL_INLINE void keel_write##bits(int64_t address, type value) {                                         \
        *(volatile uint##bits##_t*) address = (uint##bits##_t) value;                                        \
    }
KEEL_ACCESS(8, int32_t)
KEEL_ACCESS(16, int32_t)
KEEL_ACCESS(32, int32_t)
KEEL_ACCESS(64, int64_t)

/* Barrier: x86 reorders only a store with a later load. */
KEEL_INLINE void keel_compiler_barrier(void) { __asm__ volatile("" ::: "memory"); }
KEEL_INLINE void keel_full_barrier(void) { __asm__ volatile("lock; addl $0, -8(%%rsp)" ::: "memory", "cc"); }

/* Ports */
#define KEEL_PORT(bits, suffix)                                                                              \
    KEEL_INLINE int32_t keel_in##bits(int32_t port) {                                                        \
        uint##bits##_t value;                                                                                \
        __asm__ volatile("in" suffix " %w1, %0" : "=a"(value) : "Nd"(port));                                 \
        return value;                                                                                        \
    }                                                                                                        \
    KEEL_INLINE void keel_out##bits(int32_t port, int32_t value) {                                           \
        __asm__ volatile("out" suffix " %0, %w1" : : "a"((uint##bits##_t) value), "Nd"(port));               \
    }
KEEL_PORT(8, "b")
KEEL_PORT(16, "w")
KEEL_PORT(32, "l")

/* Cpu */
KEEL_INLINE int64_t keel_rdtsc(void) { return (int64_t) __builtin_ia32_rdtsc(); }

KEEL_INLINE int32_t keel_cpuid(int32_t leaf, int32_t subleaf, int32_t reg) {
    int32_t r[4];
    __asm__ volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3]) : "a"(leaf), "c"(subleaf));
    return r[reg & 3];
}

KEEL_INLINE int64_t keel_rdrand(void) {
    int64_t value;
    uint8_t valid = 0;
    for (int tries = 0; tries < 10 && !valid; tries++) { /* Intel SDM 1, 7.3.17: retry ten times */
        __asm__ volatile("rdrand %0; setc %1" : "=r"(value), "=qm"(valid) : : "cc");
    }
    return valid ? value : 0;
}

KEEL_INLINE int64_t keel_scale(int64_t value, int64_t multiplier) {
    return (int64_t) ((unsigned __int128) (uint64_t) value * (uint64_t) multiplier >> 32);
}

KEEL_INLINE void keel_pause(void) { __builtin_ia32_pause(); }

KEEL_INLINE int64_t keel_rdmsr(int32_t reg) {
    uint32_t low, high;
    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(reg));
    return (int64_t) ((uint64_t) high << 32 | low);
}

KEEL_INLINE void keel_wrmsr(int32_t reg, int64_t value) {
    __asm__ volatile("wrmsr" : : "c"(reg), "a"((uint32_t) value), "d"((uint32_t) (value >> 32)) : "memory");
}

/* The only place where interrupts are enabled. sti takes effect after the next instruction, so that an interrupt that is
 * already pending ends the hlt instead of being handled before it. Interrupt stubs may clobber these registers. */
KEEL_INLINE void keel_wait_for_interrupt(void) { __asm__ volatile("sti; hlt; cli" ::: "rax", "rcx", "rdx", "memory", "cc"); }

/* Mark: nopl (0x4b524d00 + code)(%rax,%rax,1). The code is part of the instruction. */
#define KEEL_MARK(code) \
    case code: __asm__ volatile(".byte 0x0f, 0x1f, 0x84, 0; .long 0x4b524d00 + %c0" : : "i"(code) : "memory"); break;
KEEL_INLINE void keel_mark(int32_t code) {
    switch (code) {
        KEEL_MARK(0) KEEL_MARK(1) KEEL_MARK(2) KEEL_MARK(3) KEEL_MARK(4) KEEL_MARK(5) KEEL_MARK(6) KEEL_MARK(7) KEEL_MARK(8) KEEL_MARK(9)
    }
}

/* Sealed: the builder links the archive between these symbols. */
extern const char keel_sealed_start[], keel_sealed_end[];
KEEL_INLINE int64_t keel_sealed_address(void) { return (int64_t) keel_sealed_start; }
KEEL_INLINE int32_t keel_sealed_length(void) { return (int32_t) (keel_sealed_end - keel_sealed_start); }

/* Heap: see heap.c. */
int64_t keel_heap_allocated(void);
int64_t keel_heap_pause(int32_t what);

/* Memory: copies with vector registers, because string instructions are slow to start. The last move of a kind overlaps
 * the one before it instead of leaving a rest for smaller ones; the two ranges do not overlap. */
typedef long long keel_vector __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint64_t keel_word __attribute__((aligned(1), may_alias));
#define KEEL_MOVE(type, at) (*(type*) (to + (at)) = *(const type*) (from + (at)))
KEEL_INLINE void keel_copy(int64_t from, int64_t to, int32_t length) {
    if (length >= 16) {
        int64_t at = 0;
        for (; at + 64 <= length; at += 64) {
            KEEL_MOVE(keel_vector, at), KEEL_MOVE(keel_vector, at + 16);
            KEEL_MOVE(keel_vector, at + 32), KEEL_MOVE(keel_vector, at + 48);
        }
        for (; at + 16 < length; at += 16) { KEEL_MOVE(keel_vector, at); }
        KEEL_MOVE(keel_vector, length - 16);
    } else if (length >= 8) {
        KEEL_MOVE(keel_word, 0);
        KEEL_MOVE(keel_word, length - 8);
    } else {
        for (int32_t at = 0; at < length; at++) { KEEL_MOVE(char, at); }
    }
}

/* Memory: many bytes at a time; bit i of a result speaks of byte i. */
typedef char keel_signed __attribute__((vector_size(16)));
typedef unsigned char keel_bytes __attribute__((vector_size(16), aligned(1), may_alias));
#define KEEL_BITS(bytes) __builtin_ia32_pmovmskb128((keel_signed) (bytes))
KEEL_INLINE int32_t keel_equal16(int64_t one, int64_t other) { return KEEL_BITS(*(keel_bytes*) one == *(keel_bytes*) other); }
KEEL_INLINE int64_t keel_below16(int64_t address, int32_t limit) {
    return KEEL_BITS(*(keel_bytes*) address < (keel_bytes) {} + (unsigned char) limit) & 0xffff;
}
KEEL_INLINE int64_t keel_below64(int64_t address, int32_t limit) {
    return keel_below16(address, limit) | keel_below16(address + 16, limit) << 16
            | keel_below16(address + 32, limit) << 32 | keel_below16(address + 48, limit) << 48;
}
KEEL_INLINE int32_t keel_lowest_bit(int64_t bits) { return __builtin_ctzll((uint64_t) bits); }
KEEL_INLINE int32_t keel_matches(int64_t one, int64_t other, int32_t length) {
    int64_t at = 0, end = length - 8;
    if (length < 8) {
        while (at < length && ((char*) one)[at] == ((char*) other)[at]) { at++; }
        return at == length;
    }
    if (length < 16) {
        return *(keel_word*) one == *(keel_word*) other && *(keel_word*) (one + end) == *(keel_word*) (other + end);
    }
    while (at + 16 < length && keel_equal16(one + at, other + at) == 0xffff) { at += 16; }
    return at + 16 >= length && keel_equal16(one + length - 16, other + length - 16) == 0xffff;
}
