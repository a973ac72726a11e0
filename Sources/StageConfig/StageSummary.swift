import Color
import Foundation
import Geometry
public import StageModel
import Timing

/// What a stage is made of, for the person who wrote it: pixels, pitch, size, how fine it is seen.
public struct StageSummary: Codable, Sendable, Equatable {
    /// A canvas and what is on it.
    public struct ProcessorSummary: Codable, Sendable, Equatable {
        /// The processor's name.
        public var name: String
        /// Canvas width, pixels.
        public var width: Int
        /// Canvas height, pixels.
        public var height: Int
        /// Canvas pixels that feed a panel.
        public var panelPixels: Int
        /// Planar parts its panels form.
        public var facets: Int
        /// Its signal, `10 bit pq full`.
        public var signal: String
    }

    /// A wall as built.
    public struct WallSummary: Codable, Sendable, Equatable {
        /// The wall's name.
        public var name: String
        /// Panels it has.
        public var panels: Int
        /// Pixels of all its panels.
        public var pixels: Int
        /// Least and greatest distance of pixel centres, mm.
        public var pitchMillimeters: [Double]
        /// Light-emitting area, m².
        public var areaSquareMeters: Double
        /// Extent along stage X, Y and Z, metres.
        public var sizeMeters: [Double]
        /// Planar parts.
        public var facets: Int
        /// Brightest white, nits.
        public var peakNits: Double
    }

    /// What a camera can be shot with.
    public struct CameraSummary: Codable, Sendable, Equatable {
        /// The camera's name.
        public var name: String
        /// The words of its lenses, the one it starts with first.
        public var lenses: [String]
        /// The words of its sensor modes, the one it starts with first.
        public var sensorModes: [String]
    }

    /// How fine one camera sees one wall from the outer frustum's eye point.
    public struct ViewSummary: Codable, Sendable, Equatable {
        /// The camera's name.
        public var camera: String
        /// The wall's name.
        public var wall: String
        /// From the eye point to the nearest panel's centre, metres.
        public var distanceMeters: Double
        /// Camera pixels a wall pixel covers there, at the wide end.
        public var cameraPixelsPerWallPixel: Double
        /// What that means.
        public var hint: String
    }

    /// The stage's name.
    public var stage: String
    /// Frames a second.
    public var framesPerSecond: Double
    /// Processors.
    public var processors: [ProcessorSummary]
    /// Walls.
    public var walls: [WallSummary]
    /// Cameras.
    public var cameras: [CameraSummary]
    /// Cameras and walls.
    public var views: [ViewSummary]

    /// The summary of a stage.
    public init(_ stage: Stage) {
        self.stage = stage.name
        framesPerSecond = stage.rate.hertz
        processors = stage.processors.indices.map { Self.processor($0, of: stage) }
        walls = stage.walls.indices.map { Self.wall($0, of: stage) }
        cameras = stage.cameras.map(Self.camera)
        views = stage.cameras.flatMap { camera in
            stage.walls.map { Self.view(camera, $0, of: stage) }
        }
    }

    private static func processor(_ index: Int, of stage: Stage) -> ProcessorSummary {
        let processor = stage.processors[index]
        let facets = stage.facets.filter { $0.processor == index }
        let transfer =
            switch processor.transfer {
            case .pq: "pq"
            case .gamma(let exponent): "gamma \(plain(exponent))"
            case .linear: "linear"
            }
        return ProcessorSummary(
            name: processor.name, width: processor.width, height: processor.height,
            panelPixels: facets.reduce(0) { $0 + $1.canvas.width * $1.canvas.height },
            facets: facets.count,
            signal: "\(processor.bitDepth) bit \(transfer) "
                + (processor.range == .full ? "full" : "narrow"))
    }

    private static func wall(_ index: Int, of stage: Stage) -> WallSummary {
        let wall = stage.walls[index]
        var pixels = 0
        var area = 0.0
        var pitch = SIMD2(Double.infinity, 0)
        var (least, greatest) = (Vector3(repeating: .infinity), Vector3(repeating: -.infinity))
        for panel in stage.panels[wall.panels] {
            let product = stage.products[panel.product]
            pixels += product.columns * product.rows
            area += product.width * product.height
            for p in [
                product.width / Double(product.columns), product.height / Double(product.rows),
            ] {
                pitch = SIMD2(min(pitch.x, p), max(pitch.y, p))
            }
            for (x, z) in [(-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5)] {
                let corner =
                    panel.stageFromPanel * Vector3(x * product.width, 0, z * product.height)
                for i in 0..<3 {
                    least[i] = min(least[i], corner[i])
                    greatest[i] = max(greatest[i], corner[i])
                }
            }
        }
        return WallSummary(
            name: wall.name, panels: wall.panels.count, pixels: pixels,
            pitchMillimeters: [pitch.x * 1000, pitch.y * 1000], areaSquareMeters: area,
            sizeMeters: (0..<3).map { greatest[$0] - least[$0] },
            facets: stage.facets.count { $0.wall == index }, peakNits: wall.peakNits)
    }

