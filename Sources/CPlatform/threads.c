#define _GNU_SOURCE
#include "threads_shim.h"
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>

// Linux's own limit of cores (NR_CPUS) is 8192; cpu_set_t has only 1024.
enum { CORES_MAX = 8192 };

int cyc_usable_cores(int32_t *cores, int room) {
    static const size_t size = CPU_ALLOC_SIZE(CORES_MAX);
    cpu_set_t *set = CPU_ALLOC(CORES_MAX);
    if (set == NULL) return -ENOMEM;
    CPU_ZERO_S(size, set);
    int count = 0;
    if (sched_getaffinity(0, size, set) != 0) {
        count = -errno;
    } else {
        for (int core = 0; core < CORES_MAX && count < room; core++) {
            if (CPU_ISSET_S(core, size, set)) cores[count++] = core;
        }
    }
    CPU_FREE(set);
    return count;
}

int cyc_keep_to_cores(const int32_t *cores, int count) {
    static const size_t size = CPU_ALLOC_SIZE(CORES_MAX);
    cpu_set_t *set = CPU_ALLOC(CORES_MAX);
    if (set == NULL) return ENOMEM;
    CPU_ZERO_S(size, set);
    for (int i = 0; i < count; i++) CPU_SET_S(cores[i], size, set);
    int failure = sched_setaffinity(0, size, set) == 0 ? 0 : errno;
    CPU_FREE(set);
    return failure;
}

void cyc_name_thread(const char *name) {
    prctl(PR_SET_NAME, name, 0, 0, 0);
    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
}

int cyc_real_time(int priority) {
    struct sched_param parameters = {.sched_priority = priority};
    return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
}

int cyc_idle_class(void) {
    struct sched_param parameters = {.sched_priority = 0};
    return pthread_setschedparam(pthread_self(), SCHED_IDLE, &parameters);
}

void cyc_close_from(void *actions, int first) {
    posix_spawn_file_actions_addclosefrom_np(actions, first);
}

int cyc_memory_file(const char *name) {
    int fd = memfd_create(name, MFD_ALLOW_SEALING);
    return fd >= 0 ? fd : -errno;
}

int cyc_fix_size(int fd, int64_t bytes) {
    if (ftruncate(fd, bytes) != 0) return errno;
    return fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0 ? 0 : errno;
}

int cyc_normal_class(void) {
    struct sched_param parameters = {.sched_priority = 0};
    return pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameters);
}

void cyc_stop_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0); }
