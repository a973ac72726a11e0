import Control
import ControlServer
import FrameModel
import Foundation
import StageModel
import Testing

/// The built program, beside the test bundle.
private let program = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("cyclorama")
private let isBuilt = FileManager.default.isExecutableFile(atPath: program.path)

@Suite(.enabled(if: isBuilt)) struct ClientTests {
    /// What `cyclorama ctl` printed and how it ended.
    func ctl(_ words: [String], input: String = "") throws -> (text: String, status: Int32) {
        let process = Process()
        process.executableURL = program
        process.arguments = ["ctl"] + words
        let (asked, answered) = (Pipe(), Pipe())
        process.standardInput = asked
        process.standardOutput = answered
        process.standardError = answered
        try process.run()
        let writer = asked.fileHandleForWriting
        let text = Data(input.utf8)
        let sending = Thread {
            try? writer.write(contentsOf: text)
            try? writer.close()
        }
        sending.start()
        let data = answered.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: data, as: UTF8.self), process.terminationStatus)
    }

    @Test func `the client asks, changes, and ends with 1 on a refusal`() throws {
        let folder = socketFolder()
        let path = folder + "/control"
        let published = Published()
        let server = try ControlServer(
            path: path, document: ShowDocument(stage: bareStage()),
            surroundings: ControlServer.Surroundings(
                status: StatusBoard(), currentFrame: { 0 }, publish: { published.publish($0) }))
        defer {
            server.stop()
            rmdir(folder)
        }
        let socket = ["--socket", path]
        #expect(try ctl(socket + ["get", "all/exposure"]) == ("ok all/exposure 0\n", 0))
        #expect(
            try ctl(socket + ["set", "all/exposure", "-1.5", "fade", "2f"]) == ("applied r1\n", 0))
        #expect(published.last?.values[0].to == -1.5)
        let refused = try ctl(socket + ["set", "all/exposure", "nan"])
        #expect(refused.text.hasPrefix("refused: all/exposure: not a finite number"))
        #expect(refused.status == 1)
        #expect(try ctl(socket + ["help"]).text.hasSuffix("\nok\n"))
        let lines = try ctl(socket, input: "set scene/scale 2\nget scene/scale\nundo")
        #expect(lines == ("applied r2\nok scene/scale 2\napplied r3\n", 0))
        // Far more than the sockets and pipes between hold.
        let many = String(repeating: "get all/cdl/slope\n", count: 60_000)
        let answers = try ctl(socket, input: many)
        #expect(answers.status == 0)
        #expect(answers.text.utf8.count == 60_000 * "ok all/cdl/slope 1 1 1\n".utf8.count)
    }

    @Test func `the client says what to do when there is no stage`() throws {
        let nobody = try ctl(["--socket", "/tmp/cyclorama-nobody", "version"])
        #expect(nobody.text.contains("no stage is running there – start it with"))
        #expect(nobody.status == 2)
        let nothing = try ctl([])
        #expect(nothing.text.contains("which stage? – cyclorama ctl STAGE, or --socket PATH"))
        #expect(nothing.status == 2)
        let help = try ctl(["--help"])
        #expect(help.text.contains("cyclorama ctl demo set all/exposure -1.5 fade 2s"))
        #expect(help.status == 0)
        let unknown = try ctl(["no-such-stage", "version"])
        #expect(unknown.text.contains("no stage “no-such-stage”"))
        #expect(unknown.status == 2)
    }
}
