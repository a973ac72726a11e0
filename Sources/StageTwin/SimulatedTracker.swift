public import StageModel
public import Tracking

/// The tracker on the simulated camera: FreeD D1 packets of a moment, as its sender is set up.
public enum SimulatedTracker {
    /// The 29 octets a source's sender emits for a moment of a camera.
    ///
    /// Undoes what the source's settings say of the sender: alignment, scale, axis order and signs,
    /// lens counts (free-d protocol, appendix A and B: pan + to the right).
    public static func packet(
        _ moment: CameraMoment, camera: Camera, source: TrackingSource, options: FreeDOptions
    ) -> [UInt8] {
        let body = Placement(source.stageFromTracker).seeing(moment.body)
        let angles = body.angles
        let degrees =
            SIMD3(-angles.pan, angles.tilt, angles.roll) * (180 / .pi) * options.angleSigns
        var position = SIMD3<Double>(repeating: 0)
        for axis in 0..<3 {
            position[Int(options.axisOrder[axis])] =
                body.origin[axis] / source.scale * options.axisSigns[axis]
        }
        var octets: [UInt8] = [0xD1, options.cameraID ?? 1]
        func append(_ value: Double) {
            let count = Int(value.rounded())
            octets += [UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
        }
        for axis in 0..<3 { append(degrees[axis] * 32768) }
        for axis in 0..<3 { append(position[axis] * 64000 / options.positionScale) }
        let counts = options.zoomCounts
        append(counts.x + (counts.y - counts.x) * moment.zoom)
        append(options.focusCounts.x)
        octets += [0, 0]
        let sum = octets.reduce(0) { $0 + Int($1) }
        octets.append(UInt8(truncatingIfNeeded: 0x40 - sum))
        return octets
    }
}
