import Foundation
import Media
import TestSupport
import Testing

@Suite("Pictures against OpenImageIO")
struct PicturePeerTests {
    @Test(.enabled(if: Surroundings.hasPeer, "needs OpenImageIO and numpy from PyPI"))
    func `every kind of picture has the values OpenImageIO reads`() throws {
        try Surroundings.withFolder { folder in
            var arguments = [PythonPeer.python, Surroundings.peer.path, folder.path]
            if Surroundings.hasHDRIs {
                let hdris = try FileManager.default.contentsOfDirectory(
                    at: Surroundings.hdris, includingPropertiesForKeys: nil)
                arguments += hdris.filter { $0.pathExtension == "hdr" }.map(\.path)
            }
            #expect(Surroundings.run(arguments) == 0)
            let files = try FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: nil
            ).filter { $0.pathExtension == "expected" }
            #expect(files.count >= 45)
            var (worst, worstMovie): (Float, Float) = (0, 0)
            for file in files {
                let picture = file.deletingPathExtension()
                let expected = try Data(contentsOf: file)
                guard Movie.isName(picture.path) else {
                    let off = try difference(try PictureFile.read(picture.path), expected)
                    #expect(off < 2e-5, "\(picture.lastPathComponent)")
                    worst = max(worst, off)
                    continue
                }
                let movie = try Movie.open(picture.path, colorSpace: .rec709)
                let read = LinearPicture(
                    width: movie.facts.width, height: movie.facts.height,
                    pixels: Array(try movie.picture(0)))
                let off = try difference(read, expected)
                #expect(off < 5e-4, "\(picture.lastPathComponent)")
                worstMovie = max(worstMovie, off)
            }
            print(
                "against OpenImageIO: \(files.count) pictures and movies, off by at most \(worst) "
                    + "and \(worstMovie) of the light")
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
