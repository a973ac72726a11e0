import ArgumentParser
import Control
import Foundation
import Scenes
import StageModel
import StageRun

/// `cyclorama replay TAKE`: makes a take's frames again and writes down what they were made of.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Replay a recorded take, bit for bit.",
        discussion: """
            A take (`cyclorama ctl STAGE set take/record on` while the stage runs) holds every \
            input of its frames. Replayed, each canvas is the same to the last bit, on any number \
            of threads; the hash of all of them is printed at the end. The cameras it was drawn \
            for can be written for other programs: each line is the pose its frame was drawn \
            with, which is that of the moment its light left the wall, a held one where a frustum \
            was frozen. --chan is in metres, Y up, rotation order ZXY.

            --clean-plate writes what the camera must have seen of the wall without anybody \
            before it, from where its tracker said afterwards that it was: OpenEXR, linear ACEScg \
            with the scene's own exposure, alpha 1 where the wall is. --matte writes that alpha, \
            8-bit PNG: the wall's garbage matte. Files are numbered by the take's frames from 1.
            """)

    @Argument(help: "A .take file.")
    var take: String

    @Option(
        help: """
            Another place of the scene than the take names; repeated, of its scenes in the order \
            they were shown.
            """)
    var scene: [String] = []

    @Option(help: "Rendering threads; 0 = one a core.")
    var threads = 0

    @Option(help: "Write each frame's cameras to this file as comma-separated values.")
    var csv: String?

    @Option(
        name: .customLong("opentrackio"),
        help: "Write each frame's cameras to this file as OpenTrackIO, a JSON sample a line.")
    var openTrackIO: String?

    @Option(help: "Write one camera's frames to this Nuke .chan file.")
    var chan: String?

    @Option(help: "Write clean plates into this folder, an EXR a frame.")
    var cleanPlate: String?

    @Option(help: "Write the wall's garbage mattes into this folder, a PNG a frame.")
    var matte: String?

    @Option(help: "Pixels across of plates and mattes; the camera's if not given.")
    var plateWidth: Int?

    @Option(
        help: "Camera of --chan, --clean-plate and --matte, by name; the first one if not given.")
    var camera: String?

    @Option(help: "Write each frame's index, timecode and hash to this file.")
    var hashes: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard threads >= 0, threads <= 64 else {
            throw ValidationError("--threads \(threads): 0 to 64 threads")
        }
        guard 64...16384 ~= plateWidth ?? 64 else {
            throw ValidationError("--plate-width \(plateWidth ?? 0): 64 to 16384 pixels")
        }
    }

    func run() throws {
        let take = try Take(path: take)
        let stage = try TakeReplay.stage(of: take)
        let index = camera.map { name in stage.cameras.firstIndex { $0.name == name } } ?? 0
        let wantsPlates = cleanPlate != nil || matte != nil
        guard let index, index < stage.cameras.count || chan == nil && !wantsPlates else {
            let names = stage.cameras.map(\.name).joined(separator: ", ")
            throw ValidationError(
                names.isEmpty
                    ? "--chan, --clean-plate, --matte: the take's stage has no camera"
                    : "--camera \(camera ?? ""): the take's cameras are \(names)")
        }
        for output in [csv, chan, hashes, openTrackIO] where output == self.take {
            throw ValidationError("\(self.take): is the take itself – choose another file")
        }
        let sources = try sources(of: take)
        let assets = try sources.map { source in
            try BakedScene.asset(of: source) { line in
                FileHandle.standardError.write(Data("\(line)\n".utf8))
            }
        }
        let cores = threads > 0 ? threads : ProcessInfo.processInfo.activeProcessorCount
        let replay = try TakeReplay(
            take, stage: stage, assets: assets, sources: sources, threads: min(64, cores))
        let table = try csv.map { try TextFile($0, first: TakeExport.csvHeader + "\n") }
        let channel = try chan.map { try TextFile($0) }
        let samples = try openTrackIO.map { try TextFile($0) }
        let list = try hashes.map { try TextFile($0) }
        var report = ReplayReport(take)
        if wantsPlates { try replay.makePlates(of: index, width: plateWidth) }
        let folders = try PlateFolders(plates: cleanPlate, mattes: matte)
        try replay.run { plate in
            try folders.write(plate, number: report.number(of: plate.frame))
            report.add(plate)
        } _: { frame in
            report.add(frame)
            try table?.write(TakeExport.csv(frame, stage))
            if let samples { try samples.write(TakeExport.openTrackIO(frame, stage)) }
            try list?.write("\(frame.frame) \(frame.timecode) \(ReplayReport.hex(frame.hash))\n")
            if let line = TakeExport.chan(
                frame, number: report.number(of: frame.frame), camera: index, stage)
            {
                try channel?.write(line)
            }
        }
        report.notes = replay.notes
        if json {
            try TrackArguments.printJSON(report)
        } else {
            report.lines.forEach { print($0) }
        }
    }
}

