import Foundation
import StageCalibration
import TestSupport
import Testing

@Suite struct `A session's record` {
    private func made(_ name: String, _ bytes: [UInt8], in folder: TemporaryFolder) throws -> String
    {
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        let path = "\(folder.path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// FIPS 180-4's own examples, and lengths about a block's.
    @Test func `digests as the standard does`() throws {
        func digest(_ bytes: [UInt8], _ pieces: Int = 1) -> String {
            var sha = SHA256()
            for piece in 0..<pieces {
                sha.add(
                    Array(bytes[bytes.count * piece / pieces..<bytes.count * (piece + 1) / pieces]))
            }
            return sha.finished()
        }
        #expect(
            digest(Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            digest([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        let two = Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
        #expect(
            digest(two, 5) == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        #expect(
            digest([UInt8](repeating: 0x61, count: 1_000_000), 7)
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func `comes back as it was written, and goes on at the first open step`() throws {
        let folder = TemporaryFolder()
        _ = try made("x", [1], in: folder)
        var record = SessionRecord(stage: "demo", stageFile: "00")
        record[.warmUp].state = .done
        record[.chain].state = .skipped
        record[.chain].verdicts = [Verdict("range", .fail, "narrow", advice: "set Full")]
        try record.write(folder.path)
        let read = try #require(try SessionRecord.read(folder.path))
        #expect(read == record && read.next == .delay)
        #expect(try SessionRecord.read(folder.path + "/nothing") == nil)
        _ = try made("session.json", Array("{".utf8), in: folder)
        #expect(throws: CalibrationRefusal.self) { try SessionRecord.read(folder.path) }
    }

    @Test func `keeps captures, and names one that has changed`() throws {
        let (source, folder) = (TemporaryFolder(), TemporaryFolder())
        _ = try made("1.png", [1, 2, 3], in: source)
        let second = try made("2.png", [4, 5], in: source)
        _ = try made("x", [], in: folder)
        let kept = try SessionRecord.keep(source.path, as: "dots", in: folder.path)
        #expect(kept.files == 2 && kept.bytes == 5 && kept.path == "captures/dots")
        let again = try SessionRecord.keep(source.path, as: "dots", in: folder.path)
        #expect(again.path == "captures/dots-2" && again.sha256 == kept.sha256)
        // What is gone at its source is still here.
        try FileManager.default.removeItem(atPath: second)
        let record = SessionRecord(stage: "demo", stageFile: "00")
        try record.check(kept, in: folder.path)
        let inside = "\(folder.path)/captures/dots/2.png"
        try Data([4, 6]).write(to: URL(fileURLWithPath: inside))
        let refusal = #expect(throws: CalibrationRefusal.self) {
            try record.check(kept, in: folder.path)
        }
        #expect(refusal?.description.contains("captures/dots: its bytes have changed") == true)
        try FileManager.default.removeItem(atPath: inside)
        #expect(throws: CalibrationRefusal.self) { try record.check(kept, in: folder.path) }
    }
}
