import CPlatform
import Glibc
import Synchronization

/// Why a framebuffer cannot be used.
public struct FramebufferError: Error, CustomStringConvertible {
    /// One line for the operator: what, where, why and what to do.
    public let description: String
}

// SAFETY of @unchecked: everything is immutable but the mapped pixels, which only its output's
// sender writes.

/// A Linux framebuffer device: its mode, its memory, and how to push a picture to the screen.
///
/// Single-buffered: panning lies on the kernel's DRM emulation. Not for vertical sync.
public final class Framebuffer: @unchecked Sendable {
    /// A component's place in a pixel, from the least significant bit.
    public struct Field: Sendable, Hashable {
        /// Bits below it.
        public let offset: Int
        /// Its bits, 0 for none.
        public let length: Int
    }

    /// A mode as the driver reports it.
    public struct Mode: Sendable, Hashable {
        /// The driver's name.
        public let driver: String
        /// Pixels a row.
        public let width: Int
        /// Rows.
        public let height: Int
        /// Bits of a pixel: 16, 24 or 32.
        public let bitsPerPixel: Int
        /// Octets from one row to the next.
        public let rowBytes: Int
        /// Red.
        public let red: Field
        /// Green.
        public let green: Field
        /// Blue.
        public let blue: Field
        /// Alpha, of length 0 where there is none.
        public let alpha: Field
    }

    /// The device's path.
    public let device: String
    /// Its mode when it was opened.
    public let mode: Mode
    /// Pushes the kernel refused; the picture may then be late, not wrong.
    public var failedPushes: Int { pushFailures.load(ordering: .relaxed) }

    private let pushFailures = Atomic<Int>(0)
    private let fd: Int32
    private let memory: UnsafeMutableRawPointer
    private let memoryBytes: Int
    private let visible: UnsafeMutableRawPointer

    /// Opens and maps a device, and clears its visible picture.
    public init(device: String) throws(FramebufferError) {
        let fd = open(device, O_RDWR | O_CLOEXEC)
        guard fd >= 0 else {
            let hint =
                errno == EACCES ? "add the user to the group `video`" : "see `ls -l /dev/fb*`"
            throw FramebufferError(
                description:
                    "framebuffer \(device): cannot be opened: \(errorText(errno)) – \(hint)"
            )
        }
        var found = cyc_framebuffer_mode()
        do {
            try Framebuffer.query(fd, device, &found)
        } catch {
            close(fd)
            throw error
        }
        let map = mmap(
            nil, Int(found.memory_octets), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
        guard let map, map != MAP_FAILED else {
            let code = errno
            close(fd)
            throw FramebufferError(
                description: "framebuffer \(device): cannot be mapped: \(errorText(code))")
        }
        self.device = device
        self.fd = fd
        memory = map
        memoryBytes = Int(found.memory_octets)
        mode = Framebuffer.mode(of: found)
        visible =
            map + Int(found.y_offset) * Int(found.row_octets)
            + Int(found.x_offset) * Int(found.bits_per_pixel) / 8
        clear()
    }

    deinit {
        munmap(memory, memoryBytes)
        close(fd)
    }

    private static func query(
        _ fd: Int32, _ device: String, _ found: inout cyc_framebuffer_mode
    ) throws(FramebufferError) {
        func refuse(_ reason: String) -> FramebufferError {
            FramebufferError(description: "framebuffer \(device): \(reason)")
        }
        let code = cyc_framebuffer_query(fd, &found)
        guard code == 0 else {
            throw refuse("is not a framebuffer: \(errorText(code)) – see `cat /proc/fb`")
        }
        guard cyc_framebuffer_has_fields(&found) == 1, found.grayscale == 0,
            found.msb_right == 0, [15, 16, 24, 32].contains(found.bits_per_pixel)
        else {
            throw refuse(
                "mode of \(found.bits_per_pixel) bits is not true color – set a mode of 16, 24 or "
                    + "32 bits (`fbset`, or video= on the kernel's command line)")
        }
        let rowOctets = (found.width * found.bits_per_pixel + 7) / 8
        let rows = UInt64(found.y_offset) + UInt64(found.height)
        let aside = UInt64(found.x_offset) * UInt64((found.bits_per_pixel + 7) / 8)
        guard found.width > 0, found.height > 0, found.row_octets >= rowOctets,
            rows * UInt64(found.row_octets) + aside <= UInt64(found.memory_octets)
        else {
            throw refuse(
                "reports \(found.width)×\(found.height) in \(found.memory_octets) octets, which "
                    + "does not fit – try another driver")
        }
    }

    private static func mode(of found: cyc_framebuffer_mode) -> Mode {
        var name = found.driver
        let driver = withUnsafeBytes(of: &name) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        func field(_ offset: UInt32, _ length: UInt32) -> Field {
            Field(offset: Int(offset), length: Int(length))
        }
        return Mode(
            driver: driver, width: Int(found.width), height: Int(found.height),
            // 15 bits are kept in 16.
            bitsPerPixel: Int(found.bits_per_pixel == 15 ? 16 : found.bits_per_pixel),
            rowBytes: Int(found.row_octets), red: field(found.red_offset, found.red_length),
            green: field(found.green_offset, found.green_length),
            blue: field(found.blue_offset, found.blue_length),
            alpha: field(found.alpha_offset, found.alpha_length))
    }

    /// Shows a canvas in the device's packing at the screen's top left; what does not fit is cut.
    ///
    /// The kernel's DRM emulation shows what was written up to 50 ms later; fsync pushes it.
    /// - Frame path: yes
    public func show(canvas: UnsafeRawPointer, rowBytes: Int, rows: Int) {
        let octets = min(rowBytes, mode.width * mode.bitsPerPixel / 8)
        for row in 0..<min(rows, mode.height) {
            (visible + row * mode.rowBytes).copyMemory(
                from: canvas + row * rowBytes, byteCount: octets)
        }
        push()
    }

    /// Makes the visible picture black.
    public func clear() {
        for row in 0..<mode.height {
            memset(visible + row * mode.rowBytes, 0, mode.width * mode.bitsPerPixel / 8)
        }
        push()
    }

    private func push() {
        if fsync(fd) != 0 { pushFailures.wrappingAdd(1, ordering: .relaxed) }
    }
}
