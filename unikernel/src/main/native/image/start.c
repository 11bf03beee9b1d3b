/* SPDX-License-Identifier: Apache-2.0
 *
 * The first C code of an image: takes what the hypervisor says about memory, builds page tables that are never writable
 * and executable at once, fills the interrupt table, lays out the heap and enters the compiled Java program.
 */
#include <stddef.h>
#include <string.h>

#include "image.h"

enum { PRESENT = 1, WRITABLE = 2, UNCACHED = 0x18, LARGE = 0x80 };
#define NO_EXECUTE (1ull << 63)
#define ADDRESS_BITS 0x000ffffffffff000ull
#define PAGE 4096ull
#define LARGE_PAGE 0x200000ull

extern char keel_image_start[], keel_text_start[], keel_packed_start[], keel_rodata_start[], keel_data_start[], keel_image_end[];
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
enum { START_INFO_MAGIC = 0x336ec578, MEMORY_RAM = 1, REGIONS = sizeof keel_machine.region / sizeof *keel_machine.region };

KEEL_VISIBLE struct keel_machine keel_machine;
_Static_assert(offsetof(struct keel_machine, command_line) == 224, "BareMachine and entry.S know the offsets");

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
    keel_map((uint64_t) keel_image_start, (uint64_t) keel_text_start, NO_EXECUTE); /* sealed files */
    keel_map((uint64_t) keel_text_start, (uint64_t) keel_rodata_start, 0);
    keel_map((uint64_t) keel_rodata_start, (uint64_t) keel_data_start, NO_EXECUTE);
    keel_map((uint64_t) keel_data_start, (uint64_t) keel_interrupt_guard, WRITABLE | NO_EXECUTE);
    keel_map((uint64_t) keel_interrupt_stack, (uint64_t) keel_guard, WRITABLE | NO_EXECUTE);
    keel_map((uint64_t) keel_stack, (uint64_t) keel_image_end, WRITABLE | NO_EXECUTE);
    for (uint64_t i = 0; i < keel_machine.regions; i++) {
        keel_map(keel_machine.region[i].start, keel_machine.region[i].end, WRITABLE | NO_EXECUTE);
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
    for (uint32_t i = 0; i < info->memory_map_entries && keel_machine.regions < REGIONS; i++) {
        uint64_t start = (map[i].start + PAGE - 1) & ~(PAGE - 1);
        uint64_t end = (map[i].start + map[i].length) & ~(PAGE - 1);
        if (start < (uint64_t) keel_image_end) {
            start = (uint64_t) keel_image_end;
        }
        if (map[i].type == MEMORY_RAM && start < end) {
            keel_machine.region[keel_machine.regions++] = (struct keel_region) {start, end};
        }
    }
}

static void read_start_info(const struct start_info* info) {
    if (info->magic != START_INFO_MAGIC || info->version < 1) {
        keel_panic("BOOT", "no PVH start information of version 1", 0);
    }
    read_memory_map(info);
    if (info->command_line) {
        const char* text = (const char*) info->command_line;
        keel_machine.command_line_length = strnlen(text, sizeof keel_machine.command_line - 1);
        memcpy(keel_machine.command_line, text, keel_machine.command_line_length);
    }
    if (keel_machine.regions == 0 || keel_machine.region[0].start != (uint64_t) keel_image_end) {
        keel_panic("BOOT", "no memory behind the image", 0);
    }
}

static uint64_t gates[2 * (KEEL_SPURIOUS_VECTOR + 1)], descriptors[5] = {0, 0x00209a0000000000, 0x0000920000000000};
static uint32_t task_state[26]; /* the first interrupt stack is a quadword at byte 36 (Intel SDM 3, 8.7) */

/* Everything arrives on the interrupt stack: a stack overflow can still be reported. */
static void set_gate(int vector, const char* handler) {
    uint64_t offset = (uint64_t) handler;
    gates[2 * vector] = (offset & 0xffff) | 0x8e0100080000 | (offset & 0xffff0000) << 32;
    gates[2 * vector + 1] = offset >> 32;
}

