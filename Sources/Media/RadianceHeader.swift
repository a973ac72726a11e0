import Color

/// The text in front of a Radiance picture.
struct RadianceHeader {
    private(set) var width = 0
    private(set) var height = 0
    /// Rows run from the bottom to the top.
    private(set) var runsUp = false
    /// Pixels run from right to left.
    private(set) var runsLeft = false
    /// What undoes the exposures and color corrections in the pixels.
    private(set) var gain = SIMD3<Float>(repeating: 1)
    private(set) var primaries = Primaries.rec709

    /// Leaves the cursor at the first row.
    init(_ cursor: inout ByteCursor) throws(PictureFault) {
        while true {
            guard cursor.position < PictureLimits.headerBytes else {
                throw .damaged("its header does not end")
            }
            guard let line = cursor.text(until: 0x0A, limit: 4096) else {
                throw cursor.remaining < 4096 ? .truncated : .damaged("a header line has no end")
            }
            if line.isEmpty || line == "\r" { break }
            try take(line)
        }
        guard let size = cursor.text(until: 0x0A, limit: 128) else { throw .truncated }
        try takeSize(size)
    }

    private mutating func take(_ line: String) throws(PictureFault) {
        let parts = line.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { return }
        let numbers = parts[1].split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" })
            .map { Double($0) ?? .nan }
        switch parts[0] {
        case "FORMAT":
            guard parts[1].hasPrefix("32-bit_rle_rgbe") else {
                throw .unsupported("is a Radiance picture in XYZ – save it as RGBE")
            }
        case "EXPOSURE":
            guard numbers.count == 1, numbers[0].isFinite, numbers[0] > 0 else {
                throw .damaged("its EXPOSURE line is no number above 0")
            }
            gain /= Float(numbers[0])
        case "COLORCORR":
            guard numbers.count == 3, numbers.allSatisfy({ $0.isFinite && $0 > 0 }) else {
                throw .damaged("its COLORCORR line is not three numbers above 0")
            }
            gain /= SIMD3(Float(numbers[0]), Float(numbers[1]), Float(numbers[2]))
        case "PRIMARIES":
            // Some programs write eight zeros; then, as without the line, Rec.709 is meant.
            guard numbers.count == 8, numbers.allSatisfy({ $0.isFinite && $0 > 0 }) else { return }
            primaries = Primaries(
                red: Chromaticity(numbers[0], numbers[1]),
                green: Chromaticity(numbers[2], numbers[3]),
                blue: Chromaticity(numbers[4], numbers[5]),
                white: Chromaticity(numbers[6], numbers[7]))
        default: break
        }
        guard gain.x.isFinite, gain.y.isFinite, gain.z.isFinite else {
            throw .damaged("its exposures multiply to nothing")
        }
    }

    /// "-Y 512 +X 1024": which way rows and pixels run, and how many.
    private mutating func takeSize(_ line: String) throws(PictureFault) {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\r" })
        guard words.count == 4, let first = Int(words[1]), let second = Int(words[3]) else {
            throw .damaged("its size line reads \"\(line.filter { $0.isASCII }.prefix(40))\"")
        }
        switch (words[0], words[2]) {
        case ("-Y", "+X"): break
        case ("-Y", "-X"): runsLeft = true
        case ("+Y", "+X"): runsUp = true
        case ("+Y", "-X"): (runsUp, runsLeft) = (true, true)
        case ("+X", _), ("-X", _):
            throw .unsupported("is stored by columns – save it with rows (-Y +X)")
        default: throw .damaged("its size line names no axes")
        }
        try PictureLimits.check(width: second, height: first)
        (width, height) = (second, first)
    }
}
