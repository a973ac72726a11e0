import Geometry

/// `transforms` of a payload combined into one pose.
///
/// They follow one another from the root to the sensor, each a translation after a rotation after
/// a scale. A scale so moves what comes after it; the sensor itself has a place and a direction,
/// no size.
struct TransformChain {
    private var position = Vector3.zero
    private var rotation = Matrix3.identity
    /// Rotations and scales: what a translation further down is carried by.
    private var carrier = Matrix3.identity

    /// The sensor in the space of the first transform's parent.
    static func pose(
        _ value: PayloadEvent, _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) -> Pose {
        try value.list(.transforms)
        var chain = TransformChain()
        var count = 0
        while let value = try reader.element() {
            guard count < TrackingLimits.transforms else {
                throw OpenTrackIOFault(.tooMany, .transforms)
            }
            try chain.append(value, &reader)
            count += 1
        }
        guard count > 0 else { throw OpenTrackIOFault(.missing, .transforms) }
        // Scales and sums of finite numbers can leave the range of doubles.
        guard chain.position.isFinite else { throw OpenTrackIOFault(.outOfRange, .transforms) }
        return Pose(rotation: chain.rotation, translation: chain.position)
    }

    private mutating func append(
        _ value: PayloadEvent, _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) {
        try value.object(.transforms)
        var translation = Vector3.zero
        var degrees = Vector3.zero
        var scale = Vector3(1, 1, 1)
        while let (key, value) = try reader.member() {
            switch key {
            case "translation":
                try Self.read(&translation, value, &reader, ("x", "y", "z"), .translation)
            case "rotation":
                try Self.read(&degrees, value, &reader, ("pan", "tilt", "roll"), .rotation)
            case "scale": try Self.read(&scale, value, &reader, ("x", "y", "z"), .scale)
            default: try reader.skip(value)
            }
        }
        let radians = degrees * (.pi / 180)
        let turn = Matrix3(pan: radians.x, tilt: radians.y, roll: radians.z)
        position += carrier * translation
        rotation = rotation * turn
        carrier =
            carrier * Matrix3(columns: turn.x * scale.x, turn.y * scale.y, turn.z * scale.z)
    }

    /// Three named numbers; one that is absent stays what it is.
    private static func read(
        _ vector: inout Vector3, _ value: PayloadEvent, _ reader: inout some PayloadReader,
        _ names: (StaticString, StaticString, StaticString), _ field: OpenTrackIOFault.Field
    ) throws(OpenTrackIOFault) {
        try value.object(field)
        while let (key, value) = try reader.member() {
            if names.0 ~= key {
                vector.x = try value.number(field)
            } else if names.1 ~= key {
                vector.y = try value.number(field)
            } else if names.2 ~= key {
                vector.z = try value.number(field)
            } else {
                try reader.skip(value)
            }
        }
    }
}
