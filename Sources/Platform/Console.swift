import CPlatform
import Glibc

/// The machine's text console, kept from drawing over the framebuffer.
///
/// In graphics mode the kernel neither prints nor blinks a cursor. The mode outlives the process
/// that set it: whoever supervises a stage calls `restore` when the stage has died.
public final class Console {
    private let fd: Int32
    private let wasGraphics: Bool

    /// Puts a console into graphics mode until `restore` or the last reference goes.
    ///
    /// `/dev/tty0` is the console on the screen.
    public init(device: String = "/dev/tty0") throws(FramebufferError) {
        let fd = open(device, O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard fd >= 0 else {
            throw FramebufferError(
                description: "console \(device): cannot be opened: \(errorText(errno)) – run as "
                    + "root, or set vt.global_cursor_default=0 and let nothing print there")
        }
        let mode = cyc_console_is_graphics(fd)
        let code = mode < 0 ? -mode : cyc_console_set_graphics(fd, 1)
        guard code == 0 else {
            close(fd)
            throw FramebufferError(
                description: "console \(device): cannot be put into graphics mode: "
                    + errorText(code))
        }
        self.fd = fd
        wasGraphics = mode == 1
    }

    deinit {
        if !wasGraphics { _ = cyc_console_set_graphics(fd, 0) }
        close(fd)
    }

    /// Puts a console back into text mode after a stage that could not do it itself; true when
    /// the console took it.
    @discardableResult
    public static func restore(device: String = "/dev/tty0") -> Bool {
        let fd = open(device, O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard fd >= 0 else { return false }
        defer { close(fd) }
        return cyc_console_set_graphics(fd, 0) == 0
    }
}
