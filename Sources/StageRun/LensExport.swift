import Control
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
        /// From the highest row down, as pictures are kept in most programs' memory.
        case top
    }

    /// Lens, sensor mode and place of the rings, as a person names them.
    package struct Choice: Sendable {
        /// One of the camera's measured lenses, or `fixed`, the stage file's own; nil: the first
        /// that was measured, else the stage file's.
        package var lens: String?
        /// One of the camera's sensor modes; nil: `standard`, the stage file's `sensorMillimeters`.
        package var sensorMode: String?
        /// 0 wide … 1 tele, for a lens with several zooms; nil: wide.
        package var zoom: Double?
        /// 0 near … 1 far, for a lens measured at several; nil: far.
        package var focus: Double?

        /// What a camera is usually used with.
        package init() {}
    }

    private let camera: Camera
    /// What of the sensor is recorded; without a name where it is the stage file's own.
    private let mode: SensorMode
    private let table: LensTable
    /// Where the rings stand, as the files are named.
    private let place: String
    /// What was asked for and is not there.
    private let notes: [String]
    private let straight: StraightPicture

    /// A lens of a camera.
    package init(_ camera: Camera, _ choice: Choice) throws {
        self.camera = camera
        let found = try Self.table(camera, choice.lens)
        table = found
        mode = try Self.mode(camera, choice.sensorMode)
        var notes: [String] = []
        var place = ""
        func stand(
            _ ring: String, _ asked: Double?, _ stops: [Double], usual: Double
        ) throws -> Double {
            guard stops.count > 1 else {
                if asked == nil { return stops[0] }
                throw RunError(
                    "--\(ring) \(asked ?? 0): lens \(found.name) of camera \(camera.name) is known "
                        + "at one \(ring) only – leave --\(ring) out")
            }
            let at = min(max(asked ?? usual, stops[0]), stops[stops.count - 1])
            if let asked, at != asked {
                notes.append(
                    "--\(ring) \(asked): beyond what was measured, \(stops[0]) … "
                        + "\(stops[stops.count - 1]); drawn, and written, as at \(at)")
            }
            place += "-\(ring)-\(at)"
            return at
        }
        let lens = found.lens(
            zoom: try stand("zoom", choice.zoom, found.zooms, usual: 0),
            focus: try stand("focus", choice.focus, found.focuses, usual: 1))
        (self.notes, self.place) = (notes, place)
        guard
            let straight = StraightPicture(
                lens, sensor: mode.sensor, recorded: SIMD2(mode.imageWidth, mode.imageHeight))
        else {
            throw RunError(
                "camera \(camera.name): its lens folds its picture within the sensor, or widens it "
                    + "over \(Int(StraightPicture.overscanMax)) times – calibrate it again")
        }
        self.straight = straight
    }

    /// A lens by its name; the stage file's own as a table of its ends.
    private static func table(_ camera: Camera, _ name: String?) throws -> LensTable {
        if let table = camera.lenses.first(where: { name == nil || $0.name == name }) {
            return table
        }
        guard name == nil || name == ParameterTree.ownLens else {
            let names = camera.lenses.map(\.name) + [ParameterTree.ownLens]
            throw RunError(
                "--lens \(name ?? ""): camera \(camera.name) has \(names.joined(separator: ", "))")
        }
        guard let range = camera.zoomRange, range.x != range.y else {
            return LensTable(
                name: ParameterTree.ownLens, zooms: [0], focuses: [1], lenses: [camera.lens])
        }
        var (wide, tele) = (camera.lens, camera.lens)
        (wide.focalLengthMillimeters, tele.focalLengthMillimeters) = (range.x, range.y)
        return LensTable(
            name: ParameterTree.ownLens, zooms: [0, 1], focuses: [1], lenses: [wide, tele])
    }

    private static func mode(_ camera: Camera, _ name: String?) throws -> SensorMode {
        guard let name, name != ParameterTree.ownSensor else {
            return SensorMode(
                name: "", sensor: camera.sensor, imageWidth: camera.imageWidth,
                imageHeight: camera.imageHeight)
        }
        guard let mode = camera.sensorModes.first(where: { $0.name == name }) else {
            let names = [ParameterTree.ownSensor] + camera.sensorModes.map(\.name)
            throw RunError(
                "--sensor-mode \(name): camera \(camera.name) has "
                    + names.joined(separator: ", "))
        }
        return mode
    }

    /// Writes the files into a folder, made where there is none.
    ///
    /// Returns a line of each, and of what was asked for and is not there.
    package func write(to folder: String, origin: Origin) throws -> [String] {
        try makeFolder(folder)
        let base =
            "\(folder)/\(camera.name)-\(table.name)" + (mode.name.isEmpty ? "" : "-\(mode.name)")
        let (recorded, size) = (straight.recorded, straight.size)
        let samples = base + ".opentrackio.jsonl"
        do {
            try Data(try openTrackIO().utf8).write(
                to: URL(fileURLWithPath: samples), options: .atomic)
        } catch let error as CocoaError {
            throw RunError("\(samples): cannot be written: \(error.localizedDescription)")
        }
        let undistort = "\(base)\(place)-undistort-\(origin.rawValue).exr"
        try EXRFile.write(
            EXRFile.bytes(pairs: map(size, origin, straight.place(straight:_:)), width: size.x),
            to: undistort)
        let distort = "\(base)\(place)-distort-\(origin.rawValue).exr"
        try EXRFile.write(
            EXRFile.bytes(
                pairs: map(recorded, origin, straight.place(recorded:_:)), width: recorded.x),
            to: distort)
        let view = String(format: "%.2f", straight.horizontalView * 180 / .pi)
        let focal = String(format: "%.3f", straight.lens.focalLengthMillimeters)
        let area = "\(mode.sensor.widthMillimeters) × \(mode.sensor.heightMillimeters) mm"
        return notes + [
            "\(samples): samples of \(table.lenses.count) "
                + (table.lenses.count == 1 ? "place" : "places") + " of the rings, one a line",
            "\(undistort): \(recorded.x) × \(recorded.y) as recorded (\(area)) to \(size.x) × "
                + "\(size.y) straight, which is a pinhole of \(focal) mm, \(view)° across",
            "\(distort): the way back; v from the \(origin.rawValue), red u, green v, −1 where the "
                + "lens images nothing",
        ]
    }

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

    /// A sample of OpenTrackIO 1.0.1 for each known place, a line each as JSON.
    ///
    /// Each has the rings, as far as they matter, the lens in OpenLensIO's terms, and the sensor,
    /// without which they say nothing.
    private func openTrackIO() throws -> String {
        var lines = ""
        for (column, zoom) in table.zooms.enumerated() {
            for (row, focus) in table.focuses.enumerated() {
                // Theirs is 0 at infinity.
                let rings = OpenTrackIOSample.Rings(
                    focus: table.focuses.count > 1 ? 1 - focus : nil,
                    zoom: table.zooms.count > 1 ? zoom : nil)
                let lens = table.lenses[column * table.focuses.count + row]
                lines += try sample(lens, table.lenses.count > 1 ? rings : nil) + "\n"
            }
        }
        return lines
    }

    private func sample(
        _ lens: Lens, _ rings: OpenTrackIOSample.Rings<Double>?
    ) throws -> String {
        var sample = OpenTrackIOSample()
        sample.lens = OpenTrackIOSample.LensBlock(lens)
        sample.lens.encoders = rings
        var block = OpenTrackIOSample.StaticBlock()
        block.sensor = mode.sensor
        block.resolution = OpenTrackIOSample.Resolution(
            width: UInt32(mode.imageWidth), height: UInt32(mode.imageHeight))
        sample.static = block
        var words = OpenTrackIOWords()
        words.cameraLabel = camera.name
        words.lensModel = table.name
        return try sample.text(words)
    }
}
