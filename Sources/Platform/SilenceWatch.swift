import Glibc
import Timing

/// Whether a child process goes on: it puts something out before it has used so much CPU time, and
/// does not wait for ever.
///
/// A child of the idle class beside a busy wall may get no time at all: that is no silence of its
/// own.
struct SilenceWatch {
    private let file: String
    private let limit: Double
    private var outputs = 0
    /// CPU time at the last output, and the last seen, with when it last grew.
    private var atOutput = 0.0
    private var used = 0.0
    private var grewAt = Clocks.now()
    private var lookAt = Clocks.now()
    /// From one look to the next, nanoseconds.
    private static let pause: Int64 = 500_000_000

    init(_ child: pid_t, silence: Double) {
        (file, limit) = ("/proc/\(child)/stat", silence)
    }

    /// It has been silent for too long; `count` grows with what it puts out.
    mutating func isHung(_ count: Int) -> Bool {
        guard limit.isFinite, Clocks.now() >= lookAt else { return false }
        lookAt = Clocks.now() + Self.pause
        guard let now = vitals() else { return false }
        if now.used > used || now.wantsToRun || count != outputs { grewAt = Clocks.now() }
        used = now.used
        if count != outputs { (outputs, atOutput) = (count, used) }
        return used - atOutput > limit || Double(Clocks.now() - grewAt) * 1e-9 > limit
    }

    /// CPU seconds it has used, and whether it runs or waits for its turn (stat of proc(5)).
    private func vitals() -> (used: Double, wantsToRun: Bool)? {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return nil }
        // pid (name) state …: what follows the last bracket is counted.
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        let words = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard words.count > 12, let user = Double(words[11]), let system = Double(words[12]) else {
            return nil
        }
        return ((user + system) / Double(sysconf(Int32(_SC_CLK_TCK))), words[0] == "R")
    }
}
