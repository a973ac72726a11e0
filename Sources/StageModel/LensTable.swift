public import Geometry

/// A lens as it was measured at several zooms and focuses: one file of a stage's `lenses/`.
public struct LensTable: Sendable, Equatable {
    /// The lens's name, that of its file.
    public var name: String
    /// Where the zoom ring stood, 0 wide … 1 tele, rising; 1 … `StageLimits.lensRingStops`.
    public var zooms: [Double]
    /// Where the focus ring stood, 0 near … 1 far, rising; as many at most.
    public var focuses: [Double]
    /// What the lens does there: all focuses of the first zoom, then of the next.
    ///
    /// Their distortions go one way.
    public var lenses: [Lens]

    /// A measured lens; `lenses` has an element for each pair of a zoom and a focus.
    public init(name: String, zooms: [Double], focuses: [Double], lenses: [Lens]) {
        precondition(
            !lenses.isEmpty && lenses.count == zooms.count * focuses.count, "checked by StageConfig"
        )
        self.name = name
        self.zooms = zooms
        self.focuses = focuses
        self.lenses = lenses
    }
}

/// A part of a camera's sensor that can be recorded, and its picture.
public struct SensorMode: Sendable, Equatable {
    /// The mode's name.
    public var name: String
    /// The recorded area.
    public var sensor: Sensor
    /// Recorded picture width, pixels.
    public var imageWidth: Int
    /// Recorded picture height, pixels.
    public var imageHeight: Int

    /// A mode with its area and picture.
    public init(name: String, sensor: Sensor, imageWidth: Int, imageHeight: Int) {
        self.name = name
        self.sensor = sensor
        self.imageWidth = imageWidth
        self.imageHeight = imageHeight
    }
}
