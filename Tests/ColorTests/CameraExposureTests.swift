import Color
import Glibc
import Testing

@Suite struct CameraExposureTests {
    private let usual = CameraExposure(
        sensitivity: 800, tStop: 2.8, shutterAngle: 180, neutralDensity: 0, framesPerSecond: 24,
        headroom: 6)

    @Test func `middle grey is what a reflected light meter says`() {
        // ISO 2720 with K = 12.5: 12.5 · 2.8² · 48 / 800.
        #expect(abs(usual.greyNits - 5.88) < 1e-9)
        #expect(abs(usual.clipNits - 5.88 * 64) < 1e-9)
        #expect(abs(usual.stops(nits: 11.76) - 1) < 1e-12)
    }

    @Test func `each control moves middle grey by its stops`() {
        func stops(_ change: (inout CameraExposure) -> Void) -> Double {
            var other = usual
            change(&other)
            return log2(other.greyNits / usual.greyNits)
        }
        #expect(abs(stops { $0.sensitivity = 1600 } + 1) < 1e-12)
        #expect(abs(stops { $0.tStop = 5.6 } - 2) < 1e-12)
        #expect(abs(stops { $0.shutterAngle = 90 } - 1) < 1e-12)
        #expect(abs(stops { $0.neutralDensity = 2 } - 2) < 1e-12)
        #expect(abs(stops { $0.framesPerSecond = 48 } - 1) < 1e-12)
    }

    @Test func `density is advised for a peak that clips and for a dimmed wall`() {
        // 1500 nits are 7.995 stops above grey, 1.995 above the clip.
        let clipping = usual.advisedDensity(peakNits: 1500, dimmedStops: 0)
        #expect(abs(clipping - (log2(1500 / 5.88) - 6)) < 1e-12)
        #expect(usual.advisedDensity(peakNits: 300, dimmedStops: 0) == 0)
        #expect(usual.advisedDensity(peakNits: 300, dimmedStops: 1.5) == 1.5)
        var dense = usual
        dense.neutralDensity = clipping
        #expect(dense.advisedDensity(peakNits: 1500, dimmedStops: 0) < 1e-12)
    }
}
