import ArgumentParser
import ControlServer
import Foundation
import Glibc
import StageConfig
import StageModel

/// `cyclorama ctl`: the text client of a running stage's control socket.
struct CtlCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ctl",
        abstract:
            "Ask and change a running stage: get, set, undo, scene, events, lut, cdl, correction …",
        usage: "cyclorama ctl [--socket PATH | STAGE] [REQUEST…]",
        discussion: """
            One request as arguments, or lines from standard input when there are none:

              cyclorama ctl demo set all/exposure -1.5 fade 2s
              cyclorama ctl --socket /run/cyclorama.sock list
              cyclorama ctl demo scene take station fade 2s
              cyclorama ctl demo events 50
              cyclorama ctl demo lut load 1 day.cube
              cyclorama ctl demo cdl export wall/main shot12.cdl

            `cyclorama ctl demo help` lists the requests, `cyclorama ctl demo help all/exposure` \
            explains a parameter. Ends with 1 when a request was refused, with 2 when the stage \
            cannot be reached.
            """)

    @Option(help: "Path of the control socket; without it, the first word names the stage.")
    var socket: String?

    @Argument(
        parsing: .captureForPassthrough,
        help: "The stage (a file or the name of a folder in stage-configs), then one request.")
    var words: [String] = []

    func run() throws {
        let (path, request) = try target()
        let descriptor: Int32
        do {
            descriptor = try ControlSocket.connect(path: path)
        } catch {
            throw failure("\(error)")
        }
        defer { close(descriptor) }
        var talk = ControlTalk(descriptor: descriptor)
        if request.isEmpty {
            talk.relay(from: STDIN_FILENO)
        } else {
            let line = CtlCommand.wholePaths(request).joined(separator: " ")
            let lasts = request[0].lowercased() == "subscribe"
            talk.relay(text: lasts ? "\(line)\n" : "\(line)\nquit\n")
        }
        if talk.refusals > 0 { throw ExitCode(1) }
    }

    /// A request about a file, its path from the root: the stage may run in another folder.
    static func wholePaths(_ request: [String]) -> [String] {
        let isScene = request.count >= 3 && request[0].lowercased() == "scene"
        if isScene, request[1].lowercased() == "load", request[2].contains("/"),
            !request[2].hasPrefix("/")
        {
            var out = request
            out[2] = FileManager.default.currentDirectoryPath + "/" + request[2]
            return out
        }
        guard request.count >= 4, ["lut", "cdl", "correction"].contains(request[0].lowercased()),
            ["load", "import", "export"].contains(request[1].lowercased()),
            !request[3].hasPrefix("/")
        else { return request }
        var out = request
        out[3] = FileManager.default.currentDirectoryPath + "/" + request[3]
        return out
    }

    /// The socket and the words of the request.
    private func target() throws -> (path: String, request: [String]) {
        // Everything after the first word is the request's, so that -1.5 is a number; what comes
        // before it is looked at here.
        if let first = words.first, ["--help", "-h"].contains(first) {
            throw CleanExit.helpRequest(self)
        }
        if let socket { return (socket, words) }
        guard let name = words.first else {
            throw failure("which stage? – cyclorama ctl STAGE, or --socket PATH")
        }
        switch StageConfig.load(name) {
        case .success(let stage): return (stage.controlSocket, Array(words.dropFirst()))
        case .failure(let complaints):
            throw failure("no stage “\(name)” – \(complaints)")
        }
    }

    private func failure(_ text: String) -> ExitCode {
        ControlTalk.put(Array("cyclorama ctl: \(text)\n".utf8)[...], to: STDERR_FILENO)
        return ExitCode(2)
    }
}

/// One conversation with a control socket: requests one way, answers to standard output.
struct ControlTalk {
    let descriptor: Int32
    /// Answers that were refusals.
    private(set) var refusals = 0
    private var unfinished: [UInt8] = []
    private var unsent: ArraySlice<UInt8> = []

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// Sends one text and prints answers until the stage ends the session.
    mutating func relay(text: String) {
        unsent = Array(text.utf8)[...]
        relay(from: -1)
    }

    /// Sends what comes in and prints what comes back, until the stage ends the session.
    ///
    /// More is read only when all before is sent, and answers are read all the time: neither side
    /// waits for the other for ever.
    mutating func relay(from input: Int32) {
        var input = input
        while true {
            let out = unsent.isEmpty ? 0 : POLLOUT
            var watched = [
                pollfd(fd: descriptor, events: Int16(POLLIN | out), revents: 0),
                pollfd(fd: unsent.isEmpty ? input : -1, events: Int16(POLLIN), revents: 0),
            ]
            if poll(&watched, 2, -1) < 0 {
                if errno == EINTR { continue }
                return
            }
            if Int32(watched[0].revents) & ~POLLOUT != 0 && !receive() { return }
            if Int32(watched[0].revents) & POLLOUT != 0 { send() }
            if watched[1].revents == 0 { continue }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(input, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            // At the end of the input the stage is asked to end, so that every answer still comes.
            unsent = count > 0 ? buffer[..<count] : Array("\nquit\n".utf8)[...]
            if count <= 0 { input = -1 }
        }
    }

    /// Prints what has come; false at the end of the session.
    private mutating func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0 && errno == EINTR { return true }
        guard count > 0 else { return false }
        ControlTalk.put(buffer[..<count], to: STDOUT_FILENO)
        unfinished.append(contentsOf: buffer[..<count])
        while let end = unfinished.firstIndex(of: UInt8(ascii: "\n")) {
            if unfinished[..<end].starts(with: Array("refused".utf8)) { refusals += 1 }
            unfinished.removeSubrange(...end)
        }
        return true
    }

    /// Writes all bytes, or as many as the other end takes before it goes.
    static func put(_ bytes: ArraySlice<UInt8>, to output: Int32) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Sends what the socket takes now; when the stage has gone, `receive` finds out.
    private mutating func send() {
        let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        let sent = unsent.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, flags)
        }
        if sent > 0 { unsent = unsent.dropFirst(sent) }
        if sent < 0 && errno != EINTR && errno != EAGAIN { unsent = [] }
    }
}
