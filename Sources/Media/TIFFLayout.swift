extension PictureLayout {
    /// Reads the first directory of a TIFF (TIFF 6.0, 2) and checks that its strips are there.
    mutating func walkTIFF(_ bytes: [UInt8]) throws(PictureFault) {
        payload = bytes
        let directory = try TIFFDirectory(bytes)
        guard let columns = directory.first(.width), let rows = directory.first(.height) else {
            throw .damaged("it has no size")
        }
        try PictureLimits.check(width: columns, height: rows)
        (width, height) = (columns, rows)
        if directory.values[.tileOffsets] != nil {
            throw .unsupported("is a tiled TIFF – save it with strips, or as PNG or EXR")
        }
        if (directory.first(.sampleFormat) ?? 1) != 1 {
            throw .unsupported("is a TIFF of floating-point or signed numbers – save it as EXR")
        }
        if directory.first(.photometric) == 5 {
            throw .unsupported("is a CMYK TIFF – save it as RGB")
        }
        alpha = PictureLayout.alpha(extraSample: directory.first(.extraSamples))
        let offsets = directory.values[.stripOffsets] ?? []
        let counts = directory.values[.stripByteCounts] ?? []
        guard !offsets.isEmpty, offsets.count == counts.count || counts.isEmpty else {
            throw .damaged("its strips have no places")
        }
        let stripRows = max(1, min(rows, directory.first(.rowsPerStrip) ?? rows))
        for (index, offset) in offsets.enumerated() {
            let end = offset + (counts.isEmpty ? 1 : counts[index])
            guard end <= bytes.count else {
                throw .endsAfterRow(min(rows, index * stripRows), of: rows)
            }
        }
    }

    /// ExtraSamples: 1 associated, 2 unassociated alpha; 0 is something else (TIFF 6.0, 18).
    private static func alpha(extraSample: Int?) -> SourcePixels.Alpha {
        switch extraSample {
        case 1: .premultiplied
        case 2: .straight
        default: .none
        }
    }
}

/// The numbers of the first image file directory.
private struct TIFFDirectory {
    enum Tag: Int {
        case width = 256
        case height = 257
        case photometric = 262
        case stripOffsets = 273
        case rowsPerStrip = 278
        case stripByteCounts = 279
        case tileOffsets = 324
        case extraSamples = 338
        case sampleFormat = 339
    }

    private(set) var values: [Tag: [Int]] = [:]

    func first(_ tag: Tag) -> Int? { values[tag]?.first }

    init(_ bytes: [UInt8]) throws(PictureFault) {
        var cursor = ByteCursor(bytes, at: 4, isBigEndian: bytes[0] == 0x4D)
        guard let place = cursor.unsigned32() else { throw .truncated }
        guard cursor.seek(place), let count = cursor.unsigned16() else { throw .truncated }
        for _ in 0..<count {
            guard let tag = cursor.unsigned16(), let type = cursor.unsigned16(),
                let length = cursor.unsigned32()
            else { throw .truncated }
            let next = cursor.position + 4
            if let tag = Tag(rawValue: tag) {
                values[tag] = try TIFFDirectory.numbers(cursor, type: type, count: length)
            }
            guard cursor.seek(next) else { throw .truncated }
        }
    }

    /// BYTE, SHORT or LONG values, in the entry when they fit four bytes, else where it points.
    private static func numbers(
        _ entry: ByteCursor, type: Int, count: Int
    ) throws(PictureFault) -> [Int] {
        let size: Int
        switch type {
        case 1: size = 1
        case 3: size = 2
        case 4: size = 4
        default: throw .damaged("a field has numbers of type \(type)")
        }
        guard count > 0, count <= PictureLimits.parts else {
            throw .damaged("a field has \(count) numbers")
        }
        var cursor = entry
        if size * count > 4 {
            guard let place = cursor.unsigned32(), cursor.seek(place) else { throw .truncated }
        }
        guard cursor.remaining >= size * count else { throw .truncated }
        return (0..<count).map { _ in
            switch size {
            case 1: Int(cursor.byte() ?? 0)
            case 2: cursor.unsigned16() ?? 0
            default: cursor.unsigned32() ?? 0
            }
        }
    }
}
