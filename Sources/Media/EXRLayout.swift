import Color

extension PictureLayout {
    /// Reads the header of an OpenEXR file (OpenEXR file layout) and checks that every block of
    /// the full-size picture is there.
    mutating func walkEXR(_ bytes: [UInt8]) throws(PictureFault) {
        payload = bytes
        alpha = .premultiplied
        encoding = PictureEncoding(.rec709, .linear)
        var cursor = ByteCursor(bytes, at: 4, isBigEndian: false)
        guard let version = cursor.unsigned32() else { throw .truncated }
        guard version & 0xFF == 2 else { throw .damaged("its version is \(version & 0xFF)") }
        guard version & 0x1800 == 0 else {
            throw .unsupported("is a deep or multi-part EXR – save it as one flat picture")
        }
        let header = try EXRHeader(&cursor)
        let (columns, rows) = (header.display.width, header.display.height)
        try PictureLimits.check(width: columns, height: rows)
        try PictureLimits.check(width: header.data.width, height: header.data.height)
        (width, height) = (columns, rows)
        if let primaries = header.primaries { encoding.primaries = primaries }
        try header.checkBlocks(cursor, isTiled: version & 0x200 != 0)
    }
}

/// Inclusive pixel bounds.
private struct EXRBox {
    var left = 0
    var top = 0
    var right = -1
    var bottom = -1
    var width: Int { right - left + 1 }
    var height: Int { bottom - top + 1 }
}

/// The attributes we use.
private struct EXRHeader {
    private(set) var data = EXRBox()
    private(set) var display = EXRBox()
    private(set) var primaries: Primaries?
    private(set) var compression: UInt8 = 0
    private(set) var tileWidth = 0
    private(set) var tileHeight = 0

    /// Leaves the cursor at the table of block places.
    init(_ cursor: inout ByteCursor) throws(PictureFault) {
        for _ in 0..<4096 {
            guard let name = cursor.text(until: 0, limit: 256) else { throw .truncated }
            if name.isEmpty {
                guard display.width > 0, data.width > 0 else { throw .damaged("it has no size") }
                return
            }
            guard let type = cursor.text(until: 0, limit: 256), let size = cursor.signed32() else {
                throw .truncated
            }
            let body = cursor
            guard size >= 0 else { throw .damaged("an attribute has \(size) bytes") }
            guard cursor.skip(size) else { throw .truncated }
            try take(name: name, type: type, size: size, body: body)
        }
        throw .damaged("it has more than 4096 attributes")
    }

    private mutating func take(
        name: String, type: String, size: Int, body: ByteCursor
    ) throws(PictureFault) {
        var body = body
        switch (name, type) {
        case ("dataWindow", "box2i"): data = try EXRHeader.box(&body, size: size)
        case ("displayWindow", "box2i"): display = try EXRHeader.box(&body, size: size)
        case ("compression", "compression"): compression = body.byte() ?? 0
        case ("tiles", "tiledesc"):
            tileWidth = body.signed32() ?? 0
            tileHeight = body.signed32() ?? 0
        case ("chromaticities", "chromaticities"):
            guard size == 32 else { throw .damaged("its chromaticities have \(size) bytes") }
            let n = (0..<8).map { _ in Double(body.float32() ?? 0) }
            primaries = EXRHeader.known(
                Primaries(
                    red: Chromaticity(n[0], n[1]), green: Chromaticity(n[2], n[3]),
                    blue: Chromaticity(n[4], n[5]), white: Chromaticity(n[6], n[7])))
        default: break
        }
    }

    private static func box(_ body: inout ByteCursor, size: Int) throws(PictureFault) -> EXRBox {
        guard size == 16, let left = body.signed32(), let top = body.signed32(),
            let right = body.signed32(), let bottom = body.signed32()
        else { throw .damaged("a window has \(size) bytes") }
        return EXRBox(left: left, top: top, right: right, bottom: bottom)
    }

    /// The exact constants of a standard whose values are stored as 32-bit floats.
    private static func known(_ read: Primaries) -> Primaries {
        func isNear(_ a: Chromaticity, _ b: Chromaticity) -> Bool {
            abs(a.x - b.x) < 1e-5 && abs(a.y - b.y) < 1e-5
        }
        let standards: [Primaries] = [.rec709, .rec2020, .p3D65, .acesCG, .aces2065]
        return standards.first {
            isNear($0.red, read.red) && isNear($0.green, read.green)
                && isNear($0.blue, read.blue) && isNear($0.white, read.white)
        } ?? read
    }

    /// Rows in one block of a scan-line file, by compression 0 … 9: none, RLE, ZIPS, ZIP, PIZ,
    /// PXR24, B44, B44A, DWAA, DWAB.
    private static let blockRows = [1, 1, 1, 16, 32, 16, 32, 32, 32, 256]

    /// Every block of level 0 must lie within the file.
    func checkBlocks(_ table: ByteCursor, isTiled: Bool) throws(PictureFault) {
        guard Int(compression) < EXRHeader.blockRows.count else {
            throw .damaged("its compression is number \(compression)")
        }
        var rows = EXRHeader.blockRows[Int(compression)]
        var across = 1
        if isTiled {
            guard tileWidth > 0, tileHeight > 0 else { throw .damaged("its tiles have no size") }
            rows = tileHeight
            across = (data.width + tileWidth - 1) / tileWidth
        }
        let blocks = (data.height + rows - 1) / rows * across
        guard blocks <= PictureLimits.parts else { throw .damaged("it has \(blocks) blocks") }
        var table = table
        for index in 0..<blocks {
            let row = min(data.height, index / across * rows)
            guard let place = table.unsigned64(), place < 1 << 62 else {
                throw .endsAfterRow(row, of: data.height)
            }
            var block = table
            guard place > 0, block.seek(Int(place)), block.skip(isTiled ? 16 : 4),
                let size = block.signed32(), size >= 0, block.skip(size)
            else { throw .endsAfterRow(row, of: data.height) }
        }
    }
}
