/* SPDX-License-Identifier: Apache-2.0
 *
 * The first C code of an image: takes what the hypervisor says about memory, builds page tables that are never writable
 * and executable at once, fills the interrupt table, lays out the heap and enters the compiled Java program.
 */
#include <stdint.h>
#include <string.h>

#include "image.h"

enum { PRESENT = 1, WRITABLE = 2, UNCACHED = 0x18, LARGE = 0x80 };
#define NO_EXECUTE (1ull << 63)
#define ADDRESS_BITS 0x000ffffffffff000ull
#define PAGE 4096ull
#define LARGE_PAGE 0x200000ull

extern char keel_text_start[], keel_rodata_start[], keel_data_start[], keel_image_end[];
extern char keel_interrupt_guard[], keel_interrupt_stack[], keel_interrupt_stack_top[], keel_guard[], keel_stack[];
extern char keel_exceptions[], keel_interrupt_stubs[], keel_spurious_interrupt[];

/* xen/include/public/arch-x86/hvm/start_info.h, version 1 */
struct start_info {
    uint32_t magic, version, flags, modules;
    uint64_t module_list, command_line, rsdp, memory_map;
    uint32_t memory_map_entries, reserved;
};
struct memory_map_entry {
    uint64_t start, length;
    uint32_t type, reserved;
};
enum { START_INFO_MAGIC = 0x336ec578, MEMORY_RAM = 1 };

struct keel_region keel_memory[KEEL_REGIONS];
int keel_memory_regions;
char keel_command_line[KEEL_COMMAND_LINE_BYTES];
int keel_command_line_length;
KEEL_VISIBLE uint32_t keel_interrupt_counts[16];
KEEL_VISIBLE uint64_t keel_eoi_register;
int64_t keel_start_time_stamp;

static uint64_t* page_tables;   /* the root */
static uint64_t next_page;      /* RAM behind the image from here on is free */
static uint64_t page_limit = ~0ull; /* up to here */
static uint64_t thread_area[32]; /* musl's per-thread structure: errno and the like; starts with its own address */

/* Takes a zeroed page. RAM that firmware has used is not zero. */
static uint64_t* take_page(void) {
    uint64_t* page = (uint64_t*) next_page;
    if (next_page >= page_limit) {
        keel_panic("MEMORY", "no page is left for the page tables of devices", 0);
    }
    next_page += PAGE;
    memset(page, 0, PAGE);
    return page;
}

/* Maps [start, end) to itself, in pages as large as alignment allows. */
void keel_map(uint64_t start, uint64_t end, uint64_t flags) {
    while (start < end) {
        uint64_t* table = page_tables;
        int large = !(start % LARGE_PAGE) && end - start >= LARGE_PAGE;
        for (int shift = 39; shift > (large ? 21 : 12); shift -= 9) {
            uint64_t* entry = table + (start >> shift & 511);
            if (!*entry) {
                *entry = (uint64_t) take_page() | PRESENT | WRITABLE;
            } else if (*entry & LARGE) {
                return; /* already there, inside a larger page of the same kind */
            }
            table = (uint64_t*) (*entry & ADDRESS_BITS);
        }
        table[start >> (large ? 21 : 12) & 511] = start | flags | PRESENT | (large ? LARGE : 0);
        start += large ? LARGE_PAGE : PAGE;
    }
}

void keel_map_device(int64_t physical, int64_t bytes) {
    keel_map(physical & ~(PAGE - 1), (physical + bytes + PAGE - 1) & ~(PAGE - 1), WRITABLE | UNCACHED | NO_EXECUTE);
}

/* Page zero and everything below the image stay unmapped, and the guard pages below the stacks. */
static void build_page_tables(void) {
    page_tables = take_page();
    keel_map((uint64_t) keel_text_start, (uint64_t) keel_rodata_start, 0);
    keel_map((uint64_t) keel_rodata_start, (uint64_t) keel_data_start, NO_EXECUTE);
    keel_map((uint64_t) keel_data_start, (uint64_t) keel_interrupt_guard, WRITABLE | NO_EXECUTE);
    keel_map((uint64_t) keel_interrupt_stack, (uint64_t) keel_guard, WRITABLE | NO_EXECUTE);
    keel_map((uint64_t) keel_stack, (uint64_t) keel_image_end, WRITABLE | NO_EXECUTE);
    for (int i = 0; i < keel_memory_regions; i++) {
        keel_map(keel_memory[i].start, keel_memory[i].end, WRITABLE | NO_EXECUTE);
    }
    uint64_t cr4;
    __asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
    cr4 |= (keel_cpuid(7, 0, 1) & 1 << 7 ? 1 << 20 : 0)  /* SMEP */
        | (keel_cpuid(7, 0, 1) & 1 << 20 ? 1 << 21 : 0)  /* SMAP */
        | (keel_cpuid(7, 0, 2) & 1 << 2 ? 1 << 11 : 0);  /* UMIP */
    __asm__ volatile("mov %0, %%cr3; mov %1, %%cr4" : : "r"(page_tables), "r"(cr4) : "memory");
}

/* Keeps RAM from the image's end on, as whole pages; what lies below belongs to firmware or is the image. */
static void read_memory_map(const struct start_info* info) {
    const struct memory_map_entry* map = (const struct memory_map_entry*) info->memory_map;
    for (uint32_t i = 0; i < info->memory_map_entries && keel_memory_regions < KEEL_REGIONS; i++) {
        uint64_t start = (map[i].start + PAGE - 1) & ~(PAGE - 1);
        uint64_t end = (map[i].start + map[i].length) & ~(PAGE - 1);
        if (start < (uint64_t) keel_image_end) {
            start = (uint64_t) keel_image_end;
        }
        if (map[i].type == MEMORY_RAM && start < end) {
            keel_memory[keel_memory_regions++] = (struct keel_region) {start, end};
        }
    }
}

