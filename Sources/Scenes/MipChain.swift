import FrameModel
import Lanes

/// A picture's mip levels: each is the level two before it made smaller, the second is made from
/// the first.
///
/// Every new pixel is the mean of the area it covers.
///
/// Holds the memory for all of them, so that a movie's pictures need no new one.
final class MipChain {
    private let sizes: [(width: Int, height: Int)]
    private let filters: [AreaFilter]
    private let memory: [UnsafeMutablePointer<Float>]

    /// Levels of these sizes, the finest first.
    init(_ sizes: [(width: Int, height: Int)]) {
        self.sizes = sizes
        filters = sizes.indices.dropFirst().map {
            AreaFilter(from: sizes[max(0, $0 - 2)], to: sizes[$0])
        }
        memory = sizes.dropFirst().map { .allocate(capacity: $0.width * $0.height * 4) }
    }

    deinit { for level in memory { level.deallocate() } }

    /// Mixes a picture into another: so much of the other stays.
    static func blend(
        _ first: UnsafePointer<Float>, into second: UnsafeMutableBufferPointer<Float>, share: Float
    ) {
        let target = second.baseAddress!
        cyc_blend_rows(first, target, share, Int64(second.count), target)
    }

    /// Hands on every level's colours, the finest first, which are those of the picture.
    func make(
        of picture: UnsafeBufferPointer<Float>, _ each: (Int, UnsafePointer<Float>) -> Void
    ) {
        precondition(picture.count == sizes[0].width * sizes[0].height * 4, "the finest level")
        let finest = picture.baseAddress!
        each(0, finest)
        for index in 1..<max(1, sizes.count) {
            let source = index < 3 ? finest : UnsafePointer(memory[index - 3])
            filters[index - 1].run(source, into: memory[index - 1])
            each(index, memory[index - 1])
        }
    }
}

/// Making pictures smaller: each new pixel is the mean of the area it covers (box filter, any ratio
/// of 1 and more).
final class AreaFilter {
    /// Which old places the new ones cover, and how much of them each makes up.
    private struct Spans {
        var taps: Int
        var first: [Int32]
        var weights: [Float]

        init(_ old: Int, _ new: Int) {
            let exact = (0..<new).map { place in
                let low = Double(place) * Double(old) / Double(new)
                let high = Double(place + 1) * Double(old) / Double(new)
                let last = min(old - 1, Int(high.rounded(.up)) - 1)
                return (Int(low)...last).map { index in
                    let part = min(high, Double(index + 1)) - max(low, Double(index))
                    return (index, Float(part / (high - low)))
                }
            }
            let taps = exact.map(\.count).max() ?? 1
            self.taps = taps
            first = exact.map { Int32(min($0[0].0, old - taps)) }
            weights = zip(exact, first).flatMap { span, first in
                var row = [Float](repeating: 0, count: taps)
                for (index, weight) in span { row[index - Int(first)] = weight }
                return row
            }
        }
    }

    private let old: (width: Int, height: Int)
    private let new: (width: Int, height: Int)
    private let columns: Spans
    private let rows: Spans
    private let line: UnsafeMutablePointer<Float>

    init(from old: (width: Int, height: Int), to new: (width: Int, height: Int)) {
        (self.old, self.new) = (old, new)
        columns = Spans(old.width, new.width)
        rows = Spans(old.height, new.height)
        line = .allocate(capacity: old.width * 4)
    }

    deinit { line.deallocate() }

    /// Both have four numbers a pixel, row by row.
    func run(_ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        var lines = [UnsafePointer<Float>?](repeating: nil, count: rows.taps)
        for row in 0..<new.height {
            for tap in 0..<rows.taps {
                lines[tap] = source + (Int(rows.first[row]) + tap) * old.width * 4
            }
            rows.weights.withUnsafeBufferPointer { weights in
                cyc_mean_rows(
                    &lines, weights.baseAddress! + row * rows.taps, Int64(rows.taps),
                    Int64(old.width * 4), line)
            }
            cyc_mean_pixels(
                line, columns.first, columns.weights, Int64(columns.taps), Int64(new.width),
                target + row * new.width * 4)
        }
    }

}

/// Making one picture smaller.
enum Downsample {
    /// Each new pixel is the mean of the area it covers (box filter, any ratio ≥ 1).
    static func area(_ picture: Picture, _ width: Int, _ height: Int) -> Picture {
        let filter = AreaFilter(
            from: (picture.width, picture.height), to: (width, height))
        var pixels = [Float](repeating: 0, count: width * height * 4)
        picture.pixels.withUnsafeBufferPointer { source in
            pixels.withUnsafeMutableBufferPointer { target in
                filter.run(source.baseAddress!, into: target.baseAddress!)
            }
        }
        return Picture(width: width, height: height, pixels: pixels)
    }
}
