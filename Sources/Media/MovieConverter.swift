import CFFmpeg
import Lanes

/// Decoded pictures of one movie to colours: planar Y, Cb, Cr of any depth and subsampling, with
/// and without alpha, and every kind of R, G, B.
final class MovieConverter {
    private let format: AVPixelFormat
    private let color: MovieColor
    private let width: Int
    private let height: Int
    private let colors: UnsafeMutableBufferPointer<Float>
    /// Rows of codes: luma, alpha, and two rows each of Cb and Cr.
    private let codes: UnsafeMutablePointer<UInt16>
    private let chroma: UnsafeMutablePointer<Float>
    private let shape: Shape

    /// Some of the picture may be seen through.
    var hasAlpha: Bool { shape.hasAlpha }

    private struct Shape {
        var isPlanarYCbCr = false
        var hasAlpha = false
        /// Bytes of a sample.
        var sampleBytes = 1
        /// Chroma samples are half as many across and down.
        var (across, down) = (0, 0)
        /// Chroma samples stand on the first of two pixels, else between them.
        var (isLeft, isTop) = (true, false)
    }

    init(_ first: MovieFrame, _ color: MovieColor) throws(PictureFault) {
        (format, self.color) = (first.format, color)
        (width, height) = (first.width, first.height)
        shape = try MovieConverter.shape(first)
        colors = .allocate(capacity: width * height * 4)
        colors.initialize(repeating: 0)
        codes = .allocate(capacity: 2 * width)
        codes.initialize(repeating: 0, count: 2 * width)
        // Two full rows, and two of the file's own chroma with a sample more on either side.
        chroma = .allocate(capacity: 2 * width + 2 * (width + 2))
        chroma.initialize(repeating: 0, count: 2 * width + 2 * (width + 2))
    }

    deinit {
        colors.deallocate()
        codes.deallocate()
        chroma.deallocate()
    }

    private static func shape(_ frame: MovieFrame) throws(PictureFault) -> Shape {
        guard let description = av_pix_fmt_desc_get(frame.format) else {
            throw .unsupported("has pixels of a kind we cannot read – save it as ProRes")
        }
        let facts = description.pointee
        func has(_ flag: Int32) -> Bool { facts.flags & UInt64(flag) != 0 }
        var shape = Shape()
        shape.hasAlpha = has(AV_PIX_FMT_FLAG_ALPHA) || frame.format == AV_PIX_FMT_PAL8
        if try FFmpegRows.canRead(frame.format) { return shape }
        let depth = Int(facts.comp.0.depth)
        guard has(AV_PIX_FMT_FLAG_PLANAR), !has(AV_PIX_FMT_FLAG_RGB), !has(AV_PIX_FMT_FLAG_BE),
            !has(AV_PIX_FMT_FLAG_FLOAT), 8...16 ~= depth, facts.nb_components >= 3,
            facts.log2_chroma_w <= 1, facts.log2_chroma_h <= 1, facts.comp.1.plane == 1,
            facts.comp.2.plane == 2, facts.comp.0.shift == 0
        else { throw .unsupported("has pixels of a kind we cannot read – save it as ProRes") }
        shape.isPlanarYCbCr = true
        shape.sampleBytes = depth > 8 ? 2 : 1
        (shape.across, shape.down) = (Int(facts.log2_chroma_w), Int(facts.log2_chroma_h))
        let location = frame.frame.pointee.chroma_location
        shape.isLeft = location != AVCHROMA_LOC_CENTER && location != AVCHROMA_LOC_TOP
        shape.isTop = location == AVCHROMA_LOC_TOPLEFT || location == AVCHROMA_LOC_TOP
        return shape
    }

    /// A picture's colours; valid until the next call.
    func colors(of picture: MovieFrame) throws(PictureFault) -> UnsafeMutableBufferPointer<Float> {
        guard picture.format == format else {
            throw .unsupported("changes how its pixels are stored – save it anew")
        }
        if shape.isPlanarYCbCr { readPlanes(picture.frame.pointee) } else { try readRGB(picture) }
        return colors
    }

