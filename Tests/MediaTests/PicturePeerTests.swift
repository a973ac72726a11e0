import Foundation
import Media
import Testing

@Suite("Pictures against OpenImageIO")
struct PicturePeerTests {
    @Test(.enabled(if: Surroundings.hasPeer, "needs OpenImageIO and numpy from PyPI"))
    func `every kind of picture has the values OpenImageIO reads`() throws {
        try Surroundings.withFolder { folder in
            var arguments = ["python3", Surroundings.peer.path, folder.path]
            if Surroundings.hasHDRIs {
                let hdris = try FileManager.default.contentsOfDirectory(
                    at: Surroundings.hdris, includingPropertiesForKeys: nil)
                arguments += hdris.filter { $0.pathExtension == "hdr" }.map(\.path)
            }
            #expect(Surroundings.run(arguments) == 0)
            let files = try FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: nil
            ).filter { $0.pathExtension == "expected" }
            #expect(files.count >= 33)
            for file in files {
                let picture = file.deletingPathExtension()
                let worst = try difference(
                    try PictureFile.read(picture.path), Data(contentsOf: file))
                #expect(worst < 2e-5, "\(picture.lastPathComponent)")
            }
        }
    }

    /// The largest difference, relative to the larger of one and the value.
    private func difference(_ picture: LinearPicture, _ expected: Data) throws -> Float {
        let numbers = expected.withUnsafeBytes { raw in
            (0..<raw.count / 4).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self) }
        }
        guard numbers.count == 2 + picture.pixels.count, numbers[0] == picture.width,
            numbers[1] == picture.height
        else { return .infinity }
        var worst: Float = 0
        for (value, bits) in zip(picture.pixels, numbers.dropFirst(2)) {
            let wanted = Float(bitPattern: bits)
            worst = max(worst, abs(value - wanted) / max(1, abs(wanted)))
        }
        return worst
    }
}
