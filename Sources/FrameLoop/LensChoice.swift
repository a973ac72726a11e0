public import Geometry
import StageModel

/// The lenses and sensor modes a stage's cameras can choose from: places in the words of their
/// parameters.
///
/// `@unchecked Sendable` holds because nothing is written after `init`.
final class CameraChoices: @unchecked Sendable {
    private let lenses: UnsafeMutablePointer<LensStops?>
    private let sensors: UnsafeMutablePointer<LoopSensor?>
    private let memory = LensMemory()
    /// Modes beside the camera's own, which is the first.
    private static let modes = 1 + StageLimits.sensorModes

    init(_ cameras: [Camera]) {
        lenses = .allocate(capacity: cameras.count * StageLimits.lenses)
        lenses.initialize(repeating: nil, count: cameras.count * StageLimits.lenses)
        sensors = .allocate(capacity: cameras.count * Self.modes)
        sensors.initialize(repeating: nil, count: cameras.count * Self.modes)
        for (index, camera) in cameras.enumerated() {
            precondition(
                camera.lenses.count <= StageLimits.lenses
                    && camera.sensorModes.count <= StageLimits.sensorModes, "checked by StageConfig"
            )
            for (place, table) in camera.lenses.enumerated() {
                lenses[index * StageLimits.lenses + place] = memory.keep(table)
            }
            for (place, mode) in camera.sensorModes.enumerated() {
                sensors[index * Self.modes + 1 + place] = LoopSensor(
                    mode.sensor, imageWidth: mode.imageWidth)
            }
        }
    }

    deinit {
        lenses.deallocate()
        sensors.deallocate()
    }

    /// A measured lens of a camera; nil for the stage file's own.
    /// - Frame path: yes
    func lens(_ choice: Int, of camera: Int) -> LensStops? {
        0..<StageLimits.lenses ~= choice ? lenses[camera * StageLimits.lenses + choice] : nil
    }

    /// A sensor mode of a camera; nil for the stage file's own.
    /// - Frame path: yes
    func sensor(_ choice: Int, of camera: Int) -> LoopSensor? {
        0..<Self.modes ~= choice ? sensors[camera * Self.modes + choice] : nil
    }
}

/// Memory of a stage's lens tables, freed with it.
private final class LensMemory {
    private var kept: [UnsafeMutableRawPointer] = []

    /// A table's numbers where they stay.
    func keep(_ table: LensTable) -> LensStops {
        LensStops(
            zooms: keep(table.zooms), focuses: keep(table.focuses), lenses: keep(table.lenses))
    }

    private func keep<Element: BitwiseCopyable>(
        _ elements: [Element]
    ) -> UnsafeBufferPointer<Element> {
        let place = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
        place.initialize(from: elements, count: elements.count)
        kept.append(UnsafeMutableRawPointer(place))
        return UnsafeBufferPointer(start: place, count: elements.count)
    }

    deinit { for place in kept { place.deallocate() } }
}

/// A sensor's recorded area and how finely its picture sees.
public struct LoopSensor: BitwiseCopyable, Sendable {
    /// The recorded area.
    public var area: Sensor
    /// Picture pixels a radian at the axis and a focal length of 1 mm.
    public var pixelsPerRadianPerMillimeter: Double

    /// A picture so many pixels wide.
    init(_ area: Sensor, imageWidth: Int) {
        self.area = area
        pixelsPerRadianPerMillimeter = Double(imageWidth) / area.widthMillimeters
    }
}
