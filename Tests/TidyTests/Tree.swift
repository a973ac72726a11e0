import Foundation

/// The project's own text, read once: what the tidy tests look at.
enum Tree {
    /// The package's root folder.
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// A text file and its path from the root.
    struct File: Sendable {
        var path: String
        var lines: [String]

        /// The room a source file stands in: the folder below Sources.
        var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

        /// The lines with comments taken out, numbered from 1.
        var code: [(number: Int, text: String)] {
            lines.enumerated().compactMap { index, line in
                let text = line.prefix(upTo: line.range(of: "//")?.lowerBound ?? line.endIndex)
                return text.allSatisfy(\.isWhitespace) ? nil : (index + 1, String(text))
            }
        }
    }

    /// Every Swift file of every room: those of Sources, and calibration, which stands beside.
    static let rooms = swiftFiles(below: "Sources") + swiftFiles(below: "Calibration")

    /// Every Swift file below a folder, symbolic links left out.
    static func swiftFiles(below folder: String) -> [File] { files(below: folder, ["swift"]) }

    /// Every file below a folder with one of the endings.
    static func files(below folder: String, _ endings: Set<String>) -> [File] {
        let base = root.appending(path: folder)
        let keys: [URLResourceKey] = [.isRegularFileKey, .isSymbolicLinkKey]
        guard
            let walk = FileManager.default.enumerator(at: base, includingPropertiesForKeys: keys)
        else { return [] }
        var found: [File] = []
        for case let url as URL in walk where endings.contains(url.pathExtension) {
            let values = try? url.resourceValues(forKeys: Set(keys))
            guard values?.isSymbolicLink != true, values?.isRegularFile == true,
                let text = try? String(contentsOf: url, encoding: .utf8)
            else { continue }
            let path = url.standardizedFileURL.path.dropFirst(
                root.standardizedFileURL.path.count)
            found.append(
                File(
                    path: String(path.drop { $0 == "/" }),
                    lines: text.split(separator: "\n", omittingEmptySubsequences: false)
                        .map(String.init)))
        }
        return found.sorted { $0.path < $1.path }
    }
}
