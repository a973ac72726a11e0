import Foundation
import Glibc
import Platform
import Timing

/// Keeps the wall alive: starts the process that runs it, and starts it again with its last state
/// when it dies.
///
/// The child keeps its show in `StateMemory`; the supervisor holds the descriptor. A clean stop
/// (SIGINT, SIGTERM) is passed on and waited for.
public struct Supervisor {
    /// A child that died sooner than this after its start counts as failing at start, seconds.
    private static let startUpSeconds = 5.0
    /// Failures at start, one after another, before the supervisor gives up: a broken config does
    /// not mend itself.
    private static let startFailuresMax = 5
    /// A child asked to stop is killed after this long, seconds.
    private static let stopSeconds = 3

    private let executable: String
    private let arguments: [String]
    private let state: StateMemory
    /// Memory file of the baked scene (`SceneMemory`).
    private let sceneDescriptor: Int32

    /// A supervisor of `executable arguments… --state-descriptor N --scene-descriptor M`.
    public init(executable: String, arguments: [String]) throws {
        self.executable = executable
        self.arguments = arguments
        state = try StateMemory()
        sceneDescriptor = try Threads.memoryFile(name: "cyclorama-scene")
    }

    /// Runs until a clean stop; returns the exit code for the shell.
    public func run() throws -> Int32 {
        var signals = Signals.block([SIGINT, SIGTERM, SIGCHLD])
        var failures = 0
        while true {
            let started = ContinuousClock.now
            let child = try spawn()
            let end = wait(for: child, &signals)
            switch end {
            case .stopped(let code): return code
            case .died(let reason):
                let lived = (ContinuousClock.now - started) / .seconds(1)
                failures = lived < Self.startUpSeconds ? failures + 1 : 0
                guard failures < Self.startFailuresMax else {
                    report("gave up: the stage died \(failures) times at start (\(reason))")
                    return 1
                }
                report("the stage died (\(reason)); starting it again with its last state")
            }
        }
    }

    private enum End {
        case stopped(Int32)
        case died(String)
    }

    private func spawn() throws -> pid_t {
        var child = pid_t()
        let words =
            [executable] + arguments + [
                "--state-descriptor", String(state.descriptor),
                "--scene-descriptor", String(sceneDescriptor),
            ]
        var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { argv.forEach { free($0) } }
        let failure = posix_spawn(&child, executable, nil, nil, &argv, environ)
        guard failure == 0 else {
            throw RunError("\(executable) did not start: \(String(cString: strerror(failure)))")
        }
        return child
    }

    private func wait(for child: pid_t, _ signals: inout sigset_t) -> End {
        var stopping = false
        while true {
            let signal = sigwaitinfo(&signals, nil)
            if signal == SIGINT || signal == SIGTERM {
                // Ctrl-C reaches the child too; a second SIGTERM does no harm.
                kill(child, SIGTERM)
                if !stopping { alarmKill(child) }
                stopping = true
            }
            var status: Int32 = 0
            guard waitpid(child, &status, WNOHANG) == child else { continue }
            let code = (status >> 8) & 0xff
            let killer = status & 0x7f
            if stopping { return .stopped(0) }
            // 0: stopped by itself as asked (--seconds); 64…: it said why and must not be repeated.
            if killer == 0 && (code == 0 || code >= 64) { return .stopped(code) }
            // It never got up and said why: a wrong stage file does not mend itself. Once it has
            // kept a state it was up, and what stops it now (a port still taken) may pass.
            if killer == 0 && state.read() == nil { return .stopped(code) }
            return .died(killer != 0 ? "signal \(killer)" : "exit code \(code)")
        }
    }

    /// Kills a child that does not stop when asked.
    private func alarmKill(_ child: pid_t) {
        _ = try? Threads.start(name: "cyc-stopper") {
            Clocks.sleep(until: Clocks.now() + Int64(Self.stopSeconds) * 1_000_000_000)
            kill(child, SIGKILL)
        }
    }

    /// The path of the running program, to start it again.
    public static func ownExecutable() throws -> String {
        do {
            return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        } catch {
            throw RunError("/proc is not mounted: start with --no-supervisor")
        }
    }

    private func report(_ text: String) {
        FileHandle.standardError.write(Data("cyclorama: \(text)\n".utf8))
    }
}