static void fill_interrupt_table(void) {
    for (int i = 0; i < 48; i++) {
        set_gate(i, i < 32 ? keel_exceptions + 16 * i : keel_interrupt_stubs + 16 * (i - 32));
    }
    set_gate(KEEL_SPURIOUS_VECTOR, keel_spurious_interrupt);
    task_state[9] = (uint32_t) (uint64_t) keel_interrupt_stack_top; /* below 4 GiB, like all of the image */
    task_state[25] = sizeof task_state << 16;                       /* no port permissions */
    uint64_t base = (uint64_t) task_state;
    descriptors[3] = (sizeof task_state - 1) | (base & 0xffffff) << 16 | 0x89ull << 40 | base >> 24 << 56;
    struct __attribute__((packed)) { uint16_t limit; void* base; }
        gdt = {sizeof descriptors - 1, descriptors}, idt = {sizeof gates - 1, gates};
    __asm__ volatile("lgdt %0; lidt %1; ltr %w2" : : "m"(gdt), "m"(idt), "r"(0x18) : "memory");
}

/* The number behind "keel.heap=" on the command line, in KiB, MiB with M; 0 if it is not there. */
static uint64_t heap_option(void) {
    const char* at = strstr(keel_machine.command_line, "keel.heap=");
    uint64_t value = 0;
    for (at = at ? at + strlen("keel.heap=") : ""; *at >= '0' && *at <= '9'; at++) {
        value = value * 10 + (uint64_t) (*at - '0');
    }
    return value << (*at == 'M' ? 20 : 10);
}

/* The Java heap is cut from the RAM behind the image: a quarter of it unless keel.heap= says otherwise. What remains is
 * given out by org.unimark.keel.memory. */
static void place_heap(void) {
    uint64_t available = keel_machine.region[0].end - next_page;
    uint64_t bytes = heap_option();
    bytes = bytes ? bytes : available / 4;
    if (bytes > available / 8 * 7) {
        keel_panic("BOOT", "keel.heap= is larger than seven eighths of the memory", 0);
    }
    next_page = keel_place_heap(next_page, bytes < KEEL_MAXIMUM_HEAP ? bytes & ~(PAGE - 1) : KEEL_MAXIMUM_HEAP);
    keel_machine.region[0].start = (next_page + PAGE - 1) & ~(PAGE - 1);
}

/* Page tables for device windows are still taken from behind the image when Java runs. */
enum { SPARE_TABLE_PAGES = 8 };

/* Text, constants and initial data, packed by org.unimark.builder.PackedImage in LZ4's block format, the end marked by a
 * distance of zero; they lie behind the image, in memory that is free afterwards. Called before all other code, which is still
 * packed then; the same goes for constants. */
__attribute__((section(".text.entry"))) KEEL_VISIBLE void keel_unpack(void) {
    keel_machine.entry_time_stamp = keel_rdtsc();
    const uint8_t* in = (const uint8_t*) keel_image_end;
    uint8_t* out = (uint8_t*) keel_packed_start;
    for (;;) {
        uint32_t token = *in++, more;
        uint64_t count = token >> 4;
        for (more = count == 15 ? 255 : 0; more == 255; count += more) {
            more = *in++;
        }
        __asm__ volatile("rep movsb" : "+D"(out), "+S"(in), "+c"(count) : : "memory");
        const uint8_t* from = out - (in[0] | in[1] << 8);
        if (from == out) {
            return;
        }
        in += 2;
        count = (token & 15) + 4;
        for (more = (token & 15) == 15 ? 255 : 0; more == 255; count += more) {
            more = *in++;
        }
        __asm__ volatile("rep movsb" : "+D"(out), "+S"(from), "+c"(count) : : "memory");
    }
}

__attribute__((noreturn)) KEEL_VISIBLE void keel_start(const struct start_info* info) {
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
