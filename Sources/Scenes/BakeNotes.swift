import FrameModel
import Geometry
import Glibc

/// What a bake says of its scene besides what is drawn: the files it was made from and its
/// viewpoints and cues, a line each.
///
///     file NAME
///     viewpoint X Y Z PAN NAME
///     cue MOVIE SECONDS NAME
struct BakeNotes {
    /// Names inside the scene's folder.
    var files: [String]
    var viewpoints: [Viewpoint]
    var cues: [MovieCue]

    init(files: [String], _ viewpoints: [Viewpoint], _ cues: [MovieCue]) {
        (self.files, self.viewpoints, self.cues) = (files, viewpoints, cues)
    }

    /// What a text says; lines that are none of these are passed over.
    init(text: String) {
        (files, viewpoints, cues) = ([], [], [])
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 5).map(String.init)
            if words.first == "file" {
                files.append(String(line.dropFirst(5)))
            } else if words.count == 6, words[0] == "viewpoint",
                viewpoints.count < SceneLimits.viewpoints
            {
                let numbers = words[1...4].compactMap(Double.init).filter(\.isFinite)
                guard numbers.count == 4 else { continue }
                viewpoints.append(
                    Viewpoint(
                        name: words[5], position: Vector3(numbers[0], numbers[1], numbers[2]),
                        pan: numbers[3]))
            } else if let cue = BakeNotes.cue(line), cues.count < BakeNotes.cuesMax {
                cues.append(cue)
            }
        }
    }

    private static let cuesMax = SceneLimits.movies * SceneLimits.cues

    private static func cue(_ line: Substring) -> MovieCue? {
        let words = line.split(separator: " ", maxSplits: 3)
        guard words.count == 4, words[0] == "cue", let movie = Int(words[1]),
            0..<SceneLimits.movies ~= movie, let seconds = Double(words[2]), seconds.isFinite
        else { return nil }
        return MovieCue(movie: movie, name: String(words[3]), seconds: seconds)
    }

    var text: String {
        files.map { "file \($0)\n" }.joined()
            + cues.map { "cue \($0.movie) \($0.seconds) \($0.name)\n" }.joined()
            + viewpoints.map { view in
                let place = view.position
                return "viewpoint \(place.x) \(place.y) \(place.z) \(view.pan) \(view.name)\n"
            }.joined()
    }

    /// Names, sizes and times of change of the files in a folder as one number.
    func print(in folder: String) -> UInt64 {
        let lines = files.map { name -> String in
            var facts = stat()
            guard stat(folder + "/" + name, &facts) == 0 else { return "\(name) is gone" }
            return "\(name) \(facts.st_size) \(facts.st_mtim.tv_sec).\(facts.st_mtim.tv_nsec)"
        }
        var sum = BlockSum()
        Array(lines.joined(separator: "\n").utf8).withUnsafeBytes { sum.add($0) }
        return sum.value
    }
}
