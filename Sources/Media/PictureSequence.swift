import Foundation

/// Numbered pictures as a movie: `shot.####.exr` is `shot.1001.exr`, `shot.1002.exr` and so on,
/// from the lowest number there is to the highest; where one is missing the one before it stays.
final class PictureSequence: MovieReading {
    let facts: MovieFacts
    /// Files by their numbers from the first on.
    private var files: [String?] = []
    private let colorSpace: PictureColorSpace
    private var shown: (index: Int64, picture: LinearPicture)?
    private let memory: UnsafeMutableBufferPointer<Float>

    /// A name whose last step has one run of `#`.
    static func isPattern(_ path: String) -> Bool {
        (path as NSString).lastPathComponent.contains("#")
    }

    init(_ path: String, colorSpace: PictureColorSpace, rate: Double) throws(PictureFault) {
        self.colorSpace = colorSpace
        files = try PictureSequence.files(path)
        guard let first = files.first ?? nil, let fraction = PictureSequence.fraction(rate) else {
            throw .unsupported("a rate of \(rate) – 1 to 240 pictures a second are taken")
        }
        let picture = try PictureFile.decode(
            try PictureFile.bytes(of: first), colorSpace: colorSpace)
        try MovieFile.check(width: picture.width, height: picture.height)
        facts = MovieFacts(
            width: picture.width, height: picture.height, rate: fraction,
            pictureCount: Int64(files.count), hasAlpha: true,
            codec: (path as NSString).pathExtension.lowercased())
        memory = .allocate(capacity: picture.width * picture.height * 4)
        memory.initialize(repeating: 0)
        shown = (0, picture)
    }

    deinit { memory.deallocate() }

    func picture(_ index: Int64) throws(PictureFault) -> UnsafeMutableBufferPointer<Float> {
        var place = Int(max(0, min(facts.pictureCount - 1, index)))
        while files[place] == nil { place -= 1 }
        if shown?.index != Int64(place), let file = files[place] {
            let picture = try PictureFile.decode(
                try PictureFile.bytes(of: file), colorSpace: colorSpace)
            guard (picture.width, picture.height) == (facts.width, facts.height) else {
                throw .damaged("picture \(place) is \(picture.width)×\(picture.height)")
            }
            shown = (Int64(place), picture)
        }
        if let shown { _ = memory.update(from: shown.picture.pixels) }
        return memory
    }

    /// The files of a pattern by their numbers; the first is there.
    static func files(_ path: String) throws(PictureFault) -> [String?] {
        let folder = (path as NSString).deletingLastPathComponent
        let name = (path as NSString).lastPathComponent
        let parts = name.split(separator: "#", omittingEmptySubsequences: false)
        let digits = parts.count - 1
        guard let head = parts.first, let tail = parts.last, digits <= 9,
            parts.dropFirst().dropLast().allSatisfy(\.isEmpty)
        else { throw .unsupported("has # in several places – one run of them is the number") }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(
                atPath: folder.isEmpty ? "." : folder)
        } catch { throw .unreadable("no such folder") }
        var found: [(number: Int, name: String)] = []
        for name in names where name.hasPrefix(head) && name.hasSuffix(tail) {
            guard name.utf8.count >= head.utf8.count + tail.utf8.count else { continue }
            let word = name.dropFirst(head.count).dropLast(tail.count)
            guard word.utf8.count >= digits, word.utf8.count <= 9,
                word.utf8.allSatisfy({ 48...57 ~= $0 }), let number = Int(word)
            else { continue }
            found.append((number, name))
        }
        guard let first = found.map(\.number).min(), let last = found.map(\.number).max() else {
            throw .unreadable("no file is named so")
        }
        guard last - first < 1 << 20 else {
            throw .unsupported("has numbers from \(first) to \(last) – at most a million")
        }
        var files = [String?](repeating: nil, count: last - first + 1)
        for (number, name) in found {
            files[number - first] = folder.isEmpty ? name : folder + "/" + name
        }
        return files
    }

    /// 23.976 and its kin are 24000/1001 and so on.
    static func fraction(_ rate: Double) -> (numerator: Int64, denominator: Int64)? {
        guard MovieLimits.rates.contains(rate) else { return nil }
        let near = (rate * 1.001).rounded()
        if abs(rate - near / 1.001) < 0.002, rate != rate.rounded() {
            return (Int64(near) * 1000, 1001)
        }
        return (Int64((rate * 1000).rounded()), 1000)
    }
}
