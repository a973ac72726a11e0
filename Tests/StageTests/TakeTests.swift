import Control
import Foundation
import FrameLoop
import FrameModel
import Output
import Scenes
import StageModel
import StageRun
import TestSupport
import Testing
import Timing
import Tracking

/// A take of a stage in virtual time: a moving shot with edits, fades, a freeze and scene moves.
private final class RecordedShot {
    static let first = VirtualStage.firstFrame
    static let frames: Int64 = 150
    /// The take begins here: what the tracker did before is in the loop's state alone.
    static let start = first + 40

    let wall: VirtualStage
    let path: String
    /// Fingerprints of what went out, by frame.
    private(set) var hashes: [Int64: UInt64] = [:]
    private let folder = TemporaryFolder()

    init(threads: Int = 1) throws {
        wall = try VirtualStage(TestScenes.checker(width: 512), threads: threads)
        let recorder = wall.recorder(into: folder.path)
        path = "\(folder.path)/virtual-0001.take"
        try RecordedShot.writeLooks(folder.path)
        for frame in Self.first..<Self.first + Self.frames {
            try edit(frame)
            var packets = [movingShot(frame - 1), movingShot(frame - 1, source: 1)]
            // Some are lost, some damaged: what is refused is an input too.
            if frame % 7 == 3 { packets.removeFirst() }
            if frame % 11 == 5 { packets[0].bytes[28] ^= 1 }
            wall.quality = UInt8(frame % 20 == 0 ? 1 : 0)
            let octets = wall.make(frame, packets)
            if frame >= Self.start { hashes[frame] = octets.withUnsafeBytes(wordFingerprint) }
            recorder.drain()
        }
        recorder.stop()
    }

    /// Two looks: one that is on the wall, and frozen there, when the take begins.
    private static func writeLooks(_ folder: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        for (name, gain) in [("warm", "0.9"), ("cold", "1.05")] {
            let text = "LUT_1D_SIZE 2\n0 0 0\n1 1 \(gain)\n"
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name).cube"))
        }
    }

    private func edit(_ frame: Int64) throws {
        switch frame - Self.first {
        case 10:
            try wall.load(look: "\(folder.path)/warm.cube", slot: 1)
            wall.edit("inner/a/lut/slot", 1, at: frame)
            wall.edit("all/contrast", 1.3, at: frame)
        // One is on the wall when the take begins, and its file is gone when it is replayed.
        case 15: try wall.correct(`A correction on the wall`.file("left"))
        case 65: try wall.correct(`A correction on the wall`.file("right", gamma: [1, 0.9, 1.05]))
        case 75: wall.choose("correction/left/bypass", on: true, at: frame)
        case 35: wall.edit("stage/freeze", 1, at: frame)
        case 45: wall.edit("stage/freeze", 0, at: frame)
        case 60:
            try wall.load(look: "\(folder.path)/cold.cube", slot: 2)
            wall.edit("all/lut/slot", 2, at: frame)
        case 61: wall.edit("all/lut/strength", 0.25, fade: .frames(20), at: frame)
        case 95: wall.edit("wall/right/average-limit", 1, at: frame)
        case 125: #expect(wall.bake() > 0)
        case 130: wall.edit("outer/exposure", 0.3, at: frame)
        case 135: wall.edit("outer/exposure", 0, at: frame)
        case 110: wall.choose("all/cdl/space", "acescct", at: frame)
        case 20: wall.edit("all/exposure", 1, fade: .frames(60), at: frame)
        case 40: wall.edit("take/record", 1, at: frame)
        case 55: wall.edit("scene/offset", 1, 0.5, 0, fade: .frames(30), at: frame)
        case 70: wall.edit("stage/freeze", 1, at: frame)
        case 80: wall.edit("stage/freeze", 0, at: frame)
        case 90: wall.edit("scene/rotation", 20, fade: .seconds(0.5), at: frame)
        case 100: wall.edit("stage/blackout", 1, fade: .frames(10), at: frame)
        case 120: wall.edit("stage/blackout", 0, fade: .frames(10), at: frame)
        default: break
        }
    }

    /// The stage with an output, so that a replay's canvases have the shot's wire format.
    static var stage: Stage {
        var stage = VirtualStage.stage()
        stage.outputs = [
            OutputPort(
                name: "out", processor: 0,
                kind: .rtp(
                    host: "127.0.0.1", port: 5004, sampling: .rgb, depth: 10, payloadType: 96))
        ]
        return stage
    }

    func replayed(_ take: Take, threads: Int) throws -> [TakeReplay.Frame] {
        // On another machine there are no look files: the take has the looks.
        for name in ["warm", "cold"] {
            try? FileManager.default.removeItem(atPath: "\(folder.path)/\(name).cube")
        }
        let replay = try TakeReplay(take, stage: Self.stage, asset: wall.asset, threads: threads)
        #expect(replay.notes.isEmpty, "\(replay.notes)")
        var frames: [TakeReplay.Frame] = []
        try replay.run { frames.append($0) }
        return frames
    }
}

