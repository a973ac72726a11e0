/// What a person is told of how a movie's pictures fall on a stage's frames.
public struct MovieSteps: Sendable {
    /// Pictures that go by in a second, within what can be told in numbers.
    private let pictures: Double
    /// The file's own pictures do not come at even times.
    private let isUneven: Bool

    /// Of a movie by its own speed.
    /// - Parameters:
    ///   - rate: its pictures a second, as a fraction.
    ///   - speed: 1 as it was made.
    public init(rate: (numerator: Int64, denominator: Int64), speed: Double, isUneven: Bool) {
        let hertz = Double(rate.numerator) / Double(max(1, rate.denominator))
        pictures = min(max(0.001, hertz * (speed == 0 ? 1 : abs(speed))), 1_000_000)
        self.isUneven = isUneven
    }

    /// A line each of what is not as even as it may look in the file.
    /// - Parameter frames: of the stage a second; nil: of no stage.
    public func lines(frames: Double?) -> [String] {
        var lines: [String] = []
        if isUneven {
            lines.append(
                "its pictures do not come at even times (a variable rate): each is shown from the "
                    + "nearest of \(text(pictures)) places a second on – save it at a constant rate"
            )
        }
        if let frames, let how = step(frames / pictures, apart: abs(frames - pictures)) {
            lines.append(
                "\(text(pictures)) pictures a second on a stage of \(text(frames)) frames: \(how)")
        }
        return lines
    }

    /// How pictures and frames go together; nil where each frame has a picture of its own.
    /// - Parameter ratio: frames a picture.
    private func step(_ ratio: Double, apart: Double) -> String? {
        func isWhole(_ value: Double) -> Bool { abs(value - value.rounded()) < 1e-5 * value }
        if abs(ratio - 1) < 1e-5 { return nil }
        if abs(ratio - 1) < 0.05 {
            let often = ratio > 1 ? "one more frame" : "no frame"
            return "every \(text(1 / apart)) s a picture stands for \(often) – save it at the "
                + "stage's rate, or live with the step"
        }
        if ratio > 1 {
            return isWhole(ratio)
                ? "each picture stands for \(Int(ratio.rounded())) frames"
                : "pictures stand for \(Int(ratio)) or \(Int(ratio) + 1) frames in turn – movie/N/"
                    + "blend, or save it at the stage's rate, where that is seen"
        }
        return isWhole(1 / ratio)
            ? "one picture in \(Int((1 / ratio).rounded())) is shown"
            : "\(text(100 * (1 - ratio))) % of its pictures are left out, unevenly – save it at "
                + "the stage's rate"
    }

    /// Up to three decimals.
    private func text(_ value: Double) -> String {
        let rounded = (value * 1000).rounded() / 1000
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
