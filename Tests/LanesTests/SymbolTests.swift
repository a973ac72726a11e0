import Foundation
import Testing

/// What the linker may not merge and kernels may not call.
struct SymbolTests {
    /// Folder of the running configuration's objects.
    private static var products: URL {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let path = CommandLine.arguments.first { $0.contains(".xctest") } ?? program ?? ""
        return URL(fileURLWithPath: path).deletingLastPathComponent()
    }

    private static func objects(_ room: String) -> [String] {
        let folder = products.appendingPathComponent("\(room).build")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".o") && !$0.hasPrefix("pack_") }.map {
            folder.appendingPathComponent($0).path
        }
    }

    static var hasObjects: Bool {
        !objects("KernelsV3").isEmpty && FileManager.default.fileExists(atPath: "/usr/bin/nm")
    }

    /// Name and kind of every symbol of a room's objects.
    private func symbols(_ room: String) throws -> [(name: String, kind: String)] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/nm")
        process.arguments = SymbolTests.objects(room)
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap {
            let words = $0.split(separator: " ")
            guard words.count >= 2 else { return nil }
            let kindAt = words.firstIndex { $0.count == 1 } ?? 0
            guard kindAt + 1 < words.count else { return nil }
            return (words[(kindAt + 1)...].joined(separator: " "), String(words[kindAt]))
        }
    }

    @Test(.enabled(if: hasObjects, "no objects or no nm here"))
    func `no weak function is common to the two kernel rooms`() throws {
        let weak = try ["KernelsV3", "KernelsV4"].map { room in
            Set(try symbols(room).filter { $0.kind == "W" || $0.kind == "w" }.map(\.name))
        }
        #expect(try !symbols("KernelsV3").isEmpty)
        #expect(weak[0].intersection(weak[1]) == [])
    }

    @Test(.enabled(if: hasObjects, "no objects or no nm here"))
    func `kernels call nothing but each other and the C library's copy and fill`() throws {
        for room in ["KernelsV3", "KernelsV4"] {
            let all = try symbols(room)
            let own = Set(all.filter { $0.kind != "U" }.map(\.name))
            let foreign = Set(all.filter { $0.kind == "U" }.map(\.name)).subtracting(own)
            // $sytWV is the metadata of an empty type, data only; the other ends the program when a
            // function has written beyond its stack.
            let allowed: Set = ["memcpy", "memset", "$sytWV", "__stack_chk_fail"]
            #expect(foreign.subtracting(allowed) == [])
        }
    }
}
