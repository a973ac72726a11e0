/// Threads, futexes, affinity and the floating-point mode: what the Glibc overlay hides.
#pragma once
#include <errno.h>
#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/// Sleeps while *word is expected, at most some nanoseconds (< 0: no limit). Returns 0 or errno.
static inline int cyc_futex_wait(uint32_t *word, uint32_t expected, int64_t nanoseconds) {
    struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    long r = syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, nanoseconds < 0 ? 0 : &limit, 0, 0);
    return r == 0 ? 0 : errno;
}

/// Wakes up to count sleepers on word.
static inline void cyc_futex_wake(uint32_t *word, int count) {
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, 0, 0, 0);
}

static inline uint32_t cyc_load(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
static inline void cyc_store(uint32_t *word, uint32_t value) { __atomic_store_n(word, value, __ATOMIC_RELEASE); }
static inline uint32_t cyc_fetch_add(uint32_t *word, uint32_t value) {
    return __atomic_fetch_add(word, value, __ATOMIC_ACQ_REL);
}

/// Tells the core that this thread spins.
static inline void cyc_pause(void) {
#ifdef __x86_64__
    __builtin_ia32_pause();
#endif
}

/// Denormals count as zero on this thread: they cost 100 times a normal number and mean nothing.
static inline void cyc_flush_to_zero(void) {
#ifdef __x86_64__
    __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 0x8040);
#endif
}

/// Numbers of the cores the calling thread may run on, ascending, at most `room` of them. Returns
/// how many, or −errno.
int cyc_usable_cores(int32_t *cores, int room);

/// Keeps the calling thread, and those it starts, to some cores. Returns 0 or errno.
int cyc_keep_to_cores(const int32_t *cores, int count);

/// Names the calling thread (15 characters) and sets its timer slack to 1 ns.
void cyc_name_thread(const char *name);

/// Real-time class SCHED_FIFO for the calling thread. Returns 0 or errno.
int cyc_real_time(int priority);

/// Class SCHED_IDLE for the calling thread: runs when nobody else wants to. Returns 0 or errno.
int cyc_idle_class(void);

/// A program to be started closes every descriptor from one on; `actions` is a
/// posix_spawn_file_actions_t.
void cyc_close_from(void *actions, int first);

/// Anonymous memory file that survives an exec. Returns a descriptor or −errno.
int cyc_memory_file(const char *name);

/// Gives a memory file a size nobody can change any more. Returns 0 or errno.
int cyc_fix_size(int fd, int64_t bytes);

/// Class SCHED_OTHER for the calling thread. Returns 0 or errno.
int cyc_normal_class(void);

/// The calling process gets SIGTERM when its parent dies.
void cyc_stop_with_parent(void);
