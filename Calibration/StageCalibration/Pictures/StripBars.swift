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
        let time = Self.time(shares, strip: Int(strip), from: base)
        let whole = max(-1, min(1, time.rounded()))
        self.strip = Int(strip)
        number = (base + Int(whole)) & (1 << FrameStrip.frameBits - 1)
        share = max(-0.5, min(0.5, time - whole))
    }

    /// How much later than a frame the exposure's middle is, frames: the bars that are another in
    /// the next frame, or in the one before, are as far from what they are in this one.
    ///
    /// Told against the bars that are the same in all three: a picture that is not sharp takes from
    /// them alike.
    private static func time(_ shares: [Double], strip: Int, from number: Int) -> Double {
        let bars = FrameStrip.bars(strip: strip, frame: Int64(number))
        let next = bars ^ FrameStrip.bars(strip: strip, frame: Int64(number) + 1)
        let before = bars ^ FrameStrip.bars(strip: strip, frame: Int64(number) - 1)
        func lack(_ chosen: UInt64) -> Double {
            var (sum, count) = (0.0, 0.0)
            for place in shares.indices.dropFirst(4).dropLast(4) {
                let bit = UInt64(1) << UInt64(shares.count - 1 - place)
                guard chosen & bit != 0 else { continue }
                sum += bars & bit != 0 ? 1 - shares[place] : shares[place]
                count += 1
            }
            return count > 0 ? sum / count : 0
        }
        let usual = lack(~(next | before))
        return (lack(next & ~before) - usual) - (lack(before & ~next) - usual)
    }
}
