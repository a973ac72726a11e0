public import Geometry
import StageModel

/// A measured lens as the loop needs it: plain bytes that point into a `LoopStage`.
public struct LoopLens: BitwiseCopyable {
    private var zooms: UnsafePointer<Double>
    private var focuses: UnsafePointer<Double>
    private var lenses: UnsafePointer<Lens>
    private var zoomCount: Int
    private var focusCount: Int

    /// A table in memory that whoever calls keeps.
    fileprivate init(_ table: LensTable, in memory: LensMemory) {
        (zooms, focuses, lenses) = (
            memory.keep(table.zooms), memory.keep(table.focuses), memory.keep(table.lenses)
        )
        (zoomCount, focusCount) = (table.zooms.count, table.focuses.count)
    }

    /// What the lens does, linear between the nearest measured zooms and focuses, and beyond them
    /// as at the last.
    /// - Frame path: yes
    func lens(zoom: Double, focus: Double) -> Lens {
        let (column, along) = Self.place(zoom, zooms, zoomCount)
        let (row, across) = Self.place(focus, focuses, focusCount)
        let nextRow = row + 1 < focusCount ? 1 : 0
        let here = lenses + column * focusCount + row
        let next = column + 1 < zoomCount ? here + focusCount : here
        let near = here[0].blended(to: next[0], by: along)
        return near.blended(to: here[nextRow].blended(to: next[nextRow], by: along), by: across)
    }

    /// The last stop not above a ring's place, and how far it is to the next.
    private static func place(
        _ ring: Double, _ stops: UnsafePointer<Double>, _ count: Int
    ) -> (index: Int, fraction: Double) {
        var index = 0
        while index + 2 < count, stops[index + 1] <= ring { index += 1 }
        guard count > 1 else { return (0, 0) }
        let fraction = (ring - stops[index]) / (stops[index + 1] - stops[index])
        return (index, max(0, min(1, fraction)))
    }
}

/// The lenses and sensor modes a stage's cameras can choose from: places in the words of their
/// parameters.
///
/// `@unchecked Sendable` holds because nothing is written after `init`.
final class CameraChoices: @unchecked Sendable {
    private let lenses: UnsafeMutablePointer<LoopLens?>
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
                lenses[index * StageLimits.lenses + place] = LoopLens(table, in: memory)
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
    func lens(_ choice: Int, of camera: Int) -> LoopLens? {
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

    /// Copies numbers to where they stay.
    func keep<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafePointer<Element> {
        let place = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
        place.initialize(from: elements, count: elements.count)
        kept.append(UnsafeMutableRawPointer(place))
        return UnsafePointer(place)
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
