/// A time-of-day timecode label, hours:minutes:seconds:frames (SMPTE ST 12-1).
///
/// Frame 0 is the first alignment point of the grid at or after local midnight, as after a daily
/// jam (ST 2059-1 clause 9), so that labels of a rate that does not divide the day do not drift
/// from day to day. Rates above 30 Hz count every frame: 50 Hz to :49, 59.94 Hz to :59.
public struct Timecode: BitwiseCopyable, Sendable, Equatable {
    /// Hours, 0 … 23.
    public let hours: Int
    /// Minutes, 0 … 59.
    public let minutes: Int
    /// Seconds, 0 … 59.
    public let seconds: Int
    /// Frames of the second, from 0.
    public let frames: Int
    /// Numbers are dropped so that labels keep up with the clock; written with a `;`.
    public let isDropFrame: Bool

    private static let nanosecondsPerDay: Int64 = 86_400_000_000_000

    /// The label of a frame of a grid.
    /// - Parameters:
    ///   - frame: index on the grid.
    ///   - grid: its rate; 30000/1001 and its multiples are labelled drop-frame.
    ///   - utcOffset: seconds of local time less TAI: the zone less TAI − UTC, −37 for UTC in 2026.
    public init(frame: Int64, of grid: FrameGrid, utcOffset: Int64) {
        let local = grid.instant(of: frame).nanoseconds + utcOffset * 1_000_000_000
        let rest =
            ((local % Self.nanosecondsPerDay) + Self.nanosecondsPerDay)
            % Self.nanosecondsPerDay
        let midnight = TAITime(nanoseconds: grid.instant(of: frame).nanoseconds - rest)
        let first = Self.firstFrame(atOrAfter: midnight, of: grid)
        // The frame whose instant midnight rounds to may lie a nanosecond before it.
        self.init(count: max(0, frame - first), rate: grid.rate)
    }

    private static func firstFrame(atOrAfter instant: TAITime, of grid: FrameGrid) -> Int64 {
        guard instant.nanoseconds > 0 else { return 0 }
        let frame = grid.frame(at: instant)
        return grid.instant(of: frame) < instant ? frame + 1 : frame
    }

    /// The label of the frame that many after midnight's.
    public init(count: Int64, rate: FrameRate) {
        // Labels a second: 24 for 24000/1001.
        let base = (rate.numerator + rate.denominator - 1) / rate.denominator
        isDropFrame = rate.denominator == 1001 && base % 30 == 0
        var number = count
        if isDropFrame {
            // Two numbers (at 30; four at 60) are left out each minute but every tenth
            // (ST 12-1 clause 5.3.2).
            let dropped = base / 15
            let perTen = base * 600 - 9 * dropped
            let perMinute = base * 60 - dropped
            let (tens, left) = number.quotientAndRemainder(dividingBy: perTen)
            number += 9 * dropped * tens
            if left >= base * 60 { number += dropped * (1 + (left - base * 60) / perMinute) }
        }
        frames = Int(number % base)
        seconds = Int(number / base % 60)
        minutes = Int(number / base / 60 % 60)
        hours = Int(number / base / 3600 % 24)
    }
}

extension Timecode: CustomStringConvertible {
    /// `01:02:03:04`, with `;` before the frames of a drop-frame label.
    public var description: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        return "\(two(hours)):\(two(minutes)):\(two(seconds))\(isDropFrame ? ";" : ":")"
            + two(frames)
    }
}
