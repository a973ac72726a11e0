#define _GNU_SOURCE
#include "output_shim.h"
#include <errno.h>
#include <linux/fb.h>
#include <linux/kd.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

// linux/udp.h; the C library's netinet/udp.h has them only since 2.30 and under other macros.
#define CYC_SOL_UDP 17
#define CYC_UDP_SEGMENT 103

long cyc_send(int socket, void *iovecs, size_t count, uint16_t segment)
{
    union {
        char octets[CMSG_SPACE(sizeof(uint16_t))];
        struct cmsghdr align;
    } control;
    struct msghdr message;
    memset(&message, 0, sizeof message);
    message.msg_iov = iovecs;
    message.msg_iovlen = count;
    if (segment > 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = control.octets;
        message.msg_controllen = sizeof control.octets;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = CYC_SOL_UDP;
        header->cmsg_type = CYC_UDP_SEGMENT;
        header->cmsg_len = CMSG_LEN(sizeof(uint16_t));
        memcpy(CMSG_DATA(header), &segment, sizeof segment);
    }
    for (;;) {
        ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
        if (sent >= 0) return sent;
        if (errno != EINTR) return -errno;
    }
}

int cyc_framebuffer_query(int fd, cyc_framebuffer_mode *mode)
{
    struct fb_var_screeninfo var;
    struct fb_fix_screeninfo fix;
    if (ioctl(fd, FBIOGET_VSCREENINFO, &var) != 0) return errno;
    if (ioctl(fd, FBIOGET_FSCREENINFO, &fix) != 0) return errno;
    memset(mode, 0, sizeof *mode);
    mode->width = var.xres;
    mode->height = var.yres;
    mode->x_offset = var.xoffset;
    mode->y_offset = var.yoffset;
    mode->bits_per_pixel = var.bits_per_pixel;
    mode->red_offset = var.red.offset;
    mode->red_length = var.red.length;
    mode->green_offset = var.green.offset;
    mode->green_length = var.green.length;
    mode->blue_offset = var.blue.offset;
    mode->blue_length = var.blue.length;
    mode->alpha_offset = var.transp.offset;
    mode->alpha_length = var.transp.length;
    mode->msb_right = var.red.msb_right | var.green.msb_right | var.blue.msb_right;
    mode->grayscale = var.grayscale;
    mode->memory_octets = fix.smem_len;
    mode->row_octets = fix.line_length;
    mode->visual = fix.visual;
    memcpy(mode->driver, fix.id, sizeof fix.id);
    return 0;
}

int cyc_framebuffer_has_fields(const cyc_framebuffer_mode *mode)
{
    return mode->visual == FB_VISUAL_TRUECOLOR || mode->visual == FB_VISUAL_DIRECTCOLOR;
}

int cyc_console_set_graphics(int fd, int graphics)
{
    return ioctl(fd, KDSETMODE, graphics ? KD_GRAPHICS : KD_TEXT) == 0 ? 0 : errno;
}

int cyc_console_is_graphics(int fd)
{
    int mode = 0;
    if (ioctl(fd, KDGETMODE, &mode) != 0) return -errno;
    return mode == KD_GRAPHICS ? 1 : 0;
}
