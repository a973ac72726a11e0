import Testing

@Suite struct `The text is tidy` {
    static let folders = ["Sources", "Tests", "Calibration"]

    @Test func `no line of Swift is longer than 100 columns`() {
        for folder in Self.folders {
            for file in Tree.swiftFiles(below: folder) {
                for (index, line) in file.lines.enumerated() where line.count > 100 {
                    Issue.record("\(file.path):\(index + 1): \(line.count) columns")
                }
            }
        }
    }

    @Test func `no file carries unfinished work`() {
        let marks = ["TO" + "DO", "FIX" + "ME", "not " + "implemented"]
        for folder in Self.folders {
            for file in Tree.files(below: folder, ["swift", "h", "c", "py", "sh"]) {
                for (index, line) in file.lines.enumerated() {
                    for mark in marks where line.contains(mark) {
                        Issue.record("\(file.path):\(index + 1): \(mark)")
                    }
                }
            }
        }
    }

    @Test func `no function is longer than 80 lines`() {
        for file in Tree.rooms {
            for (name, line, length) in functions(of: file) where length > 80 {
                Issue.record("\(file.path):\(line): \(name) takes \(length) lines")
            }
        }
    }

    /// Calls that are 10 to 300 times too slow in a pixel loop on Linux, or that allocate, lock or
    /// write where a frame is made; with what to use instead.
    static let banned: [(call: String, rooms: Set<String>, instead: String)] = [
        (".clamped(lowerBound", pixelRooms, "lanes_min and lanes_max of CLanes"),
        ("pointwiseMin(", pixelRooms, "lanes_min of CLanes"),
        ("pointwiseMax(", pixelRooms, "lanes_max of CLanes"),
        (".addingProduct(", pixelRooms, "lanes_fma of CLanes"),
        (" print(", framePath, "FrameReport: the frame path does no I/O"),
        ("Mutex", framePath, "Mailbox: the frame path takes no lock"),
        ("DispatchQueue", framePath, "WorkerPool"),
        ("Thread.sleep", everyRoom, "an absolute sleep on the frame grid"),
        ("@testable", everyRoom, "the public interface"),
    ]
    static let pixelRooms: Set<String> = [
        "KernelsV3", "KernelsV4", "Lanes", "Rendering", "Output", "FrameLoop",
    ]
    static let framePath: Set<String> = pixelRooms.union(["Tracking", "FrameModel", "Timing"])
    static let everyRoom = Set(ImportTable.rooms.keys)

    @Test func `no room calls what it must not`() {
        for file in Tree.rooms {
            for (number, text) in file.code {
                for ban in Self.banned where ban.rooms.contains(file.room) {
                    #expect(
                        !text.contains(ban.call),
                        "\(file.path):\(number): \(ban.call) – use \(ban.instead)")
                }
            }
        }
    }

    /// Functions of a file: name, first line and number of lines, by their braces.
    private func functions(of file: Tree.File) -> [(name: String, line: Int, length: Int)] {
        var found: [(String, Int, Int)] = []
        var open: [(name: String, line: Int, depth: Int)] = []
        var depth = 0
        var pending: (name: String, line: Int)?
        for (number, text) in file.code {
            if let name = text.firstMatch(of: /\bfunc (`[^`]+`|[^\s(<]+)/)?.1 {
                pending = (String(name), number)
            }
            for character in text {
                if character == "{" {
                    if let (name, line) = pending {
                        open.append((name, line, depth))
                        pending = nil
                    }
                    depth += 1
                } else if character == "}" {
                    // A requirement of a protocol has no body.
                    pending = nil
                    depth -= 1
                    if let last = open.last, last.depth == depth {
                        found.append((last.name, last.line, number - last.line + 1))
                        open.removeLast()
                    }
                }
            }
        }
        return found
    }
}