    private func readRGB(_ picture: MovieFrame) throws(PictureFault) {
        var rows = try FFmpegRows(UnsafePointer(picture.frame))
        var constants = color.constants
        for y in 0..<height {
            let row = colors.baseAddress! + 4 * y * width
            rows.read(y) { row.update(from: $0.baseAddress!, count: 4 * width) }
            cyc_movie_rgba_row(&constants, Int64(width), row)
        }
    }

    private func readPlanes(_ frame: AVFrame) {
        guard let luma = frame.data.0, let cb = frame.data.1, let cr = frame.data.2 else { return }
        var constants = color.constants
        let (u, v) = (chroma, chroma + width)
        for y in 0..<height {
            read(luma + y * Int(frame.linesize.0), width, into: codes)
            if shape.hasAlpha, let alpha = frame.data.3 {
                read(alpha + y * Int(frame.linesize.3), width, into: codes + width)
            }
            readChroma(cb, Int(frame.linesize.1), y, into: u)
            readChroma(cr, Int(frame.linesize.2), y, into: v)
            cyc_movie_row(
                &constants, codes, u, v, shape.hasAlpha ? codes + width : nil, Int64(width),
                colors.baseAddress! + 4 * y * width)
        }
    }

    /// Samples of one or two bytes.
    private func read(
        _ row: UnsafePointer<UInt8>, _ count: Int, into codes: UnsafeMutablePointer<UInt16>
    ) {
        if shape.sampleBytes == 2 {
            UnsafeMutableRawPointer(codes).copyMemory(from: row, byteCount: 2 * count)
        } else {
            for x in 0..<count { codes[x] = UInt16(row[x]) }
        }
    }

    /// A full row of a chroma plane, linear between its samples.
    private func readChroma(
        _ plane: UnsafePointer<UInt8>, _ stride: Int, _ y: Int,
        into row: UnsafeMutablePointer<Float>
    ) {
        let count = (width + (1 << shape.across) - 1) >> shape.across
        // A sample beyond either end repeats the outermost.
        let samples = chroma + 2 * width + 1
        let rows = (height + (1 << shape.down) - 1) >> shape.down
        let (first, second, share) = lines(y, of: rows)
        take(plane + first * stride, count, weight: 1 - share, into: samples, adds: false)
        if share > 0 {
            take(plane + second * stride, count, weight: share, into: samples, adds: true)
        }
        guard shape.across == 1 else {
            row.update(from: samples, count: width)
            return
        }
        samples[-1] = samples[0]
        samples[count] = samples[count - 1]
        if shape.isLeft {
            for x in 0..<(width / 2) {
                row[2 * x] = samples[x]
                row[2 * x + 1] = (samples[x] + samples[x + 1]) * 0.5
            }
            if width % 2 == 1 { row[width - 1] = samples[count - 1] }
        } else {
            for x in 0..<width {
                let near = samples[x / 2]
                row[x] = 0.75 * near + 0.25 * samples[x / 2 + (x % 2 == 0 ? -1 : 1)]
            }
        }
    }

    /// The two lines of chroma a picture line lies between, and the second's share.
    private func lines(_ y: Int, of rows: Int) -> (Int, Int, Float) {
        guard shape.down == 1 else { return (y, y, 0) }
        let near = y / 2
        if shape.isTop { return (near, min(rows - 1, near + 1), y % 2 == 0 ? 0 : 0.5) }
        return (near, max(0, min(rows - 1, near + (y % 2 == 0 ? -1 : 1))), 0.25)
    }

    private func take(
        _ line: UnsafePointer<UInt8>, _ count: Int, weight: Float,
        into samples: UnsafeMutablePointer<Float>, adds: Bool
    ) {
        if shape.sampleBytes == 2 {
            let line = UnsafeRawPointer(line).assumingMemoryBound(to: UInt16.self)
            for x in 0..<count { samples[x] = Float(line[x]) * weight + (adds ? samples[x] : 0) }
        } else {
            for x in 0..<count { samples[x] = Float(line[x]) * weight + (adds ? samples[x] : 0) }
        }
    }
}