@Suite struct `A take` {
    @Test(arguments: [1, 2])
    func `replays to the very bytes that went out, on any number of threads`(
        threads: Int
    ) throws {
        let shot = try RecordedShot(threads: 3 - threads)
        let take = try Take(path: shot.path)
        #expect(take.ending == .asked)
        let frames = try shot.replayed(take, threads: threads)
        #expect(frames.count == Int(RecordedShot.frames - 40))
        #expect(Set(frames.map(\.hash)).count > 80, "the shot moves")
        for frame in frames {
            #expect(shot.hashes[frame.frame] == frame.hash, "frame \(frame.frame)")
        }
        // While the wall is frozen both cameras are still known.
        #expect(frames.allSatisfy { $0.cameras.count == 2 })
    }

    @Test func `of another build begins without the tracking before it, and says so`() throws {
        let shot = try RecordedShot()
        let take = try Take(path: shot.path)
        var other = take.header
        other.program ^= 1
        let replay = try TakeReplay(
            take.with(other), stage: RecordedShot.stage, asset: shot.wall.asset)
        #expect(replay.notes.count == 1)
        #expect(replay.notes[0].contains("another build"))
        var hashes: [UInt64] = []
        try replay.run { hashes.append($0.hash) }
        // The tracker is known again after a packet, and well before the end the same.
        #expect(hashes.count == Int(RecordedShot.frames - 40))
        #expect(hashes.last == shot.hashes[RecordedShot.first + RecordedShot.frames - 1])
    }

    @Test func `cut off anywhere is whole up to there, and says so`() throws {
        let shot = try RecordedShot()
        let data = try Data(contentsOf: URL(filePath: shot.path))
        let whole = try Take(data, name: "whole")
        var random = SeededRandom(seed: 7)
        var (counts, lengths): (Set<Int>, [Int]) = ([], [])
        // Most of a short take is the state it starts from; its frames are at the end.
        for start in [0, data.count - 20_000] {
            for _ in 0..<20 { lengths.append(Int.random(in: start..<data.count, using: &random)) }
        }
        for length in lengths {
            guard let take = try? Take(data.prefix(length), name: "cut") else {
                #expect(length < 2000, "only the header must be there")
                continue
            }
            #expect(take.ending == .cut)
            #expect(take.frameCount <= whole.frameCount)
            counts.insert(take.frameCount)
        }
        #expect(counts.count > 3)
    }

    @Test func `with a damaged byte ends before it and traps nowhere`() throws {
        let shot = try RecordedShot()
        let data = try Data(contentsOf: URL(filePath: shot.path))
        let whole = try Take(data, name: "whole").frameCount
        var random = SeededRandom(seed: 8)
        for _ in 0..<60 {
            var damaged = data
            let place = Int.random(in: 8..<data.count, using: &random)
            damaged[place] ^= UInt8.random(in: 1...255, using: &random)
            guard let take = try? Take(damaged, name: "damaged") else { continue }
            #expect(take.frameCount < whole || take.ending == .cut)
        }
    }

