import Glibc

/// Writing of pictures as OpenEXR: half floats, RGBA premultiplied, ACEScg, uncompressed.
public enum EXRFile {
    /// A picture's bytes as one flat scan-line file (OpenEXR file layout, version 2).
    public static func bytes(_ picture: LinearPicture) -> [UInt8] {
        let (width, height) = (picture.width, picture.height)
        var out = EXRBytes()
        out.header(width: width, height: height)
        let rowBytes = 8 * width
        let first = out.bytes.count + 8 * height
        out.bytes.reserveCapacity(first + height * (8 + rowBytes))
        for y in 0..<height { out.integer(UInt64(first + y * (8 + rowBytes))) }
        for y in 0..<height {
            out.integer(UInt32(y))
            out.integer(UInt32(rowBytes))
            // Channels of a row follow each other in the order of their names: A, B, G, R.
            for channel in [3, 2, 1, 0] {
                for x in 0..<width {
                    let value = picture.pixels[4 * (y * width + x) + channel]
                    out.integer(Float16(value).bitPattern)
                }
            }
        }
        return out.bytes
    }

    /// Writes a picture; replaces a file that is there.
    public static func write(_ picture: LinearPicture, to path: String) throws(PictureError) {
        let bytes = bytes(picture)
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

    mutating func header(width: Int, height: Int) {
        integer(UInt32(20_000_630))
        integer(UInt32(2))
        text("channels")
        text("chlist")
        integer(UInt32(4 * 18 + 1))
        for name in ["A", "B", "G", "R"] {
            text(name)
            // Type half, not perceptually linear, sampled at every pixel.
            for field: UInt32 in [1, 0, 1, 1] { integer(field) }
        }
        bytes.append(0)
        let ap1: [Float] = [0.713, 0.293, 0.165, 0.830, 0.128, 0.044, 0.32168, 0.33767]
        attribute("chromaticities", "chromaticities", ap1.map(\.bitPattern))
        byteAttribute("compression", "compression")
        let window = [0, 0, UInt32(width - 1), UInt32(height - 1)]
        attribute("dataWindow", "box2i", window)
        attribute("displayWindow", "box2i", window)
        byteAttribute("lineOrder", "lineOrder")
        attribute("pixelAspectRatio", "float", [Float(1).bitPattern])
        attribute("screenWindowCenter", "v2f", [0, 0])
        attribute("screenWindowWidth", "float", [Float(1).bitPattern])
        bytes.append(0)
    }
}
