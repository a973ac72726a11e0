#define _GNU_SOURCE
#include "receive_shim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// Joins a group on the interface of an address, or on every one that is up: a stage has several
// networks, and seldom a default route to the one the trackers are on.
static int join_group(int fd, uint32_t address, uint32_t group) {
    struct ip_mreqn join;
    memset(&join, 0, sizeof join);
    join.imr_multiaddr.s_addr = htonl(group);
    if (address != 0) {
        join.imr_address.s_addr = htonl(address);
        return setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof join);
    }
    struct ifaddrs *all;
    if (getifaddrs(&all) < 0) return -1;
    int joined = 0, refusal = ENODEV;
    for (struct ifaddrs *one = all; one; one = one->ifa_next) {
        if (!one->ifa_addr || one->ifa_addr->sa_family != AF_INET) continue;
        // The loopback has no multicast flag and yet carries it.
        if (!(one->ifa_flags & IFF_UP)) continue;
        if (!(one->ifa_flags & (IFF_MULTICAST | IFF_LOOPBACK))) continue;
        join.imr_address = ((struct sockaddr_in *)one->ifa_addr)->sin_addr;
        int done = setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof join);
        // Another address of an interface that has joined.
        if (done == 0 || errno == EADDRINUSE) joined++;
        else refusal = errno;
    }
    freeifaddrs(all);
    if (joined > 0) return 0;
    errno = refusal;
    return -1;
}

int cyc_receive_open(uint32_t address, uint16_t *port, uint32_t group, int *step) {
    *step = 0;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    int failure = 0;
    const int on = 1;
    *step = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0) goto fail;
    // Several listeners of one multicast group are usual. For unicast the kernel would let the
    // last one to bind take every packet from the others in silence: there, an error is better.
    if (group != 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) goto fail;
    // Wishes: the socket works without them.
    const int room = 1 << 20;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    (void)setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);

    *step = 2;
    struct sockaddr_in name = {.sin_family = AF_INET};
    name.sin_port = htons(*port);
    // Bound to the group itself, the socket hears nothing that was sent to another.
    name.sin_addr.s_addr = htonl(group != 0 ? group : address);
    if (bind(fd, (struct sockaddr *)&name, sizeof name) < 0) goto fail;
    socklen_t size = sizeof name;
    if (getsockname(fd, (struct sockaddr *)&name, &size) < 0) goto fail;
    *port = ntohs(name.sin_port);

    *step = 3;
    // Without it, groups joined by other programs of the machine would arrive too; a wish.
    const int off = 0;
    (void)setsockopt(fd, IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof off);
    if (group != 0 && join_group(fd, address, group) < 0) goto fail;
    return fd;
fail:
    failure = errno;
    close(fd);
    return -failure;
}

int cyc_receive(int fd, void *slots, uint32_t slot_size, cyc_datagram *out) {
    struct mmsghdr messages[CYC_RECEIVE_BATCH];
    struct iovec vectors[CYC_RECEIVE_BATCH];
    struct sockaddr_in names[CYC_RECEIVE_BATCH];
    union {
        char bytes[CMSG_SPACE(sizeof(struct timespec)) + CMSG_SPACE(sizeof(uint32_t))];
        struct cmsghdr alignment;
    } control[CYC_RECEIVE_BATCH];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < CYC_RECEIVE_BATCH; i++) {
        vectors[i].iov_base = (char *)slots + (size_t)i * slot_size;
        vectors[i].iov_len = slot_size;
        messages[i].msg_hdr.msg_iov = &vectors[i];
        messages[i].msg_hdr.msg_iovlen = 1;
        messages[i].msg_hdr.msg_name = &names[i];
        messages[i].msg_hdr.msg_namelen = sizeof names[i];
        messages[i].msg_hdr.msg_control = control[i].bytes;
        messages[i].msg_hdr.msg_controllen = sizeof control[i].bytes;
    }
    int count;
    do {
        count = recvmmsg(fd, messages, CYC_RECEIVE_BATCH, MSG_DONTWAIT, 0);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -errno;

    for (int i = 0; i < count; i++) {
        struct msghdr *header = &messages[i].msg_hdr;
        cyc_datagram *datagram = &out[i];
        datagram->realtime_ns = 0;
        datagram->kernel_drops = 0;
        datagram->sender = ntohl(names[i].sin_addr.s_addr);
        datagram->sender_port = ntohs(names[i].sin_port);
        datagram->length = messages[i].msg_len;
        datagram->is_truncated = (header->msg_flags & MSG_TRUNC) != 0;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
            if (c->cmsg_level != SOL_SOCKET) continue;
            if (c->cmsg_type == SCM_TIMESTAMPNS) {
                struct timespec stamp;
                memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
                datagram->realtime_ns = stamp.tv_sec * 1000000000LL + stamp.tv_nsec;
            } else if (c->cmsg_type == SO_RXQ_OVFL) {
                memcpy(&datagram->kernel_drops, CMSG_DATA(c), sizeof datagram->kernel_drops);
            }
        }
        if (datagram->realtime_ns == 0) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            datagram->realtime_ns = now.tv_sec * 1000000000LL + now.tv_nsec;
        }
    }
    return count;
}
