import Glibc

/// One number a pixel as a file stores it: depth maps, masks.
///
/// No colour space is applied: integers become 0 … 1 of their range, floats stay as they are.
public struct NumberPlane: Sendable, Equatable {
    /// Pixels across.
    public let width: Int
    /// Pixels down.
    public let height: Int
    /// Rows top to bottom; what was not a number is 0.
    public let values: [Float]
    /// The file stores integers: the numbers are shares of a range nobody knows.
    public let isInteger: Bool

    /// A plane of `width × height` numbers.
    public init(width: Int, height: Int, values: [Float], isInteger: Bool) {
        precondition(values.count == width * height, "a plane has one number a pixel")
        self.width = width
        self.height = height
        self.values = values
        self.isInteger = isInteger
    }

    /// The first channel of a picture file, or a portable float map (.pfm).
    ///
    /// - Throws: one line that names the file and the cause, as `PictureFile.read` does.
    public static func read(_ path: String) throws(PictureError) -> NumberPlane {
        do throws(PictureFault) {
            let bytes = try PictureFile.bytes(of: path)
            if PortableFloatMap.isOne(bytes) { return try PortableFloatMap.decode(bytes) }
            // ACEScg is the space pictures are read to: its numbers come through unchanged.
            let picture = try PictureFile.decode(bytes, colorSpace: .acesCG)
            let isFloat = bytes.withUnsafeBytes { PictureFormat(bytes: $0) }.map {
                $0 == .exr || $0 == .hdr
            }
            return NumberPlane(
                width: picture.width, height: picture.height,
                values: (0..<picture.width * picture.height).map { picture.pixels[4 * $0] },
                isInteger: isFloat != true)
        } catch {
            throw PictureError(path: path, fault: error)
        }
    }
}

/// Portable float maps: a header of three lines, then rows from the bottom up (Debevec's format,
/// as Netpbm documents it).
enum PortableFloatMap {
    static func isOne(_ bytes: [UInt8]) -> Bool {
        bytes.count > 3 && bytes[0] == 0x50 && (bytes[1] == 0x66 || bytes[1] == 0x46)
            && (bytes[2] == 0x0A || bytes[2] == 0x0D)
    }

    /// `Pf` has one number a pixel, `PF` three, of which the first is taken.
    static func decode(_ bytes: [UInt8]) throws(PictureFault) -> NumberPlane {
        let channels = bytes[1] == 0x46 ? 3 : 1
        var words: [Substring] = []
        var place = 0
        // The type, the width, the height and the scale, each ended by one white space.
        while words.count < 4 {
            guard let end = bytes[place...].prefix(64).firstIndex(where: { $0 <= 0x20 }) else {
                throw .damaged("its header is not that of a float map")
            }
            let word = String(decoding: bytes[place..<end], as: UTF8.self)
            if !word.isEmpty { words.append(word[...]) }
            place = end + 1
        }
        guard let width = Int(words[1]), let height = Int(words[2]), let scale = Float(words[3]),
            scale != 0
        else { throw .damaged("its header is not that of a float map") }
        try PictureLimits.check(width: width, height: height)
        var cursor = ByteCursor(bytes, at: place, isBigEndian: scale > 0)
        var values = [Float](repeating: 0, count: width * height)
        for row in 0..<height {
            guard cursor.remaining >= width * channels * 4 else {
                throw .endsAfterRow(row, of: height)
            }
            for column in 0..<width {
                let value = cursor.float32() ?? 0
                if channels == 3 { _ = cursor.skip(8) }
                values[(height - 1 - row) * width + column] = value.isFinite ? value : 0
            }
        }
        return NumberPlane(width: width, height: height, values: values, isInteger: false)
    }
}
