extension PictureLayout {
    /// Reads the header of a DPX (SMPTE ST 268-1) and checks that its pixels are there.
    mutating func walkDPX(_ bytes: [UInt8]) throws(PictureFault) {
        payload = bytes
        var cursor = ByteCursor(bytes, isBigEndian: bytes[0] == 0x53)
        func number(_ place: Int, _ size: Int) throws(PictureFault) -> Int {
            guard cursor.seek(place) else { throw .truncated }
            let value =
                switch size {
                case 4: cursor.unsigned32()
                case 2: cursor.unsigned16()
                default: cursor.byte().map(Int.init)
                }
            guard let value else { throw .truncated }
            return value
        }
        (width, height) = (try number(772, 4), try number(776, 4))
        try PictureLimits.check(width: width, height: height)
        guard try number(768, 2) == 0 else {
            throw .unsupported("is a DPX that is turned – save it upright")
        }
        let channels: Int
        switch try number(800, 1) {
        case 6: (channels, alpha) = (1, .none)
        case 50: (channels, alpha) = (3, .none)
        case 51, 52: channels = 4
        default:
            throw .unsupported("is a DPX of video signals or of many parts – save it as RGB")
        }
        let bits = try number(803, 1)
        guard [8, 10, 12, 16].contains(bits) else {
            throw .unsupported("is a DPX of \(bits) bits – save it with 8, 10, 12 or 16")
        }
        let start = try number(4, 4)
        let row = (width * channels * bits + 7) / 8
        guard start <= bytes.count else { throw .truncated }
        let rows = (bytes.count - start) / row
        guard rows >= height else { throw .endsAfterRow(rows, of: height) }
        encoding.curve = .display
        switch try number(801, 1) {
        case 2: encoding.curve = .linear
        case 1, 3: isOfUnknownLight = true
        default: break
        }
    }
}
