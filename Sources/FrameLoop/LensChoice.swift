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
    init(_ table: LensTable, in memory: LensMemory) {
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

/// Memory of a stage's lens tables, freed with it.
final class LensMemory {
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
