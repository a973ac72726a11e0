import Testing

/// The architecture: which room may import which.
///
/// Changed in a commit of its own that says why.
enum ImportTable {
    static let values = ["Lanes", "Geometry", "Timing", "Color", "Tracking"]
    static let model = values + ["StageModel"]
    static let frame = model + ["FrameModel"]
    static let floors1to6 =
        frame + [
            "Rendering", "Output", "Media", "LookFiles", "Scenes", "StageConfig", "Control",
            "FrameLoop", "StageTwin", "Platform", "ControlServer",
        ]

    static let rooms: [String: [String]] = [
        "KernelsV3": ["CLanes"],
        "KernelsV4": ["CLanes"],
        "Lanes": ["CLanes", "KernelsV3", "KernelsV4"],
        "Geometry": [],
        "Timing": [],
        "Color": ["Lanes"],
        "Tracking": ["Geometry", "Timing"],
        "StageModel": values,
        "FrameModel": model,
        "Rendering": frame,
        "Output": frame,
        "Media": ["Lanes", "Color", "CFFmpeg"],
        "LookFiles": ["Color"],
        "Scenes": frame + ["Media", "CYaml", "Yams"],
        "StageConfig": model + ["Yams"],
        "Control": frame,
        "FrameLoop": frame + ["Rendering", "Output"],
        "StageTwin": frame,
        "Platform": ["CPlatform", "Timing"],
        "ControlServer": frame + ["Control", "Media", "NIOCore", "NIOPosix"],
        "StageCalibration": frame + ["Media", "LookFiles", "CLAPACK"],
        "StageRun": floors1to6 + ["StageCalibration"],
        "cyclorama": floors1to6 + ["StageCalibration", "StageRun", "ArgumentParser"],
    ]

    /// Standard library modules every room may use.
    static let everywhere: Set<String> = ["Swift", "Synchronization"]
    /// The C library: the room that touches the machine, and mathematics.
    static let glibc: Set<String> = [
        "Geometry", "Color", "Tracking", "Rendering", "Scenes", "Media", "StageModel", "Platform",
        "FrameLoop", "StageTwin", "ControlServer", "StageRun", "cyclorama", "Lanes", "Output",
        "StageCalibration",
    ]
    /// Foundation costs start-up and allocates: only at the edge (design, "The rooms").
    static let foundation: Set<String> = [
        "Media", "LookFiles", "Scenes", "StageConfig", "Control", "StageTwin",
        "StageCalibration", "Platform", "ShowStore", "ControlServer", "StageRun", "cyclorama",
    ]

    static func allows(_ module: String, in room: String) -> Bool {
        if everywhere.contains(module) { return true }
        if module == "Glibc" { return glibc.contains(room) }
        if module == "Foundation" || module == "Dispatch" { return foundation.contains(room) }
        return rooms[room, default: []].contains(module)
    }
}

@Suite struct `Imports point down` {
    @Test func `every room imports only what the table allows`() {
        for file in Tree.rooms {
            for (number, text) in file.code {
                guard let module = imported(text) else { continue }
                #expect(
                    ImportTable.allows(module, in: file.room),
                    "\(file.path):\(number): \(file.room) may not import \(module)")
            }
        }
    }

    @Test func `every source folder is a room of the table`() {
        let cRooms: Set<String> = ["CLanes", "CPlatform", "CFFmpeg", "CLAPACK"]
        for file in Tree.rooms where !cRooms.contains(file.room) {
            #expect(ImportTable.rooms[file.room] != nil, "\(file.path): no such room")
        }
    }

    private let levels: Set<String> = ["public", "package", "internal", "fileprivate", "private"]

    /// The module a line imports, or nil.
    private func imported(_ line: String) -> String? {
        let words = line.split(separator: " ").map(String.init)
        guard let at = words.firstIndex(of: "import"), at + 1 < words.count,
            words[..<at].allSatisfy({ $0.hasPrefix("@") || levels.contains($0) })
        else { return nil }
        let kinds: Set<String> = ["struct", "class", "enum", "func", "typealias", "protocol"]
        let name = kinds.contains(words[at + 1]) ? words[at + 2] : words[at + 1]
        return name.split(separator: ".").first.map(String.init)
    }
}