    @Test func `whose records say nonsense is refused or replayed, and traps nowhere`() throws {
        let shot = try RecordedShot()
        let data = [UInt8](try Data(contentsOf: URL(filePath: shot.path)))
        let records = try TakeBytes.records(data)
        var random = SeededRandom(seed: 9)
        var replayed = 0
        for _ in 0..<60 {
            var damaged = data
            let record = records[Int.random(in: records.indices, using: &random)]
            // The loop's state is the program's own form and is not looked at.
            guard record.kind != 2, !record.payload.isEmpty else { continue }
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                damaged[Int.random(in: record.payload, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            TakeBytes.seal(record, in: &damaged)
            guard let take = try? Take(Data(damaged), name: "damaged"),
                let replay = try? TakeReplay(
                    take, stage: RecordedShot.stage, asset: shot.wall.asset)
            else { continue }
            try? replay.run { _ in replayed += 1 }
        }
        #expect(replayed > 1000)
    }

    @Test func `in which the clock is set replays its fades as they were`() throws {
        let wall = try VirtualStage(TestScenes.checker(width: 128))
        let folder = TemporaryFolder()
        let recorder = wall.recorder(into: folder.path)
        let first = VirtualStage.firstFrame
        wall.edit("take/record", 1, at: first)
        var hashes: [UInt64] = []
        // At frame 10 the clock is set a day forward; fades go on as if nothing had been.
        for step in Int64(0)..<40 {
            if step == 5 { wall.edit("all/exposure", 3, fade: .frames(30), at: first + step) }
            if step == 20 { wall.edit("scene/rotation", 10, at: first + step) }
            let jump: Int64 = step < 10 ? 0 : 24 * 3600 * 60
            var turn = FrameTurn(frame: first + step + jump)
            turn.liveFrame = first + step
            let host = VirtualStage.host(first + step)
            let set = VirtualStage.host(first + step + jump) - host
            _ = wall.prepare(turn, VirtualStage.clock(host, stepped: set), [])
            wall.render()
            var report = FrameReport(frame: turn.frame)
            wall.path.finish(&report)
            let canvas = try #require(wall.ring.takeReady())
            hashes.append(wall.octets(canvas).withUnsafeBytes(wordFingerprint))
            wall.ring.release(canvas.index)
            recorder.drain()
        }
        recorder.stop()
        let take = try Take(path: "\(folder.path)/virtual-0001.take")
        let replay = try TakeReplay(take, stage: RecordedShot.stage, asset: wall.asset)
        var seen: [UInt64] = []
        try replay.run { seen.append($0.hash) }
        #expect(Set(hashes).count > 25, "the fade shows")
        #expect(seen == hashes)
    }

    @Test func `takes the number after the highest, and says what keeps it from being written`()
        throws
    {
        let folder = TemporaryFolder()
        let said = Said()
        let wall = try VirtualStage(TestScenes.checker(width: 128))
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: "\(folder.path)/virtual-0041.take"))
        func record(into path: String) {
            let recorder = wall.recorder(into: path, log: said.add)
            wall.edit("take/record", 1, at: VirtualStage.firstFrame)
            _ = wall.make(VirtualStage.firstFrame)
            recorder.stop()
        }
        record(into: folder.path)
        #expect(try Take(path: "\(folder.path)/virtual-0042.take").frameCount == 1)
        #expect(said.lines.last?.contains("1 frames") == true, "\(said.lines)")
        record(into: "\(folder.path)/virtual-0042.take")
        #expect(said.lines.last?.contains("cannot be written there") == true, "\(said.lines)")
    }

    @Test func `that is none is refused in a line`() {
        for bytes in [[], Array("CYCTAKE2".utf8), Array("CYCTAKE1".utf8)] as [[UInt8]] {
            #expect(throws: RunError.self) { try Take(Data(bytes), name: "x.take") }
        }
    }

    @Test func `that finds no room is broken off, and the next one begins`() throws {
        let wall = try VirtualStage(TestScenes.checker(width: 128))
        // Room for the state and a few frames, and nobody reads.
        let ring = JournalRing(capacity: MemoryLayout<LoopState>.size / 16 * 16 + 64_000)
        wall.tap = TakeTap(ring: ring)
        wall.edit("take/record", 1, at: VirtualStage.firstFrame)
        for frame in VirtualStage.firstFrame..<VirtualStage.firstFrame + 300 {
            _ = wall.make(frame, [movingShot(frame - 1)])
        }
        #expect(wall.tap?.isRecording == false)
        var kinds: [TakeRecord?] = []
        while ring.read({ kind, _ in kinds.append(TakeRecord(rawValue: kind)) }) {}
        #expect(kinds.first == .begin)
        _ = wall.make(VirtualStage.firstFrame + 300, [])
        while ring.read({ kind, _ in kinds.append(TakeRecord(rawValue: kind)) }) {}
        #expect(kinds.last == .broken)
        wall.edit("take/record", 0, at: VirtualStage.firstFrame + 301)
        _ = wall.make(VirtualStage.firstFrame + 301, [])
        wall.edit("take/record", 1, at: VirtualStage.firstFrame + 302)
        _ = wall.make(VirtualStage.firstFrame + 302, [])
        #expect(wall.tap?.isRecording == true)
    }
}

/// Lines for the operator.
private final class Said: @unchecked Sendable {
    // Unchecked holds: a recorder without a thread tells its lines on the test's own.
    private(set) var lines: [String] = []

    func add(_ line: String) { lines.append(line) }
}

/// A take's bytes, record by record, told by its documented form alone.
private enum TakeBytes {
    struct Record {
        var kind: UInt32
        /// From the count to the seal.
        var start: Int
        var payload: Range<Int>
    }

    static func records(_ bytes: [UInt8]) throws -> [Record] {
        func number(_ at: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
        }
        var records: [Record] = []
        var at = 8
        while at + 16 <= bytes.count {
            let end = at + 8 + number(at)
            records.append(Record(kind: UInt32(number(at + 4)), start: at, payload: at + 8..<end))
            at = end + 8
        }
        try #require(at == bytes.count && records.count > 100)
        return records
    }

    static func seal(_ record: Record, in bytes: inout [UInt8]) {
        let hash = bytes[record.start + 4..<record.payload.upperBound].withUnsafeBytes(fingerprint)
        for i in 0..<8 {
            bytes[record.payload.upperBound + i] = UInt8(truncatingIfNeeded: hash >> (8 * i))
        }
    }
}
