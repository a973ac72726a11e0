import Foundation

/// Where a stage's scenes are: `scenes/` beside its file, and what a person names.
struct SceneSources {
    /// The scene a run shows when there is none.
    static let ownScene = "generated:lake"

    /// Absolute path of the stage's own folder of scenes.
    private let folder: String

    init(stageFile: String) {
        folder =
            URL(fileURLWithPath: stageFile).deletingLastPathComponent().appending(path: "scenes")
            .path
    }

    /// What somebody means: one of our own, a path, or a name in the stage's folder.
    func source(_ words: String) -> String {
        if words.hasPrefix("generated:") { return words }
        let own = "\(folder)/\(words)"
        let manager = FileManager.default
        if !manager.fileExists(atPath: words), !words.contains("/"),
            manager.fileExists(atPath: own)
        {
            return own
        }
        return URL(fileURLWithPath: words).path
    }

    /// All that are known: those named, then the stage's own by name; never none.
    func all(after named: [String]) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let own = names.filter { !$0.hasPrefix(".") }.sorted().map { "\(folder)/\($0)" }
        let all = named + own.filter { !named.contains($0) }
        return all.isEmpty ? [Self.ownScene] : all
    }
}
