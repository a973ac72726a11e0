extension PictureLayout {
    /// Walks the segments of a JPEG (ITU-T T.81, B.1) from SOI to EOI.
    mutating func walkJPEG(_ bytes: [UInt8]) throws(PictureFault) {
        alpha = .none
        var cursor = ByteCursor(bytes, at: 2, isBigEndian: true)
        var hasFrame = false
        var hasScan = false
        for _ in 0..<PictureLimits.parts {
            guard let marker = PictureLayout.nextMarker(&cursor) else { throw .truncated }
            switch marker {
            case 0xD9:
                guard hasFrame, hasScan else { throw .damaged("it has no pixels") }
                payload = Array(bytes[0..<cursor.position])
                return
            case 0x01, 0xD0...0xD8: continue
            default: break
            }
            guard let length = cursor.unsigned16() else { throw .truncated }
            guard length >= 2 else { throw .damaged("a segment has no length") }
            if PictureLayout.isFrame(marker) {
                guard !hasFrame else { throw .damaged("it has two frames") }
                try takeFrame(cursor, marker: marker)
                hasFrame = true
            }
            if marker == 0xDA { hasScan = true }
            guard cursor.skip(length - 2) else { throw .truncated }
        }
        throw .damaged("it has more than \(PictureLimits.parts) segments")
    }

    /// SOF0 … SOF15 but for DHT, JPG and DAC.
    private static func isFrame(_ marker: UInt8) -> Bool {
        (0xC0...0xCF).contains(marker) && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
    }

    /// The next marker, past the entropy-coded bytes of a scan and restart markers.
    private static func nextMarker(_ cursor: inout ByteCursor) -> UInt8? {
        while let byte = cursor.byte() {
            guard byte == 0xFF else { continue }
            var code = cursor.byte()
            while code == 0xFF { code = cursor.byte() }
            guard let code else { return nil }
            if code != 0, !(0xD0...0xD7).contains(code) { return code }
        }
        return nil
    }

    private mutating func takeFrame(_ at: ByteCursor, marker: UInt8) throws(PictureFault) {
        var fields = at
        guard let precision = fields.byte(), let rows = fields.unsigned16(),
            let columns = fields.unsigned16(), let components = fields.byte()
        else { throw .truncated }
        guard marker <= 0xC2 else {
            throw .unsupported("is a lossless or arithmetic JPEG – save it as PNG")
        }
        guard precision == 8 else {
            throw .unsupported("is a \(precision)-bit JPEG – save it as 16-bit PNG")
        }
        guard components == 1 || components == 3 else {
            throw .unsupported("is a JPEG of \(components) colors (CMYK?) – save it as RGB")
        }
        try PictureLimits.check(width: columns, height: rows)
        (width, height) = (columns, rows)
    }
}
