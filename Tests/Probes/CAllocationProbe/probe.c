#define _GNU_SOURCE
#include "allocation_probe.h"
#include <errno.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static __thread int watched;
static int64_t count;
static int trap;

void probe_watch(int on) { watched = on; }
int64_t probe_count(void) { return __atomic_load_n(&count, __ATOMIC_RELAXED); }
void probe_trap_on_next(void) { trap = 1; }

static void note(void) {
    if (!watched) return;
    __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
    if (trap) __builtin_trap();
}

void *malloc(size_t size) {
    note();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    note();
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    note();
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
    note();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    note();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    note();
    void *memory = __libc_memalign(alignment, size);
    if (!memory) return ENOMEM;
    *result = memory;
    return 0;
}

void free(void *memory) {
    if (memory) note();
    __libc_free(memory);
}