static void read_start_info(const struct start_info* info) {
    if (info->magic != START_INFO_MAGIC || info->version < 1) {
        keel_panic("BOOT", "no PVH start information of version 1", 0);
    }
    read_memory_map(info);
    const char* text = (const char*) info->command_line;
    while (text && keel_command_line_length < KEEL_COMMAND_LINE_BYTES - 1 && text[keel_command_line_length]) {
        keel_command_line[keel_command_line_length] = text[keel_command_line_length];
        keel_command_line_length++;
    }
    if (keel_memory_regions == 0 || keel_memory[0].start != (uint64_t) keel_image_end) {
        keel_panic("BOOT", "no memory behind the image", 0);
    }
}

struct gate {
    uint16_t offset_low, selector;
    uint8_t stack, type;
    uint16_t offset_middle;
    uint32_t offset_high, reserved;
} __attribute__((packed));

static struct gate gates[49];
static struct {
    uint32_t reserved0;
    uint64_t privileged_stacks[3], reserved1, interrupt_stacks[7], reserved2;
    uint16_t reserved3, permissions;
} __attribute__((packed)) task_state;
static uint64_t descriptors[5] = {0, 0x00209a0000000000, 0x0000920000000000};

struct table_pointer {
    uint16_t limit;
    uint64_t base;
} __attribute__((packed));

static void set_gate(int vector, const char* handler) {
    uint64_t offset = (uint64_t) handler;
    gates[vector] = (struct gate) {
        .offset_low = (uint16_t) offset, .offset_middle = (uint16_t) (offset >> 16), .offset_high = (uint32_t) (offset >> 32),
        .selector = 0x08, .stack = 1, .type = 0x8e};
}

/* Everything arrives on the interrupt stack: a stack overflow can still be reported. */
static void fill_interrupt_table(void) {
    for (int i = 0; i < 32; i++) {
        set_gate(i, keel_exceptions + 16 * i);
    }
    for (int i = 0; i < 16; i++) {
        set_gate(32 + i, keel_interrupt_stubs + 16 * i);
    }
    set_gate(KEEL_SPURIOUS_VECTOR, keel_spurious_interrupt);
    task_state.interrupt_stacks[0] = (uint64_t) keel_interrupt_stack_top;
    task_state.permissions = sizeof task_state;
    uint64_t base = (uint64_t) &task_state;
    descriptors[3] = (sizeof task_state - 1) | (base & 0xffffff) << 16 | 0x89ull << 40 | (base >> 24 & 0xff) << 56;
    descriptors[4] = base >> 32;
    struct table_pointer gdt = {sizeof descriptors - 1, (uint64_t) descriptors};
    struct table_pointer idt = {sizeof gates - 1, (uint64_t) gates};
    __asm__ volatile("lgdt %0; lidt %1; ltr %w2" : : "m"(gdt), "m"(idt), "r"(0x18) : "memory");
}

/* The value of "name=" on the command line, with an optional K, M or G behind the number; 0 if it is not there. */
static uint64_t size_option(const char* name) {
    const char* at = strstr(keel_command_line, name);
    if (!at || (at != keel_command_line && at[-1] != ' ')) {
        return 0;
    }
    uint64_t value = 0;
    for (at += strlen(name); *at >= '0' && *at <= '9'; at++) {
        value = value * 10 + (uint64_t) (*at - '0');
    }
    return *at == 'K' ? value << 10 : *at == 'M' ? value << 20 : *at == 'G' ? value << 30 : value;
}

/* The Java heap is cut from the RAM behind the image: a quarter of it unless keel.heap= says otherwise. What remains is
 * given out by org.unimark.keel.memory. */
static void place_heap(void) {
    uint64_t available = keel_memory[0].end - next_page;
    uint64_t bytes = size_option("keel.heap=");
    bytes = bytes ? bytes : available / 4;
    if (bytes > available / 8 * 7) {
        keel_panic("BOOT", "keel.heap= is larger than seven eighths of the memory", 0);
    }
    next_page = keel_place_heap(next_page, bytes < KEEL_MAXIMUM_HEAP ? bytes & ~(PAGE - 1) : KEEL_MAXIMUM_HEAP);
    keel_memory[0].start = (next_page + PAGE - 1) & ~(PAGE - 1);
}

/* Page tables for device windows are still taken from behind the image when Java runs. */
enum { SPARE_TABLE_PAGES = 8 };

__attribute__((noreturn)) KEEL_VISIBLE void keel_start(const struct start_info* info) {
    keel_start_time_stamp = keel_rdtsc();
    read_start_info(info);
    fill_interrupt_table();
    next_page = (uint64_t) keel_image_end;
    build_page_tables();
    thread_area[0] = (uint64_t) thread_area;
    keel_wrmsr((int32_t) 0xc0000100, (int64_t) thread_area); /* FS base */
    uint64_t tables = next_page;
    next_page += SPARE_TABLE_PAGES * PAGE;
    place_heap();
    next_page = tables;
    page_limit = tables + SPARE_TABLE_PAGES * PAGE;
    static char* arguments[] = {"keel", 0};
    main(1, arguments);
    keel_power_off(0);
}
