/// What sending and the framebuffer need of the kernel and the Glibc overlay hides: control
/// messages of sendmsg, and the ioctls of linux/fb.h and linux/kd.h.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// One sendmsg of `count` iovecs on a connected socket; `segment` > 0 asks the kernel to cut the
/// octets into datagrams of that size (UDP GSO). Octets sent, or −errno.
long cyc_send(int socket, void *iovecs, size_t count, uint16_t segment);

/// A framebuffer's mode, as its driver reports it.
typedef struct {
    uint32_t width, height, x_offset, y_offset, bits_per_pixel;
    uint32_t red_offset, red_length, green_offset, green_length;
    uint32_t blue_offset, blue_length, alpha_offset, alpha_length;
    uint32_t msb_right, grayscale;
    uint32_t memory_octets, row_octets, visual;
    char driver[17];
} cyc_framebuffer_mode;

/// Reads a framebuffer's mode; 0 or errno.
int cyc_framebuffer_query(int fd, cyc_framebuffer_mode *mode);

/// 1 when the visual keeps components in bit fields (true or direct color).
int cyc_framebuffer_has_fields(const cyc_framebuffer_mode *mode);

/// Puts a console into graphics (1) or text (0); 0 or errno.
int cyc_console_set_graphics(int fd, int graphics);

/// The console's mode: 1 graphics, 0 text, or −errno.
int cyc_console_is_graphics(int fd);
