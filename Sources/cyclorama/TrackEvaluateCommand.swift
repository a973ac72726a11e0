import ArgumentParser
import Foundation
import Geometry
import StageRun
import Timing
import Tracking

/// `track evaluate`: how well a recorded move is foreseen.
struct TrackEvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Tell how far prediction errs on a recorded move, in degrees, cm and pixels.",
        discussion: "Plays the recording through the timeline the stage uses, in virtual time, and "
            + "compares what it foresees with what the tracker then said. Takes Mo-Sys F4 files "
            + "and streams of 29-byte FreeD packets. Pixels are the camera's: in "
            + "the middle of its picture, where a degree is least, and at its worst corner, for "
            + "what is far away and for a wall.")

    @Argument(help: "The recording.") var file: String
    @Option(help: "Frames a second of the recording: 25, 59.94, 24000/1001 …") var rate = "25"
    @Option(help: "How far ahead, milliseconds: 0 … 500, separated by commas.")
    var horizon = "0,40,80,120,200"
    @Option(help: "linear or hold.") var predictor = Prediction().kind.rawValue
    @Option(help: "Samples speeds are fitted to: TURNING,VELOCITY, each 2 … 32, or one for both.")
    var window = "\(Prediction().turningWindow),\(Prediction().velocityWindow)"
    @Option(help: "Percent of the packets lost on purpose, 0 … 90.") var loss = 0.0
    @Option(help: "Another seed loses other packets.") var seed: UInt64 = 1
    @Option(name: .customLong("camera-id"), help: "Only this camera of several.")
    var cameraID: UInt8?
    @Option(help: "The camera's sensor: WIDTHxHEIGHT in millimeters.") var sensor = "35.9x20.2"
    @Option(help: "Focal length, millimeters.") var focal = 24.3
    @Option(help: "Pixels across the camera's picture.") var pixels = 1920
    @Option(help: "Distance of the wall, meters.") var wall = 5.0
    @Flag(help: "Print one JSON object and nothing else.") var json = false

    func run() throws {
        let rate = try TrackArguments.rate(rate)
        let horizons = try horizons()
        var trial = Tracking.Trial(frames: [], rate: rate.hertz, prediction: try prediction())
        trial.picture = try picture()
        trial.loss = try checked(loss, 0...90, "--loss", "percent of the packets") / 100
        trial.wallDistance = try checked(wall, 0.1...1000, "--wall", "meters")
        trial.seed = seed
        let recording = try load()
        trial.frames = recording.frames
        let seconds = Double(recording.frames.count) / rate.hertz
        guard seconds > 2 else {
            throw TrackFault(
                "\(file): \(recording.count) frames, which is less than 2 s at \(self.rate) a "
                    + "second; the first second is not judged, so record a longer move")
        }
        let result = TrackRun.evaluate(recording, file: file, trial: trial, horizons: horizons)
        if json { return try TrackArguments.printJSON(result) }
        print(TrackEvaluationText(result).text)
    }

    private func load() throws -> TrackRun.Recording {
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
            data = try handle.read(upToCount: TrackRun.Recording.bytesMax + 1) ?? Data()
        } catch {
            throw TrackFault(
                "\(file): cannot be read; expected a Mo-Sys F4 file or 29-byte FreeD packets")
        }
        do throws(TrackRun.Recording.Fault) {
            guard data.count <= TrackRun.Recording.bytesMax else { throw .tooLong }
            return try TrackRun.Recording([UInt8](data), cameraID: cameraID)
        } catch {
            throw TrackFault("\(file): \(Self.sentence(error))")
        }
    }

    private static func sentence(_ fault: TrackRun.Recording.Fault) -> String {
        func list(_ ids: [UInt8]) -> String { ids.map(String.init).joined(separator: ", ") }
        switch fault {
        case .unknownFormat:
            return "neither Mo-Sys F4 frames nor a whole number of 29-byte FreeD packets; was it "
                + "recorded with a header, or cut off?"
        case .noSuchCamera(let cameras):
            return "no frame of that camera; it has \(list(cameras)), see --camera-id"
        case .severalCameras(let cameras):
            return "frames of cameras \(list(cameras)): choose one with --camera-id"
        case .tooLong:
            return "more than \(TrackRun.Recording.framesMax) frames; cut out the move to judge"
        }
    }

    private func horizons() throws -> [Double] {
        let values = horizon.split(separator: ",", omittingEmptySubsequences: false).map {
            Double($0.trimmingCharacters(in: .whitespaces)) ?? -1
        }
        guard (1...16).contains(values.count), values.allSatisfy((0...500).contains) else {
            throw TrackFault(
                "--horizon \(horizon): expected 1 to 16 numbers of milliseconds, 0 … 500, as in "
                    + "0,40,120")
        }
        return values.map { $0 / 1000 }
    }

    private func prediction() throws -> Prediction {
        guard let kind = Prediction.Kind(rawValue: predictor) else {
            let names = Prediction.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw TrackFault("--predictor \(predictor): expected one of \(names)")
        }
        let range = Prediction.windowMin...Prediction.windowMax
        let samples = window.split(separator: ",", omittingEmptySubsequences: false).map {
            Int($0.trimmingCharacters(in: .whitespaces)) ?? 0
        }
        guard (1...2).contains(samples.count), samples.allSatisfy(range.contains) else {
            throw TrackFault(
                "--window \(window): expected samples for turning and for velocity, "
                    + "\(range.lowerBound) … \(range.upperBound), as in 3,6")
        }
        return Prediction(
            kind: kind, turningWindow: samples[0], velocityWindow: samples[samples.count - 1])
    }

    private func picture() throws -> CameraPicture {
        let sides = sensor.split(separator: "x", omittingEmptySubsequences: false).map {
            Double($0) ?? -1
        }
        guard sides.count == 2, sides.allSatisfy((1...100).contains) else {
            throw TrackFault(
                "--sensor \(sensor): expected WIDTHxHEIGHT in millimeters, 1 … 100, as in "
                    + "35.9x20.2")
        }
        return CameraPicture(
            sensor: Sensor(widthMillimeters: sides[0], heightMillimeters: sides[1]),
            lens: Lens(
                focalLengthMillimeters: try checked(focal, 2...2000, "--focal", "millimeters")),
            pixelsWide: try checked(Double(pixels), 64...16384, "--pixels", "pixels"))
    }

    private func checked(
        _ value: Double, _ range: ClosedRange<Double>, _ option: String, _ unit: String
    ) throws -> Double {
        guard range.contains(value) else {
            throw TrackFault(
                String(
                    format: "\(option) %g: expected \(unit), %g … %g", value, range.lowerBound,
                    range.upperBound))
        }
        return value
    }
}
