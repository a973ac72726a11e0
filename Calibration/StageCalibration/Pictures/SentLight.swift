import Color
public import StageModel

/// The light a wall is asked for once it has been rounded to its processor's codes.
public struct SentLight: Sendable {
    private let processor: Processor
    private let full: Double
    /// The wall's stated peak, nits.
    private let peak: Double

    /// The codes of a wall.
    public init(_ stage: Stage, wall: Int) {
        processor = stage.processors[stage.panels[stage.walls[wall].panels.lowerBound].processor]
        peak = stage.walls[wall].peakNits
        full = processor.transfer.fullScaleNits(peakNits: peak)
    }

    /// Nits of the code nearest to a light.
    public func nits(_ asked: Double) -> Double {
        let (range, depth) = (processor.range, processor.bitDepth)
        let signal = processor.transfer.signal(light: asked / full)
        let code = range.code(signal: signal, bitDepth: depth).rounded()
        let sent = (code - range.black(bitDepth: depth)) / range.span(bitDepth: depth)
        return processor.transfer.light(signal: sent) * full
    }

    /// Nits of the peak's code.
    public var peakNits: Double { nits(peak) }

    /// A share of the stated peak as the share of the peak's code that is really asked for.
    public func share(_ asked: Double) -> Double { nits(asked * peak) / peakNits }
}
