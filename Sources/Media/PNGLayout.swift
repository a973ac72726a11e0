extension PictureLayout {
    /// Walks the chunks of a PNG (ISO/IEC 15948, 5.3) up to IEND and keeps those of the picture:
    /// profiles and texts can unpack to any size and are not used.
    mutating func walkPNG(_ bytes: [UInt8]) throws(PictureFault) {
        var cursor = ByteCursor(bytes, at: 8, isBigEndian: true)
        payload.reserveCapacity(bytes.count)
        payload.append(contentsOf: bytes[0..<8])
        var hasPixels = false
        for index in 0..<PictureLimits.parts {
            let start = cursor.position
            guard let length = cursor.unsigned32(), let type = cursor.unsigned32() else {
                throw .truncated
            }
            let body = cursor.position
            guard length < 1 << 31 else { throw .damaged("a chunk says it has \(length) bytes") }
            guard cursor.skip(length), cursor.skip(4) else { throw .truncated }
            let name = PNGChunk(rawValue: type)
            if index == 0 {
                guard name == .header, length == 13 else {
                    throw .damaged("it does not begin with a header chunk")
                }
                var fields = ByteCursor(bytes, at: body, isBigEndian: true)
                width = fields.unsigned32() ?? 0
                height = fields.unsigned32() ?? 0
                try PictureLimits.check(width: width, height: height)
            } else if name == .header {
                throw .damaged("it has a second header chunk")
            }
            if name != nil { payload.append(contentsOf: bytes[start..<cursor.position]) }
            if name == .pixels { hasPixels = true }
            if name == .end {
                guard hasPixels else { throw .damaged("it has no pixels") }
                return
            }
        }
        throw .damaged("it has more than \(PictureLimits.parts) chunks")
    }
}

/// The chunks a picture is made of.
private enum PNGChunk: Int {
    /// IHDR.
    case header = 0x4948_4452
    /// PLTE.
    case palette = 0x504C_5445
    /// tRNS.
    case transparency = 0x7452_4E53
    /// IDAT.
    case pixels = 0x4944_4154
    /// IEND.
    case end = 0x4945_4E44
}
