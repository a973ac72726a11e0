import Glibc

/// Writing of OpenEXR: one flat scan-line file, uncompressed (OpenEXR file layout, version 2).
public enum EXRFile {
    /// A picture's bytes: half floats, RGBA premultiplied, ACEScg.
    public static func bytes(_ picture: LinearPicture) -> [UInt8] {
        let layout = EXRFileLayout(
            channels: ["A", "B", "G", "R"], isHalf: true, width: picture.width,
            height: picture.height)
        return layout.bytes { channel, pixel in
            Float16(picture.pixels[4 * pixel + 3 - channel]).bitPattern
        }
    }

    /// Pairs of numbers that are no light, row by row from the top: floats of 32 bits, the first in
    /// red, the second in green.
    public static func bytes(pairs: [SIMD2<Float>], width: Int) -> [UInt8] {
        let layout = EXRFileLayout(
            channels: ["B", "G", "R"], isHalf: false, width: width, height: pairs.count / width)
        return layout.bytes { channel, pixel in
            channel == 0 ? 0 : pairs[pixel][2 - channel].bitPattern
        }
    }

    /// Writes a picture; replaces a file that is there.
    public static func write(_ picture: LinearPicture, to path: String) throws(PictureError) {
        try write(bytes(picture), to: path)
    }

    /// Writes a file's bytes; replaces a file that is there.
    public static func write(_ bytes: [UInt8], to path: String) throws(PictureError) {
        guard let file = fopen(path, "wb") else {
            throw PictureError(path: path, fault: .unwritable(String(cString: strerror(errno))))
        }
        let written = fwrite(bytes, 1, bytes.count, file)
        let closed = fclose(file)
        guard written == bytes.count, closed == 0 else {
            throw PictureError(path: path, fault: .unwritable(String(cString: strerror(errno))))
        }
    }
}

/// What one of our files has in it.
private struct EXRFileLayout {
    /// In the order of their names, in which a row has them one after the other.
    let channels: [String]
    /// Half floats of light in ACEScg; else floats of 32 bits that are none.
    let isHalf: Bool
    let width: Int
    let height: Int

    func bytes<Bits: FixedWidthInteger>(
        _ value: (_ channel: Int, _ pixel: Int) -> Bits
    ) -> [UInt8] {
        var out = EXRBytes()
        out.header(self)
        let rowBytes = channels.count * width * (isHalf ? 2 : 4)
        let first = out.bytes.count + 8 * height
        out.bytes.reserveCapacity(first + height * (8 + rowBytes))
        for y in 0..<height { out.integer(UInt64(first + y * (8 + rowBytes))) }
        for y in 0..<height {
            out.integer(UInt32(y))
            out.integer(UInt32(rowBytes))
            for channel in channels.indices {
                for x in 0..<width { out.integer(value(channel, y * width + x)) }
            }
        }
        return out.bytes
    }
}

/// Little-endian bytes and the attributes of our one kind of file.
private struct EXRBytes {
    var bytes: [UInt8] = []

    mutating func integer<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func text(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        bytes.append(0)
    }

    private mutating func attribute(_ name: String, _ type: String, _ value: [UInt32]) {
        text(name)
        text(type)
        integer(UInt32(value.count * 4))
        for v in value { integer(v) }
    }

    private mutating func byteAttribute(_ name: String, _ type: String) {
        text(name)
        text(type)
        integer(UInt32(1))
        bytes.append(0)
    }

    mutating func header(_ layout: EXRFileLayout) {
        integer(UInt32(20_000_630))
        integer(UInt32(2))
        text("channels")
        text("chlist")
        integer(UInt32(layout.channels.count * 18 + 1))
        for name in layout.channels {
            text(name)
            // Type half (1) or float (2), not perceptually linear, sampled at every pixel.
            for field: UInt32 in [layout.isHalf ? 1 : 2, 0, 1, 1] { integer(field) }
        }
        bytes.append(0)
        if layout.isHalf {
            let ap1: [Float] = [0.713, 0.293, 0.165, 0.830, 0.128, 0.044, 0.32168, 0.33767]
            attribute("chromaticities", "chromaticities", ap1.map(\.bitPattern))
        }
        byteAttribute("compression", "compression")
        let window = [0, 0, UInt32(layout.width - 1), UInt32(layout.height - 1)]
        attribute("dataWindow", "box2i", window)
        attribute("displayWindow", "box2i", window)
        byteAttribute("lineOrder", "lineOrder")
        attribute("pixelAspectRatio", "float", [Float(1).bitPattern])
        attribute("screenWindowCenter", "v2f", [0, 0])
        attribute("screenWindowWidth", "float", [Float(1).bitPattern])
        bytes.append(0)
    }
}
