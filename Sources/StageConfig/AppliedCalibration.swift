import Yams

/// What `calibrate apply` wrote beside the stage file: keys of tracking sources, cameras and walls
/// that stand instead of the stage file's own.
///
/// Every reader asks it first (`Reading.reader(of:)`), so that its values are checked as the stage
/// file's are, and complained of with its own name and line.
final class AppliedCalibration {
    /// Its path from the stage file's folder.
    static let path = "calibration/applied.yaml"

    let reading: Reading
    private var readers: [String: [String: MapReader]] = [:]
    private var groups: MapReader?

    /// What a text says; complaints are the reading's.
    init(_ text: String, _ stage: Reading) {
        reading = Reading(
            file: AppliedCalibration.path, lensText: stage.lensText, otherText: stage.otherText)
        guard let root = reading.root(text) else { return }
        guard let mapping = root.node.mapping else {
            root.complain("what `calibrate apply` writes: tracking, cameras, walls")
            return
        }
        let groups = MapReader(root, mapping)
        self.groups = groups
        for section in ["tracking", "cameras", "walls"] {
            guard let item = groups.optional(section),
                let items = item.items(1...256, "what was calibrated of the \(section)")
            else { continue }
            for item in items {
                guard let mapping = item.node.mapping else {
                    item.complain("a name, and what was calibrated of it")
                    continue
                }
                let reader = MapReader(item, mapping)
                guard let name = reader.name() else { continue }
                readers[section, default: [:]][name] = reader
            }
        }
    }

    /// What it says of an element; nil: nothing.
    func reader(_ section: String, _ name: String?) -> MapReader? {
        name.flatMap { readers[section]?[$0] }
    }

    /// Complains of what nobody has asked for.
    func finish(names: [String: [String]]) {
        groups?.finish()
        for (section, elements) in readers.sorted(by: { $0.key < $1.key }) {
            for (name, reader) in elements.sorted(by: { $0.value.line < $1.value.line }) {
                if names[section]?.contains(name) == true {
                    reader.finish()
                } else {
                    reader.complain(
                        "name", name,
                        "\(section) of the stage file: "
                            + (names[section] ?? []).joined(separator: ", "))
                }
            }
        }
    }
}

extension Reading {
    /// Who is to be asked for a key of an element: the applied calibration where it has it.
    func reader(of key: String, _ own: MapReader, _ section: String) -> MapReader {
        _ = own.optional(key)
        guard let other = applied?.reader(section, own.givenName), other.optional(key) != nil
        else { return own }
        return other
    }

    /// A file's path from the stage file's folder; nil where none is named.
    func filePath(_ key: String, _ own: MapReader, _ section: String) -> (path: String, item: Item)?
    {
        guard let item = reader(of: key, own, section).optional(key),
            let path = item.text("a file's path from the stage file's folder")
        else { return nil }
        let steps = path.split(separator: "/", omittingEmptySubsequences: false)
        guard path.count <= 256, !steps.contains(".."), !path.hasPrefix("/"),
            !path.contains(where: \.isNewline)
        else {
            return item.complain("a file in the stage file's folder, as calibration/DATE/NAME")
        }
        return (path, item)
    }
}
