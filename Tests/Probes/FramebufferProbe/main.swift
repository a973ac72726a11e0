import Color
import Glibc
import Output
import Platform
import StageModel

// Draws a known picture through our packing and our framebuffer, for a test outside the machine
// to photograph: arguments are the framebuffer and a serial port. For each of three frames it
// writes `SHOT fb WIDTH HEIGHT FRAME` there and waits for a line end.

func say(_ line: String) {
    print(line)
    fflush(nil)
}

func codes(x: Int, y: Int, frame: Int) -> (UInt16, UInt16, UInt16) {
    (
        UInt16((x * 7 + y * 3 + frame * 50) & 255), UInt16((x ^ y ^ (frame * 37)) & 255),
        UInt16((x * y / 64 + frame * 11) & 255)
    )
}

func layout(of mode: Framebuffer.Mode) -> FramebufferLayout {
    func field(_ field: Framebuffer.Field) -> FramebufferLayout.Field {
        FramebufferLayout.Field(offset: field.offset, length: field.length)
    }
    return FramebufferLayout(
        bitsPerPixel: mode.bitsPerPixel, red: field(mode.red), green: field(mode.green),
        blue: field(mode.blue), alpha: field(mode.alpha))
}

func fill(_ canvas: UnsafeMutableRawPointer, _ packer: CanvasPacker, frame: Int) {
    let (tileWidth, tileHeight) = (128, 16)
    let count = tileWidth * tileHeight
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 3 * count) { memory in
        let red = memory.baseAddress!
        let planes = CodePlanes(
            red: red, green: red + count, blue: red + 2 * count, stride: tileWidth)
        for top in stride(from: 0, to: packer.height, by: tileHeight) {
            for left in stride(from: 0, to: packer.width, by: tileWidth) {
                let tile = CanvasRect(
                    x: left, y: top, width: min(tileWidth, packer.width - left),
                    height: min(tileHeight, packer.height - top))
                for y in 0..<tile.height {
                    for x in 0..<tile.width {
                        let at = y * tileWidth + x
                        (red[at], red[count + at], red[2 * count + at]) = codes(
                            x: left + x, y: top + y, frame: frame)
                    }
                }
                packer.pack(planes, at: tile, into: canvas)
            }
        }
    }
}

func photograph(_ framebuffer: Framebuffer, serial: Int32) throws {
    let mode = framebuffer.mode
    say(
        "\(mode.driver): \(mode.width)×\(mode.height), \(mode.bitsPerPixel) bits, "
            + "\(mode.rowBytes) octets a row")
    let packer = try CanvasPacker(
        format: .framebuffer(layout(of: mode)), codes: CodeFormat(depth: 8, range: .full),
        width: mode.width, height: mode.height)
    let canvas = UnsafeMutableRawPointer.allocate(byteCount: packer.byteCount, alignment: 64)
    defer { canvas.deallocate() }
    for frame in 1...3 {
        fill(canvas, packer, frame: frame)
        framebuffer.show(canvas: canvas, rowBytes: packer.rowBytes, rows: packer.height)
        // virtio's screen may be a frame behind the push.
        usleep(200_000)
        let line = Array("SHOT fb \(mode.width) \(mode.height) \(frame)\n".utf8)
        _ = write(serial, line, line.count)
        var octet: UInt8 = 0
        while read(serial, &octet, 1) == 1, octet != 10 {}
    }
    say("pushes refused: \(framebuffer.failedPushes)")
}

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
    say("usage: framebuffer-probe FRAMEBUFFER SERIAL")
    exit(2)
}
let serial = open(arguments[2], O_RDWR | O_NOCTTY)
do {
    let console = try Console()
    try withExtendedLifetime(console) {
        try photograph(try Framebuffer(device: arguments[1]), serial: serial)
    }
} catch {
    say("\(error)")
    exit(1)
}
say("console restored: \(Console.restore())")
