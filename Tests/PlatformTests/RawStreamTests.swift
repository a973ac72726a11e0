import Foundation
import Platform
import Testing

@Suite struct RawStreamTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "raw-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private func write(_ stream: RawStream, _ octet: UInt8, _ count: Int) -> Bool {
        [UInt8](repeating: octet, count: count).withUnsafeBytes {
            stream.write($0.baseAddress!, byteCount: count)
        }
    }

    @Test func `a file holds one frame after the other`() throws {
        try withFolder { folder in
            let path = folder + "/wall.raw"
            try Data("older and longer".utf8).write(to: URL(fileURLWithPath: path))
            let stream = try RawStream(path: path)
            #expect(write(stream, 1, 5))
            #expect(write(stream, 2, 5))
            #expect(stream.writtenFrames == 2)
            let got = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            #expect(got == [1, 1, 1, 1, 1, 2, 2, 2, 2, 2])
        }
    }

    @Test func `a pipe's reader comes, does not keep up and goes, and no frame is torn before`()
        throws
    {
        try withFolder { folder in
            let path = folder + "/wall.pipe"
            #expect(mkfifo(path, 0o600) == 0)
            let stream = try RawStream(path: path, timeoutMilliseconds: 10)
            #expect(!write(stream, 1, 4096))
            #expect(stream.skippedFrames == 1)
            let reader = open(path, O_RDONLY | O_NONBLOCK)
            #expect(reader >= 0)
            // A pipe holds 65536 octets: sixteen frames, and then whole ones are skipped.
            for frame in 0..<16 { #expect(write(stream, UInt8(frame), 4096)) }
            #expect(!write(stream, 99, 4096))
            #expect(stream.skippedFrames == 2)
            var got = [UInt8](repeating: 0, count: 65536)
            #expect(read(reader, &got, got.count) == 65536)
            #expect(got == (0..<16).flatMap { [UInt8](repeating: $0, count: 4096) })
            #expect(write(stream, 17, 4096))
            close(reader)
            #expect(!write(stream, 18, 4096))
            #expect(!write(stream, 19, 4096))
            #expect(stream.writtenFrames == 17)
            #expect(stream.skippedFrames == 4)
            #expect(stream.tornFrames == 0)
        }
    }

    @Test func `a path that cannot be written is refused in one line`() {
        #expect {
            try RawStream(path: "/no/such/folder/wall.raw")
        } throws: {
            let line = "\($0)"
            return line.hasPrefix("raw stream /no/such/folder/wall.raw: cannot be opened: ")
                && !line.contains("\n")
        }
    }
}