extension ReplayCommand {
    /// The take's scenes, where it names them or a person says they are now.
    private func sources(of take: Take) throws -> [String] {
        let sources = TakeReplay.scenes(of: take).map(\.source)
        guard scene.count <= sources.count else {
            throw ValidationError(
                "--scene \(scene.last ?? ""): the take shows \(sources.count) scenes: "
                    + sources.joined(separator: ", "))
        }
        return scene + sources.dropFirst(scene.count)
    }
}

/// What a replay tells.
private struct ReplayReport: Encodable {
    var take: Int
    var stage: String
    var frames = 0
    var firstTimecode = ""
    var lastTimecode = ""
    var ending: String
    /// Of the frames' hashes, in order.
    var hash = ""
    var notes: [String] = []
    /// Clean plates and mattes.
    var plates = 0
    /// Of those, seen from where the frame was drawn for: the tracker never told where it was.
    var platesAsDrawn = 0
    private var first: Int64 = 0
    private var sum: UInt64 = 0xCBF2_9CE4_8422_2325

    private enum CodingKeys: String, CodingKey {
        case take, stage, frames, firstTimecode, lastTimecode, ending, hash, notes
        case plates, platesAsDrawn
    }

    init(_ take: Take) {
        self.take = take.header.number
        stage = take.header.stage
        switch take.ending {
        case .asked: ending = "ended as asked"
        case .broken(let why): ending = why
        case .cut: ending = "cut off: the program or the machine died, or the disk was full"
        }
    }

    /// A frame's number from 1, with those the stage skipped counted, as the plate has them.
    func number(of frame: Int64) -> Int { Int(frame - first) + 1 }

    mutating func add(_ plate: TakePlate) {
        plates += 1
        if !plate.isMeasured { platesAsDrawn += 1 }
    }

    mutating func add(_ frame: TakeReplay.Frame) {
        if frames == 0 { first = frame.frame }
        frames += 1
        if frames == 1 { firstTimecode = "\(frame.timecode)" }
        lastTimecode = "\(frame.timecode)"
        sum = (sum ^ frame.hash) &* 0x100_0000_01B3
        hash = Self.hex(sum)
    }

    static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    var lines: [String] {
        if frames == 0 { return ["take \(take) of \(stage) has no frames, \(ending)"] }
        return [
            "take \(take) of \(stage), \(frames) frames, \(firstTimecode) to \(lastTimecode) UTC, "
                + ending
        ] + notes.map { "note: \($0)" } + plateLines + ["hash \(hash)"]
    }

    private var plateLines: [String] {
        if plates == 0 { return [] }
        return [
            "\(plates) plates"
                + (platesAsDrawn > 0
                    ? ", \(platesAsDrawn) of them from where the frame was drawn for: the tracker "
                        + "never said where the camera was then" : "")
        ]
    }
}

/// A text file written bit by bit.
private final class TextFile {
    private let path: String
    private let file: FileHandle

    init(_ path: String, first: String = "") throws {
        guard FileManager.default.createFile(atPath: path, contents: Data(first.utf8)),
            let file = FileHandle(forWritingAtPath: path)
        else { throw RunError("\(path): cannot be written – choose another file") }
        (self.path, self.file) = (path, file)
        try file.seekToEnd()
    }

    func write(_ text: String) throws {
        do {
            try file.write(contentsOf: Data(text.utf8))
        } catch {
            throw RunError("\(path): cannot be written: \(error.localizedDescription)")
        }
    }
}
