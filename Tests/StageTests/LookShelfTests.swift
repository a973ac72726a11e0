import Color
import Control
import Foundation
import FrameLoop
import FrameModel
import StageRun
import TestSupport
import Testing

/// The looks of a run: kept while anything may be drawn with them, then let go.
@Suite struct `The shelf of looks` {
    private func write(_ gain: Double, to path: String) throws {
        let text = "LUT_1D_SIZE 2\n0 0 0\n1 1 \(gain)\n"
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    @Test func `a look goes ten seconds after its slot has another, and not while frames need it`()
        throws
    {
        let folder = TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        let shelf = LookShelf()
        let path = "\(folder.path)/a.cube"
        try write(0.9, to: path)
        let look = try shelf.load(path).get().fingerprint
        // Nobody has named it yet: it waits for its slot.
        shelf.note(LiveState(), fromFrame: 100)
        #expect(shelf.free(oldestFrame: 1_000_000) == 0)
        var live = LiveState()
        live.looks[3] = look
        shelf.note(live, fromFrame: 200)
        shelf.note(LiveState(), fromFrame: 300)
        #expect(shelf.free(oldestFrame: 900) == 0)
        #expect(shelf.table.look(fingerprint: look).isThere && shelf.name(of: look) == path)
        // Named again, it stays.
        shelf.note(live, fromFrame: 800)
        #expect(shelf.free(oldestFrame: 5000) == 0)
        shelf.note(LiveState(), fromFrame: 6000)
        #expect(shelf.free(oldestFrame: 6600) == 0)
        #expect(shelf.free(oldestFrame: 6601) == 1)
        #expect(!shelf.table.look(fingerprint: look).isThere && shelf.held.isEmpty)
    }

    @Test func `a hundred looks go through one slot`() throws {
        let folder = TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        let shelf = LookShelf()
        for number in 0..<100 {
            let path = "\(folder.path)/\(number).cube"
            try write(1 - Double(number) / 1000, to: path)
            var live = LiveState()
            live.looks[0] = try shelf.load(path).get().fingerprint
            shelf.note(live, fromFrame: Int64(number) * 1000)
            shelf.free(oldestFrame: Int64(number) * 1000)
        }
        #expect(shelf.held.count <= 2)
    }
}
