import Foundation
import Geometry
import Media
package import StageModel
import Tracking

/// A camera's lens as files for other programs: STMaps of one place of its rings, and OpenTrackIO
/// of every place that was measured.
package struct LensExport {
    /// Which end of a picture an STMap counts its second number from.
    package enum Origin: String, CaseIterable, Sendable {
        /// From the lowest row up, as Nuke does.
        case bottom
        /// From the highest row down, as Unreal does.
        case top
    }

    /// A place of a lens's rings.
    package struct Rings: Sendable {
        /// 0 wide … 1 tele.
        package var zoom: Double
        /// 0 near … 1 far.
        package var focus: Double

        /// A place of the rings.
        package init(zoom: Double, focus: Double) { (self.zoom, self.focus) = (zoom, focus) }
    }

    private let camera: Camera
    /// The lens's measurements; nil: the stage file's own lens.
    private let table: LensTable?
    private let rings: Rings
    private let straight: StraightPicture

    /// A lens of a camera.
    ///
    /// - Parameters:
    ///   - name: one of the camera's measured lenses; nil: the first of them, or the lens the stage
    ///     file gives the camera itself.
    ///   - rings: where they stand for the STMaps; the stage file's own lens has no other place.
    package init(_ camera: Camera, lens name: String?, rings: Rings) throws {
        table = name.map { name in camera.lenses.first { $0.name == name } } ?? camera.lenses.first
        guard name == nil || table != nil else {
            let names = camera.lenses.map(\.name).joined(separator: ", ")
            throw RunError(
                "--lens \(name ?? ""): camera \(camera.name) has "
                    + (names.isEmpty ? "no measured lens – leave --lens out" : names))
        }
        (self.camera, self.rings) = (camera, rings)
        let lens = table?.lens(zoom: rings.zoom, focus: rings.focus) ?? camera.lens
        guard
            let straight = StraightPicture(
                lens, sensor: camera.sensor, recorded: SIMD2(camera.imageWidth, camera.imageHeight))
        else {
            throw RunError(
                "camera \(camera.name): its lens folds its picture within the sensor – calibrate "
                    + "it again")
        }
        self.straight = straight
    }

    /// Writes the files into a folder, made where there is none; returns a line of each.
    package func write(to folder: String, origin: Origin) throws -> [String] {
        try makeFolder(folder)
        let name = camera.name + (table.map { "-" + $0.name } ?? "")
        let place = table == nil ? "" : "-z\(Self.text(rings.zoom))-f\(Self.text(rings.focus))"
        let (recorded, size) = (straight.recorded, straight.size)
        let samples = "\(folder)/\(name).opentrackio.jsonl"
        try Data(try openTrackIO().utf8).write(to: URL(fileURLWithPath: samples), options: .atomic)
        let undistort = "\(folder)/\(name)\(place)-undistort.exr"
        try EXRFile.write(
            EXRFile.bytes(pairs: map(size, origin, straight.place(straight:_:)), width: size.x),
            to: undistort)
        let distort = "\(folder)/\(name)\(place)-distort.exr"
        try EXRFile.write(
            EXRFile.bytes(
                pairs: map(recorded, origin, straight.place(recorded:_:)), width: recorded.x),
            to: distort)
        let view = String(format: "%.2f", straight.horizontalView * 180 / .pi)
        let focal = String(format: "%.3f", straight.lens.focalLengthMillimeters)
        return [
            "\(samples): "
                + (table.map { "\($0.lenses.count) places of the rings, a sample a line" }
                    ?? "the stage file's lens"),
            "\(undistort): \(recorded.x) × \(recorded.y) as recorded to \(size.x) × \(size.y) "
                + "straight, which is a pinhole of \(focal) mm, \(view)° across",
            "\(distort): the way back; v from the \(origin.rawValue), red u, green v, −1 where the "
                + "lens images nothing",
        ]
    }

    private static func text(_ place: Double) -> String { String(format: "%.2f", place) }

    /// Each pixel's place on the other picture, row by row from the top.
    private func map(
        _ size: SIMD2<Int>, _ origin: Origin, _ place: (Int, Int) -> Vector2?
    ) -> [SIMD2<Float>] {
        var places: [SIMD2<Float>] = []
        places.reserveCapacity(size.x * size.y)
        for row in 0..<size.y {
            for column in 0..<size.x {
                let at = place(column, row).map {
                    SIMD2(Float($0.x), Float(origin == .top ? $0.y : 1 - $0.y))
                }
                places.append(at ?? SIMD2(-1, -1))
            }
        }
        return places
    }

    /// A sample of OpenTrackIO 1.0.1 for each measured place, a line each as JSON: the rings, the
    /// lens in OpenLensIO's terms, and the sensor, without which they say nothing.
    private func openTrackIO() throws -> String {
        guard let table else { return try sample(camera.lens, nil) }
        var lines = ""
        for (column, zoom) in table.zooms.enumerated() {
            for (row, focus) in table.focuses.enumerated() {
                let lens = table.lenses[column * table.focuses.count + row]
                lines += try sample(lens, Rings(zoom: zoom, focus: focus))
            }
        }
        return lines
    }

    private func sample(_ lens: Lens, _ rings: Rings?) throws -> String {
        var sample = OpenTrackIOSample()
        sample.lens = OpenTrackIOSample.LensBlock(lens)
        // Theirs is 0 at infinity.
        sample.lens.encoders = rings.map {
            OpenTrackIOSample.Rings(focus: 1 - $0.focus, zoom: $0.zoom)
        }
        var block = OpenTrackIOSample.StaticBlock()
        block.sensor = camera.sensor
        block.resolution = OpenTrackIOSample.Resolution(
            width: UInt32(camera.imageWidth), height: UInt32(camera.imageHeight))
        sample.static = block
        var words = OpenTrackIOWords()
        words.cameraLabel = camera.name
        words.lensModel = table?.name
        return try sample.text(words) + "\n"
    }
}
