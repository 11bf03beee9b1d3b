/* SPDX-License-Identifier: Apache-2.0
 *
 * The end: what happened, the registers and the Java stack on the serial port, then a status that the host can see.
 */
#include <string.h>

#include "image.h"

enum { COM1 = 0x3f8, LINE_STATUS = 5, TRANSMITTER_EMPTY = 0x20, DEBUG_EXIT = 0xf4, KEYBOARD = 0x64, RESET = 0xfe };

extern char keel_image_start[], keel_text_start[], keel_rodata_start[], keel_data_start[], keel_image_end[];
extern char keel_interrupt_guard[], keel_interrupt_stack[], keel_guard[], keel_stack[], keel_stack_top[];

/* A machine without the port reads as all ones and loses the character. */
void keel_put_char(int character) {
    for (int tries = 0; tries < 100000 && !(keel_in8(COM1 + LINE_STATUS) & TRANSMITTER_EMPTY); tries++) {
        keel_pause();
    }
    keel_out8(COM1, character);
}

static void put(const char* text) {
    while (*text) {
        keel_put_char(*text++);
    }
}

static void put_hexadecimal(uint64_t value) {
    for (int shift = 60; shift >= 0; shift -= 4) {
        keel_put_char("0123456789abcdef"[value >> shift & 15]);
    }
}

static void put_decimal(uint32_t value) {
    if (value >= 10) {
        put_decimal(value / 10);
    }
    keel_put_char((int) ('0' + value % 10));
}

static int is_mapped(const void* address, uint64_t bytes) {
    return (char*) address >= keel_image_start
        && ((char*) address + bytes <= keel_interrupt_guard
            || ((char*) address >= keel_stack && (char*) address + bytes <= keel_image_end)
            || ((uint64_t) address >= (uint64_t) teavm_gc_heapAddress
                && (uint64_t) address + bytes <= (uint64_t) teavm_gc_heapAddress + (uint64_t) teavm_gc_availableBytes));
}

static void put_java_string(TeaVM_String* string) {
    if (!is_mapped(string, sizeof *string) || !is_mapped(string->characters, sizeof *string->characters)) {
        return;
    }
    char16_t* text = TEAVM_ARRAY_DATA(string->characters, char16_t);
    int32_t length = TEAVM_ARRAY_LENGTH(string->characters);
    for (int32_t i = 0; i < length && i < 400; i++) {
        keel_put_char(text[i] < 0x80 ? text[i] : '?');
    }
}

/* The tables are the builder's (StackTables): a line of the trace, and those of the methods it was inlined into. */
static void put_call_site(unsigned number) {
    for (; number; number = keel_locations[number].next) {
        const char* name = keel_names + keel_methods[keel_locations[number].method].class_name;
        put("    at ");
        put(name);
        put(".");
        put(keel_names + keel_methods[keel_locations[number].method].method_name);
        put("(");
        const char* dot = strrchr(name, '.');
        for (name = dot ? dot + 1 : name; *name && *name != '$'; name++) {
            keel_put_char(*name);
        }
        put(".java:");
        put_decimal(keel_locations[number].line);
        put(")\n");
    }
}

/* TeaVM keeps a shadow stack of frames for its collector; each knows the call site that it last came to. A frame of a
 * method that has not called anything yet holds an arbitrary number. Of a deep recursion both ends are of interest. */
static void put_java_stack(void) {
    enum { FIRST = 30, LAST = 10, LIMIT = 100000 };
    int frames = 0;
    for (TeaVM_StackFrame* f = teavm_stackTop; frames < LIMIT && is_mapped(f, sizeof *f); f = f->next) {
        frames++;
    }
    TeaVM_StackFrame* frame = teavm_stackTop;
    for (int depth = 0; depth < frames; depth++, frame = frame->next) {
        if (depth == FIRST && frames > FIRST + LAST) {
            put("    ...\n");
        }
        if ((depth < FIRST || depth >= frames - LAST)
            && (uint32_t) frame->callSiteId < sizeof keel_call_sites / sizeof *keel_call_sites) {
            put_call_site(keel_call_sites[frame->callSiteId].location);
        }
    }
}

/* What entry.S has pushed, and the processor before it. */
struct exception_frame {
    uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax;
    uint64_t vector, error, rip, cs, rflags, rsp, ss;
};
enum { PAGE_FAULT = 14, ERROR_PRESENT = 1, ERROR_WRITE = 2, ERROR_FETCH = 16 };

static uint64_t fault_address(void) {
    uint64_t address;
    __asm__ volatile("mov %%cr2, %0" : "=r"(address));
    return address;
}

static void put_registers(const struct exception_frame* frame) {
    static const char names[][8] = {"r15", "r14", "r13", "r12", "r11", "r10", "r9", "r8", "rdi", "rsi", "rbp", "rbx", "rdx",
        "rcx", "rax", "vector", "error", "rip", "cs", "rflags", "rsp", "ss"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        put(names[i]);
        put("=");
        put_hexadecimal(((const uint64_t*) frame)[i]);
        put(i % 4 == 3 ? "\n" : " ");
    }
    put("cr2=");
    put_hexadecimal(fault_address());
    put("\n");
}

/* Ends the virtual machine: isa-debug-exit where the host has one, else reset by the keyboard controller (Firecracker, and
 * QEMU with -no-reboot, exit) or by a triple fault. */
void keel_power_off(int32_t status) {
    if (status) {
        keel_out8(DEBUG_EXIT, status);
    }
    keel_out8(KEYBOARD, RESET);
    static const uint16_t nothing[5]; /* an empty interrupt table: the next exception is the third */
    __asm__ volatile("lidt %0; ud2" : : "m"(nothing));
    __builtin_unreachable();
}

/* Gives the text of the exception that nobody catches. */
static TeaVM_String* (*describe_exception)(void);

void keel_set_describer(void* function) { describe_exception = (TeaVM_String * (*) (void) ) function; }

void keel_panic(const char* word, const char* text, const void* exception_frame) {
    static int panicking;
    if (panicking++) {
        keel_power_off(KEEL_PANIC_STATUS);
    }
    put("\npanic: ");
    put(word);
    put(": ");
    put(text ? text : "");
    if (!text && describe_exception) {
        put_java_string(describe_exception());
    }
    put("\n");
    if (exception_frame) {
        put_registers(exception_frame);
    }
    put_java_stack();
    keel_power_off(KEEL_PANIC_STATUS);
}

KEEL_VISIBLE void keel_exception_panic(const struct exception_frame* frame) {
    uint64_t address = fault_address();
    if (frame->vector != PAGE_FAULT) {
        keel_panic("FAULT", "the processor raised an exception", frame);
    }
    if (address - (uint64_t) keel_guard < 4096 || address - (uint64_t) keel_interrupt_guard < 4096) {
        keel_panic("STACK", "stack overflow", frame);
    }
    if (frame->error & ERROR_FETCH) {
        keel_panic("EXECUTE", "execution of data", frame);
    }
    if ((frame->error & (ERROR_PRESENT | ERROR_WRITE)) == (ERROR_PRESENT | ERROR_WRITE)) {
        keel_panic("WRITE", "write to read-only memory", frame);
    }
    if (address < (uint64_t) keel_image_start) { /* which is how compiled code checks for null, too: see NullChecks */
        keel_panic("EXCEPTION", "null pointer: access to page zero", frame);
    }
    keel_panic("ACCESS", "wild access", frame);
}
