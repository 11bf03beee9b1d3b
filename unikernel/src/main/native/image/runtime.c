/* SPDX-License-Identifier: Apache-2.0
 *
 * What TeaVM's runtime wants of an operating system, without one. The builder puts this behind TeaVM's generated code in
 * the same translation unit and leaves out TeaVM's own memory.c, heaptrace.c, heapdump.c, fiber.c, time.c, log.c, date.c,
 * file.c and stringhash.c, whose functions these are.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#include "image.h"

/* --- The garbage-collected heap: one piece of memory of constant size. ---------------------------------------------- */

void *teavm_gc_heapAddress, *teavm_gc_gcStorageAddress, *teavm_gc_regionsAddress, *teavm_gc_cardTable;
int32_t teavm_gc_gcStorageSize, teavm_gc_regionMaxCount;
int64_t teavm_gc_availableBytes, teavm_gc_minAvailableBytes, teavm_gc_maxAvailableBytes;
void*** teavm_gc_staticRoots;

static char *native_heap, *native_heap_end;
enum { NATIVE_HEAP_BYTES = 32 * 1024 };

/* Lays out malloc's memory, the collector's tables and the heap from start on; bytes is for all. Returns the end. The
 * region table must be zero at first; the collector initialises the others. */
uint64_t keel_place_heap(uint64_t start, uint64_t bytes) {
    uint64_t end = start + bytes;
    native_heap = (char*) start;
    native_heap_end = native_heap + NATIVE_HEAP_BYTES;
    start += NATIVE_HEAP_BYTES;
    /* The collector's work area is a sixteenth of the heap, and a region has one card byte and two table bytes. */
    uint64_t heap = (end - start) / 17 * 16 * 512 / 513 & ~4095ull;
    teavm_gc_regionMaxCount = (int32_t) (heap / teavm_gc_regionSize) + 1;
    teavm_gc_heapAddress = (void*) (end - heap);
    teavm_gc_regionsAddress = (void*) start;
    start += ((uint64_t) teavm_gc_regionMaxCount * 2 + 15) & ~15ull;
    teavm_gc_cardTable = (void*) start;
    start += ((uint64_t) teavm_gc_regionMaxCount + 15) & ~15ull;
    teavm_gc_gcStorageAddress = (void*) start;
    if (bytes < 4 * NATIVE_HEAP_BYTES || start >= (uint64_t) teavm_gc_heapAddress) {
        keel_panic("BOOT", "the heap is too small", 0);
    }
    teavm_gc_gcStorageSize = (int32_t) ((uint64_t) teavm_gc_heapAddress - start);
    teavm_gc_availableBytes = teavm_gc_minAvailableBytes = teavm_gc_maxAvailableBytes = (int64_t) heap;
    memset(teavm_gc_regionsAddress, 0, (size_t) teavm_gc_regionMaxCount * 2);
    return end;
}

void teavm_initHeap(int64_t minimum, int64_t maximum) {}
void teavm_gc_resizeHeap(int64_t size) {}

/* The collector wants a count and then the addresses of all static fields. Classes register them at start-up, before
 * anything else takes native memory, so that the list grows where it stays. */
void teavm_registerStaticGcRoots(void*** roots, int count) {
    if (!teavm_gc_staticRoots) {
        teavm_gc_staticRoots = (void***) native_heap;
        native_heap += sizeof(void**);
    }
    if (count > (native_heap_end - native_heap) / (int) sizeof(void**)) {
        keel_panic("BOOT", "too many static fields", 0);
    }
    memcpy(native_heap, roots, (size_t) count * sizeof(void**));
    native_heap += (size_t) count * sizeof(void**);
}

void teavm_initStaticGcRoots(void) {
    teavm_registerStaticGcRoots(0, 0);
    *teavm_gc_staticRoots = (void**) ((void***) native_heap - teavm_gc_staticRoots - 1);
}

/* Literals are unique as the compiler made them; String.intern, which would need a table of them, is not supported. */
TeaVM_HashtableEntrySet* teavm_stringHashtableData;

TeaVM_String* teavm_registerString(TeaVM_String* string) {
    string->parent.header = TEAVM_PACK_CLASS(teavm_stringClass) | INT32_MIN;
    string->characters->parent.header = TEAVM_PACK_CLASS(teavm_charArrayClass) | INT32_MIN;
    return string;
}

void teavm_outOfMemory(void) { keel_panic("HEAP", "the Java heap is exhausted", 0); }

/* --- The few services of a C library that TeaVM's start-up asks for. ------------------------------------------------- */

/* Start-up code takes a little and keeps it. */
KEEL_VISIBLE void* malloc(size_t bytes) {
    char* memory = (char*) (((uintptr_t) native_heap + 15) & ~(uintptr_t) 15);
    if (bytes > (size_t) (native_heap_end - memory)) {
        keel_panic("HEAP", "the memory of malloc is exhausted", 0);
    }
    native_heap = memory + bytes;
    return memory;
}

KEEL_VISIBLE void free(void* memory) {}
KEEL_VISIBLE void abort(void) { keel_panic("EXCEPTION", 0, 0); }
KEEL_VISIBLE char* setlocale(int category, const char* name) { return 0; }
KEEL_VISIBLE time_t time(time_t* result) { return result ? *result = 0 : 0; }

void teavm_initFiber(void) {}
void teavm_initTime(void) {}
void teavm_interrupt(void) {}

/* Reached only by a program that starts threads or whose main returns to TeaVM's event queue: neither happens in Keel. */
void teavm_waitFor(int64_t timeout) { keel_panic("THREADS", "threads are not supported in an image", 0); }
int64_t teavm_currentTimeMillis(void) { keel_panic("CLOCK", "time comes from the platform's Clock", 0); }
int64_t teavm_currentTimeNano(void) { keel_panic("CLOCK", "time comes from the platform's Clock", 0); }

/* System.out and System.err. TeaVM's own reports are left out: a panic prints them in full. */
void teavm_logchar(int32_t byte) { keel_put_char(byte); }
void teavm_printString(char16_t* text) {}
void teavm_printInt(int32_t number) {}
void teavm_printWString(wchar_t* text) {}
