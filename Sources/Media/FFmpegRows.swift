import CFFmpeg

/// Rows of a decoded RGB, gray or palette frame as R, G, B, A floats, whatever their layout.
///
/// FFmpeg describes every pixel format by component (plane, step, offset, shift, depth); its own
/// line reader follows that description, so packed, planar, either byte order and any depth are
/// one case. Integers become 0 … 1.
struct FFmpegRows {
    private let frame: UnsafePointer<AVFrame>
    private let description: UnsafePointer<AVPixFmtDescriptor>
    private let width: Int
    /// Component of R, G, B and A; −1 = opaque.
    private let component: InlineArray<4, Int32>
    private let isFloat: Bool
    private let isPalette: Bool
    private var numbers: [UInt32]
    private var row: [Float]

    /// Whether a format needs no conversion first.
    static func canRead(_ format: AVPixelFormat) throws(PictureFault) -> Bool {
        guard let description = av_pix_fmt_desc_get(format) else {
            throw .unsupported("has pixels of a kind we cannot read – save it as PNG or EXR")
        }
        if format == AV_PIX_FMT_PAL8 { return true }
        let flags = description.pointee.flags
        func has(_ flag: Int32) -> Bool { flags & UInt64(flag) != 0 }
        if has(AV_PIX_FMT_FLAG_BITSTREAM) || has(AV_PIX_FMT_FLAG_HWACCEL) { return false }
        if has(AV_PIX_FMT_FLAG_BAYER) || has(AV_PIX_FMT_FLAG_PAL) { return false }
        return has(AV_PIX_FMT_FLAG_RGB) || description.pointee.nb_components <= 2
    }

    init(_ frame: UnsafePointer<AVFrame>) throws(PictureFault) {
        let format = AVPixelFormat(frame.pointee.format)
        guard let description = av_pix_fmt_desc_get(format) else {
            throw .unsupported("has pixels of a kind we cannot read – save it as PNG or EXR")
        }
        self.frame = frame
        self.description = description
        width = Int(frame.pointee.width)
        isPalette = format == AV_PIX_FMT_PAL8
        isFloat = description.pointee.flags & UInt64(AV_PIX_FMT_FLAG_FLOAT) != 0
        switch description.pointee.nb_components {
        case 1: component = [0, 0, 0, -1]
        case 2: component = [0, 0, 0, 1]
        case 3: component = [0, 1, 2, -1]
        default: component = [0, 1, 2, 3]
        }
        numbers = [UInt32](repeating: 0, count: width)
        row = [Float](repeating: 1, count: 4 * width)
    }

    /// Gives one row as R, G, B, A.
    mutating func read(_ y: Int, _ take: (UnsafeBufferPointer<Float>) -> Void) {
        if isPalette {
            readPalette(y)
        } else {
            for c in 0..<4 where component[c] >= 0 { readComponent(component[c], into: c, y: y) }
        }
        row.withUnsafeBufferPointer(take)
    }

    private mutating func readComponent(_ number: Int32, into channel: Int, y: Int) {
        // The descriptor's component arrays are C tuples of the frame's planes and strides.
        withUnsafePointer(to: frame.pointee.data) { data in
            withUnsafePointer(to: frame.pointee.linesize) { strides in
                data.withMemoryRebound(to: UnsafePointer<UInt8>?.self, capacity: 8) { planes in
                    strides.withMemoryRebound(to: Int32.self, capacity: 8) { lines in
                        av_read_image_line2(
                            &numbers, UnsafeMutablePointer(mutating: planes), lines, description,
                            0, Int32(y), number, Int32(width), 0, 4)
                    }
                }
            }
        }
        if isFloat {
            for x in 0..<width { row[4 * x + channel] = Float(bitPattern: numbers[x]) }
        } else {
            let scale = 1 / Float((1 << depth(number)) - 1)
            for x in 0..<width { row[4 * x + channel] = Float(numbers[x]) * scale }
        }
    }

    private func depth(_ number: Int32) -> Int {
        let c = description.pointee.comp
        switch number {
        case 0: return Int(c.0.depth)
        case 1: return Int(c.1.depth)
        case 2: return Int(c.2.depth)
        default: return Int(c.3.depth)
        }
    }

    /// PAL8: plane 0 has indices, plane 1 has 256 entries of native-endian 0xAARRGGBB.
    private mutating func readPalette(_ y: Int) {
        guard let indices = frame.pointee.data.0, let colors = frame.pointee.data.1 else { return }
        let line = indices + y * Int(frame.pointee.linesize.0)
        for x in 0..<width {
            let entry = UnsafeRawPointer(colors)
                .loadUnaligned(fromByteOffset: 4 * Int(line[x]), as: UInt32.self)
            for c in 0..<4 {
                let shift: UInt32 = c == 3 ? 24 : UInt32(16 - 8 * c)
                row[4 * x + c] = Float(entry >> shift & 0xFF) / 255
            }
        }
    }
}
