import Glibc

/// What a camera is exposed with, and what the wall's light is to it.
///
/// Reflected-light exposure (ISO 2720): light of K · T² / (time · ISO) nits is exposed as middle
/// grey, with K = 12.5; neutral density takes a power of two of it away.
public struct CameraExposure: BitwiseCopyable, Sendable, Equatable {
    /// ISO.
    public var sensitivity: Double
    /// T-stop.
    public var tStop: Double
    /// Shutter angle, degrees.
    public var shutterAngle: Double
    /// Neutral density, stops.
    public var neutralDensity: Double
    /// Frames a second.
    public var framesPerSecond: Double
    /// Stops above middle grey at which the camera clips.
    public var headroom: Double

    /// K of ISO 2720, nits · seconds · ISO.
    static let meter = 12.5

    /// An exposure.
    public init(
        sensitivity: Double, tStop: Double, shutterAngle: Double, neutralDensity: Double,
        framesPerSecond: Double, headroom: Double
    ) {
        self.sensitivity = sensitivity
        self.tStop = tStop
        self.shutterAngle = shutterAngle
        self.neutralDensity = neutralDensity
        self.framesPerSecond = framesPerSecond
        self.headroom = headroom
    }

    /// Nits that are middle grey.
    public var greyNits: Double {
        let time = shutterAngle / 360 / framesPerSecond
        return CameraExposure.meter * tStop * tStop / (time * sensitivity) * exp2(neutralDensity)
    }

    /// Nits at which the camera clips.
    public var clipNits: Double { greyNits * exp2(headroom) }

    /// Stops of some nits above middle grey.
    public func stops(nits: Double) -> Double { log2(nits / greyNits) }

    /// Neutral density to add so that a wall of some peak does not clip, and so that one dimmed by
    /// some stops need not be: stops, 0 when nothing speaks for it.
    public func advisedDensity(peakNits: Double, dimmedStops: Double) -> Double {
        max(0, stops(nits: peakNits) - headroom, dimmedStops)
    }
}
