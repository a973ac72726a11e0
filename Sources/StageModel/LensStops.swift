public import Geometry

/// A measured lens's numbers where they lie, whoever keeps them.
public struct LensStops: BitwiseCopyable {
    private let zooms: UnsafeBufferPointer<Double>
    private let focuses: UnsafeBufferPointer<Double>
    private let lenses: UnsafeBufferPointer<Lens>

    /// The parts of a `LensTable`.
    public init(
        zooms: UnsafeBufferPointer<Double>, focuses: UnsafeBufferPointer<Double>,
        lenses: UnsafeBufferPointer<Lens>
    ) {
        (self.zooms, self.focuses, self.lenses) = (zooms, focuses, lenses)
    }

    /// What the lens does, linear between the nearest measured zooms and focuses, and beyond them
    /// as at the last.
    /// - Frame path: yes
    public func lens(zoom: Double, focus: Double) -> Lens {
        let (column, along) = Self.place(zoom, zooms)
        let (row, across) = Self.place(focus, focuses)
        let nextRow = row + 1 < focuses.count ? 1 : 0
        let here = column * focuses.count + row
        let next = column + 1 < zooms.count ? here + focuses.count : here
        let near = lenses[here].blended(to: lenses[next], by: along)
        let far = lenses[here + nextRow].blended(to: lenses[next + nextRow], by: along)
        return near.blended(to: far, by: across)
    }

    /// The last stop not above a ring's place, and how far it is to the next.
    private static func place(
        _ ring: Double, _ stops: UnsafeBufferPointer<Double>
    ) -> (index: Int, fraction: Double) {
        var index = 0
        while index + 2 < stops.count, stops[index + 1] <= ring { index += 1 }
        guard stops.count > 1 else { return (0, 0) }
        let fraction = (ring - stops[index]) / (stops[index + 1] - stops[index])
        return (index, max(0, min(1, fraction)))
    }
}

extension LensTable {
    /// What the lens does at a place of its rings (`LensStops.lens`).
    public func lens(zoom: Double, focus: Double) -> Lens {
        zooms.withUnsafeBufferPointer { zooms in
            focuses.withUnsafeBufferPointer { focuses in
                lenses.withUnsafeBufferPointer { lenses in
                    LensStops(zooms: zooms, focuses: focuses, lenses: lenses)
                        .lens(zoom: zoom, focus: focus)
                }
            }
        }
    }
}
