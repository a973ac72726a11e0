// Receiving datagrams with their kernel arrival times. Plain types only: the system's own headers
// stay in the .c file, where _GNU_SOURCE can be set before them.
#pragma once
#include <stdint.h>

/// One datagram received.
typedef struct {
    /// Arrival, CLOCK_REALTIME nanoseconds; when the kernel gave none, the time of the call.
    int64_t realtime_ns;
    /// Sender's IPv4 address, host byte order.
    uint32_t sender;
    /// Bytes in the slot.
    uint32_t length;
    /// Sender's port, host byte order.
    uint16_t sender_port;
    /// 1: the datagram was longer than its slot and is cut off.
    uint16_t is_truncated;
    /// Datagrams the kernel has dropped for want of room since the socket was opened.
    uint32_t kernel_drops;
} cyc_datagram;

/// Datagrams one call takes at most.
enum { CYC_RECEIVE_BATCH = 32 };

/// Reads up to CYC_RECEIVE_BATCH waiting datagrams into `slots` of `slot_size` bytes each, without
/// waiting. Returns how many, 0 when none waits, or -errno.
int cyc_receive(int fd, void *slots, uint32_t slot_size, cyc_datagram *out);

/// A non-blocking IPv4 UDP socket bound to an address and port in host byte order (0: any), with
/// arrival stamps on. With a `group` (host byte order) it is bound to that and joins it on the
/// interface of `address`, or on every one that is up. `port` receives the port
/// bound. Returns the descriptor or -errno; `step` says what failed: 0 socket, 1 options, 2 bind,
/// 3 join.
int cyc_receive_open(uint32_t address, uint16_t *port, uint32_t group, int *step);
