/// Numbers of a text file, by bytes: nothing of the machine's language setting enters.
enum NumberText {
    static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    /// The number a word is: decimal, with or without an exponent; `inf` and `nan` are themselves.
    static func number(_ word: ArraySlice<UInt8>) -> Double? {
        guard !word.isEmpty, word.count <= LookLimits.numberBytes else { return nil }
        for byte in word {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
                continue
            default: return notFinite(word)
            }
        }
        return Double(Substring(decoding: word, as: UTF8.self))
    }

    private static func notFinite(_ word: ArraySlice<UInt8>) -> Double? {
        switch String(decoding: word, as: UTF8.self).lowercased() {
        case "inf", "+inf", "infinity": .infinity
        case "-inf", "-infinity": -.infinity
        case "nan", "-nan", "+nan": .nan
        default: nil
        }
    }

    /// A number as a file has it: the shortest that reads back as the same float.
    static func text(_ value: Float) -> String {
        value == value.rounded() && abs(value) < 1e6 ? String(Int(value)) : "\(value)"
    }

    /// The same of a double.
    static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e6 ? String(Int(value)) : "\(value)"
    }
}

/// Walks the words of a part of a text and counts its lines.
struct WordCursor {
    let bytes: [UInt8]
    private(set) var at: Int
    let end: Int
    private(set) var line: Int

    init(_ bytes: [UInt8], _ range: Range<Int>, line: Int) {
        self.bytes = bytes
        at = range.lowerBound
        end = range.upperBound
        self.line = line
    }

    /// The next word, nil at the end; commas part words as blanks do.
    mutating func next() -> ArraySlice<UInt8>? {
        while at < end, NumberText.isBlank(bytes[at]) || bytes[at] == UInt8(ascii: ",") {
            if bytes[at] == UInt8(ascii: "\n") { line += 1 }
            at += 1
        }
        guard at < end else { return nil }
        let start = at
        while at < end, !NumberText.isBlank(bytes[at]), bytes[at] != UInt8(ascii: ",") { at += 1 }
        return bytes[start..<at]
    }
}
