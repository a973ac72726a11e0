import FrameModel
public import Geometry
import Glibc
public import StageModel

/// Tells how a camera is panned by the strips it sees.
///
/// Everything else of the camera is taken as known: where its pupil is, tilt and roll, the lens. A
/// pan measured so counts from where stage and tracker say, as nearly as these are right.
public struct StripPan: Sendable {
    /// A camera that saw a picture, as well as is known.
    public struct Camera: Sendable {
        /// Its entrance pupil in the stage.
        public var stageFromPupil: Pose
        /// Its lens.
        public var lens: Lens
        /// The recorded area of its sensor.
        public var sensor: Sensor

        /// A camera.
        public init(stageFromPupil: Pose, lens: Lens, sensor: Sensor) {
            self.stageFromPupil = stageFromPupil
            self.lens = lens
            self.sensor = sensor
        }
    }

    private let facets: [Facet]
    private let grid: FrameStripGrid

    /// The strips of a stage's facets, their cells so many wall pixels wide.
    public init(facets: [Facet], cell: Int) {
        self.facets = facets
        grid = FrameStripGrid(facets: facets, cell: cell)
    }

    /// Strips on the stage.
    public var count: Int { grid.count }

    /// Radians, + to the left, in the mean of all strips seen; nil where none is one of this stage.
    ///
    /// - Parameters:
    ///   - sightings: what one picture shows.
    ///   - width: the picture's, pixels.
    ///   - height: the picture's, pixels.
    ///   - camera: what is known of the camera; its pan is what is told, whatever it is here.
    public func pan(
        of sightings: [StripSighting], width: Int, height: Int, from camera: Camera
    ) -> Double? {
        let turn = camera.stageFromPupil.rotation.panTiltRoll
        let level = Matrix3(pan: 0, tilt: turn.tilt, roll: turn.roll)
        let pans = sightings.flatMap { sighting -> [Double] in
            guard let points = points(of: sighting.strip) else { return [] }
            return [(sighting.upper, points.upper), (sighting.lower, points.lower)].compactMap {
                seen, point in
                let at = Vector2(
                    (seen.x / Double(width) - 0.5) * camera.sensor.widthMillimeters,
                    (seen.y / Double(height) - 0.5) * camera.sensor.heightMillimeters)
                guard let ray = camera.lens.ray(at) else { return nil }
                let from = level * ray
                let to = point - camera.stageFromPupil.translation
                // A pan turns about the stage's Z: the way from one azimuth to the other.
                return (atan2(from.x, from.y) - atan2(to.x, to.y))
                    .remainder(dividingBy: 2 * .pi)
            }
        }.sorted()
        guard !pans.isEmpty else { return nil }
        let middle = pans[pans.count / 2]
        // What lies a degree beside the others was read wrongly.
        let near = pans.filter { abs($0 - middle) < .pi / 180 }
        return near.reduce(0, +) / Double(near.count)
    }

    /// Where the marks of every strip stand, the upper and the lower of each in turn, stage metres.
    public var points: [Vector3] {
        (0..<count).flatMap { strip in
            points(of: strip).map { [$0.upper, $0.lower] } ?? [.zero, .zero]
        }
    }

    /// The facet of each of these points.
    public var groups: [Int] {
        (0..<count).flatMap { strip -> [Int] in
            let facet = index(of: strip) ?? 0
            return [facet, facet]
        }
    }

    private func index(of strip: Int) -> Int? {
        grid.facets.lastIndex {
            $0.first <= strip && strip < $0.first + $0.columns * $0.rows
        }
    }

    /// The stage points of the middles of a strip's marks.
    private func points(of strip: Int) -> (upper: Vector3, lower: Vector3)? {
        guard let index = index(of: strip) else { return nil }
        let strips = grid.facets[index]
        func point(_ bar: Int) -> Vector3 {
            let rect = strips.rect(strip: strip - strips.first, bar: bar, count: 3)
            return facets[index].stagePoint(
                uprightX: Double(rect.x) + Double(rect.width) / 2,
                y: Double(rect.y) + Double(rect.height) / 2)
        }
        return (point(0), point(FrameStrip.codeCells - 3))
    }
}
