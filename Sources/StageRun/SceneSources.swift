import Foundation

/// Where a stage's scenes are: `scenes/` beside its file, and what a person names.
package struct SceneSources {
    /// The scene a run shows when there is none.
    static let ownScene = "generated:lake"

    /// Endings of scene files, and of pictures that are a dome by themselves.
    private static let endings: Set = [
        "yaml", "hdr", "exr", "png", "jpg", "jpeg", "tif", "tiff", "dpx",
    ]

    /// Absolute path of the stage's own folder of scenes.
    private let folder: String

    package init(stageFile: String) {
        folder =
            URL(fileURLWithPath: stageFile).deletingLastPathComponent().appending(path: "scenes")
            .path
    }

    /// What somebody means: one of our own, a path, or a name in the stage's folder.
    package func source(_ words: String) -> String {
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
    package func all(after named: [String]) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let own = names.filter(isScene).sorted().map { "\(folder)/\($0)" }
        let all = named + own.filter { !named.contains($0) }
        return all.isEmpty ? [Self.ownScene] : all
    }

    /// A folder with a scene file, a scene file, or a picture; bakes and what else lies there are
    /// none.
    private func isScene(_ name: String) -> Bool {
        guard !name.hasPrefix(".") else { return false }
        var isFolder: ObjCBool = false
        let manager = FileManager.default
        guard manager.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder) else {
            return false
        }
        if isFolder.boolValue {
            return manager.fileExists(atPath: "\(folder)/\(name)/scene.yaml")
        }
        return Self.endings.contains((name as NSString).pathExtension.lowercased())
    }
}
