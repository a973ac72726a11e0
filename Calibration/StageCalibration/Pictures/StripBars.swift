import FrameModel

/// What the bars of a strip say, by how light each is.
struct StripBars {
    /// Which strip.
    let strip: Int
    /// The lower bits of the number of the frame the exposure shows most of.
    let number: Int
    /// How much later than that frame the exposure's middle is, frames, −½ … ½.
    let share: Double

    /// Shares of white up to which a bar is dark, and from which it is light; between them it is of
    /// two frames.
    private static let (dark, light) = (0.3, 0.7)

    /// The bars of the cells of a strip, 0 dark … 1 light; nil where they are no strip's.
    init?(_ shares: [Double]) {
        let bits: [Int?] = shares.map { $0 < Self.dark ? 0 : $0 > Self.light ? 1 : nil }
        let end = bits.count - 4
        guard bits[0] == 1, bits[1] == 1, bits[2] == 1, bits[3] == 0, bits[end] == 0,
            bits[end + 1] == 1, bits[end + 2] == 1, bits[end + 3] == 1
        else { return nil }
        let first = 4 + FrameStrip.stripBits
        let frame = bits[first..<first + FrameStrip.frameBits]
        let check = bits[first + FrameStrip.frameBits..<end]
        let unsure = frame.filter { $0 == nil }.count
        guard !bits[4..<first].contains(nil), unsure <= 1 else { return nil }
        func value(_ bits: ArraySlice<Int?>, unsure: Int) -> UInt64 {
            bits.reduce(0) { $0 << 1 | UInt64($1 ?? unsure) }
        }
        let strip = value(bits[4..<first], unsure: 0)
        let grays = [value(frame, unsure: 0), value(frame, unsure: 1)]
        let agree = grays.allSatisfy { gray in
            let wanted = FrameStrip.check(strip << UInt64(FrameStrip.frameBits) | gray)
            return zip(check, (0..<FrameStrip.checkBits).reversed()).allSatisfy { bit, place in
                bit == nil && unsure > 0 || bit == Int(wanted >> UInt64(place) & 1)
            }
        }
        guard agree else { return nil }
        let numbers = grays.map { Int(FrameStrip.number(gray: $0)) }
        let step = FrameStrip.frames(from: numbers[0], to: numbers[1])
        // A bar that is neither is of two frames that follow each other.
        guard abs(step) <= 1 else { return nil }
        let base = step < 0 ? numbers[1] : numbers[0]
        guard let time = Self.time(shares, strip: Int(strip), from: base) else { return nil }
        let whole = max(-1, min(1, time.rounded()))
        self.strip = Int(strip)
        number = (base + Int(whole)) & (1 << FrameStrip.frameBits - 1)
        share = max(-0.5, min(0.5, time - whole))
    }

    /// How much later than a frame the exposure's middle is, frames: the bars that are another in
    /// the next frame, or in the one before, are as far from what they are in this one.
    ///
    /// Nil where the picture is too blurred to tell.
    private static func time(_ shares: [Double], strip: Int, from number: Int) -> Double? {
        let bars = FrameStrip.bars(strip: strip, frame: Int64(number))
        let next = bars ^ FrameStrip.bars(strip: strip, frame: Int64(number) + 1)
        let before = bars ^ FrameStrip.bars(strip: strip, frame: Int64(number) - 1)
        let blur = StripBlur(shares, bars: bars, except: next | before)
        guard let after = blur.change(next & ~before), let ahead = blur.change(before & ~next)
        else { return nil }
        return after - ahead
    }
}

/// What blur does to the bars of a strip: it pulls each towards its neighbors.
///
/// A bar's distance from its color, 0 … 1, is fitted as an offset for dark bars, one for light ones
/// and a slope for each neighbor of the other color, on the bars that are the same in every frame
/// the exposure may show.
private struct StripBlur {
    /// Cells that may carry data.
    private let cells: Range<Int>
    private let shares: [Double]
    private let bars: UInt64
    /// Of dark and of light bars.
    private var offsets = SIMD2<Double>.zero
    private var slope = 0.0

    init(_ shares: [Double], bars: UInt64, except changing: UInt64) {
        (self.shares, self.bars) = (shares, bars)
        cells = 4..<shares.count - 4
        let steady = cells.filter { changing & bit($0) == 0 }
        var (moment, spread) = (0.0, 0.0)
        var (distances, neighbors) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
        for color in [0, 1] {
            let alike = steady.filter { self.color($0) == color }
            guard !alike.isEmpty else { continue }
            distances[color] = alike.reduce(0) { $0 + distance($1) } / Double(alike.count)
            neighbors[color] = alike.reduce(0) { $0 + differing($1) } / Double(alike.count)
            for cell in alike {
                let from = differing(cell) - neighbors[color]
                moment += from * (distance(cell) - distances[color])
                spread += from * from
            }
        }
        slope = spread > 0 ? max(0, moment / spread) : 0
        offsets = distances - slope * neighbors
    }

    /// How much of the exposure shows the chosen bars in their other color, 0 … 1; nil where too
    /// little is left of a bar between two others to tell.
    func change(_ chosen: UInt64) -> Double? {
        let changed = cells.filter { chosen & bit($0) != 0 }
        // From a bar's color to the other, both blurred.
        let whole = 1 - offsets.sum() - 2 * slope
        guard whole > 0.2 else { return nil }
        guard !changed.isEmpty else { return 0 }
        let above = changed.reduce(0) {
            $0 + distance($1) - offsets[color($1)] - slope * differing($1)
        }
        return above / Double(changed.count) / whole
    }

    private func bit(_ cell: Int) -> UInt64 { 1 << UInt64(shares.count - 1 - cell) }

    /// 0: dark, 1: light.
    private func color(_ cell: Int) -> Int { bars & bit(cell) != 0 ? 1 : 0 }

    /// How far a bar is from its color.
    private func distance(_ cell: Int) -> Double {
        color(cell) == 1 ? 1 - shares[cell] : shares[cell]
    }

    /// Neighbors of the other color.
    private func differing(_ cell: Int) -> Double {
        Double([cell - 1, cell + 1].count { color($0) != color(cell) })
    }
}
