import Color

/// Radiance RGBE pictures (.hdr, .pic): header, three kinds of rows, shared-exponent pixels.
///
/// After Greg Ward, "Real Pixels" (Graphics Gems II) and the Radiance file formats document: a
/// pixel is mantissa · 2^(exponent − 136); `EXPOSURE` and `COLORCORR` have been multiplied into
/// the pixels and are divided out. Rows run down (−Y) or up (+Y), pixels right (+X) or left (−X);
/// pictures stored by columns are refused.
enum RadianceReader {
    static func decode(
        _ bytes: [UInt8], colorSpace: PictureColorSpace
    ) throws(PictureFault) -> LinearPicture {
        var cursor = ByteCursor(bytes, isBigEndian: true)
        let header = try RadianceHeader(&cursor)
        let (width, height) = (header.width, header.height)
        let encoding =
            colorSpace.encoding ?? PictureEncoding(header.primaries, .linear)
        // A row has at least eight bytes; a file that cannot hold its rows reserves nothing.
        let plausible = min(height, cursor.remaining / 8)
        guard
            var source = SourcePixels(
                encoding: encoding, alpha: .none, expectedPixels: width * plausible)
        else { throw .damaged("its PRIMARIES enclose no colors") }
        let scale = PixelScale(header)
        var rgbe = [UInt8](repeating: 0, count: width * 4)
        var row = [Float](repeating: 1, count: width * 4)
        for y in 0..<height {
            guard try readRow(&cursor, into: &rgbe, width: width, y: y) else {
                throw .endsAfterRow(y, of: height)
            }
            for x in 0..<width {
                let from = 4 * (header.runsLeft ? width - 1 - x : x)
                let s = scale.exponents[Int(rgbe[from + 3])]
                row[4 * x] = Float(rgbe[from]) * s * scale.gain.x
                row[4 * x + 1] = Float(rgbe[from + 1]) * s * scale.gain.y
                row[4 * x + 2] = Float(rgbe[from + 2]) * s * scale.gain.z
            }
            row.withUnsafeBufferPointer { source.append(row: $0) }
        }
        let pixels = header.runsUp ? flipped(source.pixels, width: width) : source.pixels
        return LinearPicture(width: width, height: height, pixels: pixels)
    }

    /// One row as R, G, B, E; false when the file ends within it.
    private static func readRow(
        _ cursor: inout ByteCursor, into row: inout [UInt8], width: Int, y: Int
    ) throws(PictureFault) -> Bool {
        let start = cursor.position
        if width >= 8, width < 32768, cursor.byte() == 2, cursor.byte() == 2,
            let length = cursor.unsigned16(), length & 0x8000 == 0
        {
            guard length == width else {
                throw .damaged("row \(y + 1) says it has \(length) pixels of \(width)")
            }
            return try readPlanes(&cursor, into: &row, width: width, y: y)
        }
        _ = cursor.seek(start)
        return try readPixels(&cursor, into: &row, width: width, y: y)
    }

    /// A row of four planes, each of runs (count + 128, value) and literals (count, values).
    private static func readPlanes(
        _ cursor: inout ByteCursor, into row: inout [UInt8], width: Int, y: Int
    ) throws(PictureFault) -> Bool {
        for plane in 0..<4 {
            var x = 0
            while x < width {
                guard let code = cursor.byte() else { return false }
                let isRun = code > 128
                let count = isRun ? Int(code) - 128 : Int(code)
                guard count > 0, x + count <= width else {
                    throw .damaged("a run of \(count) does not fit at pixel \(x) of row \(y + 1)")
                }
                if isRun {
                    guard let value = cursor.byte() else { return false }
                    for i in x..<(x + count) { row[4 * i + plane] = value }
                } else {
                    guard cursor.remaining >= count else { return false }
                    for i in x..<(x + count) { row[4 * i + plane] = cursor.byte() ?? 0 }
                }
                x += count
            }
        }
        return true
    }

    /// A row of plain pixels; 1, 1, 1, n repeats the pixel before it, n shifted by 8 bits more
    /// for every such pixel in sequence.
    private static func readPixels(
        _ cursor: inout ByteCursor, into row: inout [UInt8], width: Int, y: Int
    ) throws(PictureFault) -> Bool {
        var x = 0
        var shift = 0
        while x < width {
            guard let r = cursor.byte(), let g = cursor.byte(), let b = cursor.byte(),
                let e = cursor.byte()
            else { return false }
            guard r == 1, g == 1, b == 1 else {
                (row[4 * x], row[4 * x + 1], row[4 * x + 2], row[4 * x + 3]) = (r, g, b, e)
                x += 1
                shift = 0
                continue
            }
            let count = shift > 16 ? Int.max : Int(e) << shift
            guard x > 0, count <= width - x else {
                throw .damaged("a run does not fit at pixel \(x) of row \(y + 1)")
            }
            for i in x..<(x + count) {
                for c in 0..<4 { row[4 * i + c] = row[4 * (x - 1) + c] }
            }
            x += count
            shift += 8
        }
        return true
    }

    private static func flipped(_ pixels: [Float], width: Int) -> [Float] {
        let stride = width * 4
        var out: [Float] = []
        out.reserveCapacity(pixels.count)
        for y in 0..<(pixels.count / stride) {
            let from = pixels.count - (y + 1) * stride
            out.append(contentsOf: pixels[from..<(from + stride)])
        }
        return out
    }
}

/// What the exponent byte and the header multiply a mantissa by.
private struct PixelScale {
    /// 2^(e − 136) for every exponent byte; 0 for 0.
    let exponents: [Float]
    let gain: SIMD3<Float>

    init(_ header: RadianceHeader) {
        exponents = (0..<256).map { e in
            // In doubles: 2^−135 is a denormal float, and wanted.
            e == 0 ? 0 : Float(Double(sign: .plus, exponent: e - 136, significand: 1))
        }
        gain = header.gain
    }
}