    private static func camera(_ camera: Camera) -> CameraSummary {
        func text(_ focal: ClosedRange<Double>) -> String {
            let ends = [focal.lowerBound, focal.upperBound].map { plain(($0 * 10).rounded() / 10) }
            return (ends[0] == ends[1] ? ends[0] : ends.joined(separator: " … ")) + " mm"
        }
        func text(_ sensor: Sensor) -> String {
            "\(plain(sensor.widthMillimeters)) × \(plain(sensor.heightMillimeters)) mm"
        }
        let tables = camera.lenses.map { table in
            let focals = table.lenses.map(\.focalLengthMillimeters)
            return "\(table.name) (\(text(focals.min()!...focals.max()!)), \(table.zooms.count) "
                + "zooms × \(table.focuses.count) focuses)"
        }
        let focal = camera.lens.focalLengthMillimeters
        let own = "fixed (\(text(focal...(camera.zoomRange?.y ?? focal))))"
        return CameraSummary(
            name: camera.name, lenses: tables + [own],
            sensorModes: ["standard (\(text(camera.sensor)))"]
                + camera.sensorModes.map { "\($0.name) (\(text($0.sensor)))" })
    }

    private static func view(_ camera: Camera, _ wall: Wall, of stage: Stage) -> ViewSummary {
        let nearest = stage.panels[wall.panels].map { panel -> (distance: Double, pitch: Double) in
            let product = stage.products[panel.product]
            return (
                (panel.stageFromPanel.translation - stage.outerEye).length,
                product.width / Double(product.columns)
            )
        }.min { $0.distance < $1.distance }
        let (distance, pitch) = nearest ?? (1, 0)
        let perRadian =
            camera.lens.focalLengthMillimeters / camera.sensor.widthMillimeters
            * Double(camera.imageWidth)
        let size = pitch / max(distance, 0.01) * perRadian
        return ViewSummary(
            camera: camera.name, wall: wall.name, distanceMeters: distance,
            cameraPixelsPerWallPixel: size, hint: hint(size))
    }

    /// What so many camera pixels a wall pixel mean on set: the LED grid beats with the sensor's
    /// where the two are near each other, and is seen itself where it is much coarser.
    static func hint(_ size: Double) -> String {
        switch size {
        case ..<0.5: "finer than the camera sees"
        case ..<1: "moiré possible when the wall is in focus"
        case ..<3: "moiré likely when the wall is in focus: keep it soft or come no nearer"
        default: "single LEDs show when the wall is in focus: keep it soft or step back"
        }
    }
}

extension StageSummary: CustomStringConvertible {
    /// Some lines for a terminal.
    public var description: String {
        var lines = [
            "stage \(stage): \(number(framesPerSecond, 3)) frames a second, "
                + "\(walls.reduce(0) { $0 + $1.pixels }) pixels"
        ]
        for p in processors {
            lines.append(
                "  processor \(p.name): canvas \(p.width) × \(p.height), \(p.signal), "
                    + "\(p.panelPixels) pixels on \(p.facets) facets")
        }
        for w in walls {
            let pitch = w.pitchMillimeters.map { number($0, 2) }
            let size = w.sizeMeters.map { number($0, 2) }.joined(separator: " × ")
            lines.append(
                "  wall \(w.name): \(w.panels) panels, \(w.pixels) pixels, pitch "
                    + (pitch[0] == pitch[1] ? pitch[0] : pitch.joined(separator: " … "))
                    + " mm, \(number(w.areaSquareMeters, 1)) m², spans \(size) m, "
                    + "\(w.facets) facets, \(number(w.peakNits, 0)) nits")
        }
        for c in cameras {
            lines.append(
                "  camera \(c.name): lens \(c.lenses.joined(separator: ", ")); sensor "
                    + c.sensorModes.joined(separator: ", "))
        }
        for v in views {
            lines.append(
                "  camera \(v.camera) sees a pixel of \(v.wall) from "
                    + "\(number(v.distanceMeters, 2)) m as "
                    + "\(number(v.cameraPixelsPerWallPixel, 2)) of its own: \(v.hint)")
        }
        return lines.joined(separator: "\n")
    }

    private func number(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }
}
