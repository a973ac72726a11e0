import Control
import ControlServer
import FrameModel
import Geometry
import Glibc
import StageModel
import Synchronization
import Timing
import Tracking

/// A stage without walls, for a server that needs a parameter tree.
func bareStage() -> Stage {
    Stage(
        name: "test", rate: FrameRate(25)!, processors: [], walls: [], products: [], panels: [],
        facets: [], sources: [], cameras: [], outerEye: .zero, outputs: [],
        controlSocket: "")
}

/// A fresh private folder for sockets.
func socketFolder() -> String {
    var template = Array("/tmp/cyclorama-test-XXXXXX".utf8CString)
    return template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
}

/// A blocking client that gives up after ten seconds without an answer.
final class Wire {
    let descriptor: Int32
    private var pending: [UInt8] = []

    init(_ path: String) throws {
        descriptor = try ControlSocket.connect(path: path)
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Sends bytes; false when the other side has gone.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if sent <= 0 { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// The next line, or nil at the end of the session.
    func line() -> String? {
        while true {
            if let end = pending.firstIndex(of: 10) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeSubrange(...end)
                return line
            }
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { return nil }
            pending.append(contentsOf: buffer[..<count])
        }
    }

    func ask(_ text: String) -> String? {
        send(Array((text + "\n").utf8))
        return line()
    }
}

/// What a server published, for a test to look at.
final class Published: Sendable {
    private let states = Mutex<[LiveState]>([])
    private let saved = Mutex<[UInt8]>([])
    private let lines = Mutex<[String]>([])
    private let edits = Mutex<[String]>([])

    func publish(_ state: LiveState) { states.withLock { $0.append(state) } }
    func keep(_ bytes: [UInt8]) { saved.withLock { $0 = bytes } }
    func log(_ line: String) { lines.withLock { $0.append(line) } }
    func edited(_ edit: EditNote, _ who: String) {
        edits.withLock { $0.append("\(edit.text), by \(who)") }
    }

    var last: LiveState? { states.withLock { $0.last } }
    var count: Int { states.withLock { $0.count } }
    var kept: String { saved.withLock { String(decoding: $0, as: UTF8.self) } }
    var logged: [String] { lines.withLock { $0 } }
    var editNotes: [String] { edits.withLock { $0 } }
}
