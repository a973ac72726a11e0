import CFFmpeg

/// A movie file by FFmpeg: only containers and codecs of the trade, only from the file itself.
final class MovieFile: MovieReading {
    let facts: MovieFacts
    private let input: MovieInput
    private let color: MovieColor
    /// Decoded, the last one that was due and the one after it.
    private var current: MovieFrame
    private var next: MovieFrame?
    private var isAtEnd = false
    private let converter: MovieConverter

    init(_ path: String, colorSpace: PictureColorSpace) throws(PictureFault) {
        let input = try MovieInput(path)
        self.input = input
        guard let first = try input.nextFrame() else {
            throw .damaged("none of its pictures can be unpacked")
        }
        input.begin(at: first.time)
        current = first
        current.index = 0
        try MovieFile.check(width: first.width, height: first.height)
        guard (first.width, first.height) == (input.width, input.height) else {
            throw .damaged("its picture is \(first.width)×\(first.height), not as announced")
        }
        color = try MovieColor(first, colorSpace: colorSpace)
        converter = try MovieConverter(first, color)
        facts = MovieFacts(
            width: first.width, height: first.height, rate: input.rate,
            pictureCount: input.pictureCount, hasAlpha: converter.hasAlpha, codec: input.codecName,
            isUneven: input.isUneven)
    }

    static func check(width: Int, height: Int) throws(PictureFault) {
        try PictureLimits.check(width: width, height: height)
        guard width <= MovieLimits.side, height <= MovieLimits.side,
            width * height <= MovieLimits.pixels
        else {
            throw .unsupported(
                "is \(width)×\(height) pixels, a movie has at most \(MovieLimits.pixels) in all – "
                    + "save it smaller")
        }
    }

    func picture(_ index: Int64) throws(PictureFault) -> UnsafeMutableBufferPointer<Float> {
        try go(to: max(0, min(facts.pictureCount - 1, index)))
        guard (current.width, current.height) == (facts.width, facts.height) else {
            throw .damaged("a picture is \(current.width)×\(current.height)")
        }
        return try converter.colors(of: current)
    }

    /// Makes `current` the last picture that is due at an index.
    private func go(to index: Int64) throws(PictureFault) {
        let isFar = index > (next?.index ?? current.index) + MovieLimits.stepMax
        if index < current.index || isFar && !isAtEnd {
            try input.seek(to: index)
            (next, isAtEnd) = (nil, false)
            // Where the file is looked up too late in it, what was there stays.
            if let found = try input.nextFrame() { current = found } else { isAtEnd = true }
        }
        while current.index < index, !isAtEnd {
            if next == nil {
                next = try input.nextFrame()
                if next == nil { isAtEnd = true }
            }
            guard let frame = next, frame.index <= index else { return }
            (current, next) = (frame, nil)
        }
    }
}
