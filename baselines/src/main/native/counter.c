// SPDX-License-Identifier: Apache-2.0
/*
 * Counts the instructions of a guest with one virtual CPU, as a plugin of QEMU's TCG (plugin API version 1, QEMU 4.2 to 8.x).
 * Everything is added up in a file that the reader maps as well: see InstructionCounter.java for the layout.
 *
 *   -plugin counter.so,map=PATH[,count=off][,entry=ADDRESS]
 *
 * count=off   only marks and times, so that the guest runs undisturbed
 * entry=...   linear address of the guest's entry point: reaching it is mark 0
 *
 * Debian ships no header for plugins: what is used of the interface is declared here.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void (*translation_callback)(uint64_t id, struct qemu_plugin_tb *tb);
typedef void (*execution_callback)(unsigned int vcpu, void *data);
enum { CALLBACK_NO_REGISTERS = 0, INLINE_ADD_U64 = 0 };

void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, translation_callback callback);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *, execution_callback, int flags, void *data);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *, int operation, void *target, uint64_t value);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, execution_callback, int flags, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);

#define EXPORT __attribute__((visibility("default")))
EXPORT int qemu_plugin_version = 1;

enum { USER = 0, KERNEL = 1, HALVES = 2, MARKS = 16, FORMAT = 2 };

static struct {
    uint64_t format;
    uint64_t executed[HALVES];   /* every iteration of a repeated string instruction counts */
    uint64_t iterations[HALVES]; /* those of them that were not the first */
    uint64_t first_ns;           /* CLOCK_MONOTONIC of the first guest instruction */
    uint64_t translated[HALVES]; /* bytes of different instructions in translated blocks */
    struct {
        uint64_t passes;
        uint64_t instructions[HALVES]; /* when it was passed first, iterations left out */
        uint64_t ns;
    } marks[MARKS];
} *shared;

static bool counting = true;
static uint8_t seen[1 << 21]; /* a bit for each instruction's hashed address: 16 M, of which even Linux uses few */
static uint64_t entry_address; /* 0 if not of interest */

static uint64_t monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* data: the mark's code, whether it lies in the kernel's half, and how many counted instructions are yet to come. */
static void pass_mark(unsigned int vcpu, void *data)
{
    uintptr_t code = (uintptr_t)data % MARKS, half = (uintptr_t)data / MARKS % HALVES;
    (void)vcpu;
    if (shared->marks[code].passes == 0) {
        for (int i = 0; i < HALVES; i++)
            shared->marks[code].instructions[i] = shared->executed[i] - shared->iterations[i];
        shared->marks[code].instructions[half] -= (uintptr_t)data / (MARKS * HALVES);
        shared->marks[code].ns = monotonic_ns();
    }
    /* Last, for a reader that waits for it. */
    __atomic_store_n(&shared->marks[code].passes, shared->marks[code].passes + 1, __ATOMIC_RELEASE);
}

/*
 * TCG ends a block with a repeated string instruction, and each iteration but the first is a block of its own that holds
 * nothing else (target/i386/tcg/translate.c: GEN_REPZ, repz_opt). So it was an iteration if the same address ran last and
 * the only thing counted since is this very block.
 */
static void repeat_string(unsigned int vcpu, void *data)
{
    static uint64_t last_address, last_total;
    uint64_t address = (uint64_t)(uintptr_t)data;
    uint64_t total = shared->executed[USER] + shared->executed[KERNEL];
    (void)vcpu;
    if (address == last_address && total == last_total + 1)
        shared->iterations[address >> 63]++;
    last_address = address;
    last_total = total;
}

/* After F2 or F3 and other legacy prefixes or REX: ins, outs; movs, cmps; stos, lods, scas. */
static bool is_repeated_string(const uint8_t *code, size_t size)
{
    bool repeated = false;
    for (size_t i = 0; i < size; i++) {
        switch (code[i]) {
        case 0xf2: case 0xf3:
            repeated = true;
            break;
        case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x40 ... 0x4f: case 0x64 ... 0x67:
            break;
        case 0x6c ... 0x6f: case 0xa4 ... 0xa7: case 0xaa ... 0xaf:
            return repeated;
        default:
            return false;
        }
    }
    return false;
}

/* The marker is nopl 0x4b524d00+code(%rax,%rax,1): "MRK" in the displacement of an instruction without effect. */
static bool is_mark(const uint8_t *code, size_t size)
{
    static const uint8_t before[] = {0x0f, 0x1f, 0x84, 0x00}, after[] = {0x4d, 0x52, 0x4b};
    return size == 8 && memcmp(code, before, 4) == 0 && memcmp(code + 5, after, 3) == 0 && code[4] < MARKS;
}

/* Blocks are translated again after the cache is flushed, and overlap: each instruction is added once. */
static void add_code(uint64_t address, size_t size)
{
    uint64_t bit = address * 0x9e3779b97f4a7c15u >> 40;
    if (!(seen[bit / 8] & 1 << bit % 8))
        shared->translated[address >> 63] += size;
    seen[bit / 8] |= 1 << bit % 8;
}

static void translate(uint64_t id, struct qemu_plugin_tb *tb)
{
    size_t count = qemu_plugin_tb_n_insns(tb);
    uint64_t address = qemu_plugin_tb_vaddr(tb);
    (void)id;
    if (shared->first_ns == 0)
        shared->first_ns = monotonic_ns();
    if (entry_address != 0 && address == entry_address)
        qemu_plugin_register_vcpu_tb_exec_cb(tb, pass_mark, CALLBACK_NO_REGISTERS, (void *)0);
    if (counting)
        qemu_plugin_register_vcpu_tb_exec_inline(tb, INLINE_ADD_U64, &shared->executed[address >> 63], count);
    for (size_t i = 0; i < count; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        const uint8_t *code = qemu_plugin_insn_data(insn);
        size_t size = qemu_plugin_insn_size(insn);
        add_code(qemu_plugin_insn_vaddr(insn), size);
        /* A block is counted when it starts: what follows the mark has not run yet. */
        uint64_t ahead = counting ? count - i : 0;
        if (is_mark(code, size))
            qemu_plugin_register_vcpu_insn_exec_cb(insn, pass_mark, CALLBACK_NO_REGISTERS,
                (void *)(uintptr_t)(code[4] + MARKS * (address >> 63) + MARKS * HALVES * ahead));
        else if (counting && i == count - 1 && is_repeated_string(code, size))
            qemu_plugin_register_vcpu_insn_exec_cb(
                insn, repeat_string, CALLBACK_NO_REGISTERS, (void *)(uintptr_t)qemu_plugin_insn_vaddr(insn));
    }
}

EXPORT int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
    int descriptor = -1;
    (void)info;
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "map=", 4) == 0)
            descriptor = open(argv[i] + 4, O_RDWR);
        else if (strcmp(argv[i], "count=off") == 0)
            counting = false;
        else if (strncmp(argv[i], "entry=", 6) == 0)
            entry_address = strtoull(argv[i] + 6, NULL, 0);
    }
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (shared == MAP_FAILED)
        return -1;
    shared->format = FORMAT;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
    return 0;
}
