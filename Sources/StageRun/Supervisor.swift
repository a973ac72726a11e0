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
    /// A child that lived this long is started again at once, seconds.
    private static let steadySeconds = 5.0
    /// Deaths before any child has run after which the supervisor gives up.
    private static let startFailuresMax = 5
    /// Longest pause before a child is started again, nanoseconds.
    private static let pauseMax: Int64 = 2_000_000_000
    /// Exit code of a child that said why it cannot run (a broken file, a port in use).
    public static let refusal: Int32 = 65
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
        Signals.outliveTerminal()
        var restarts = 0
        var hasRun = false
        var pause: Int64 = 0
        // A child that was killed could not give the console back.
        defer { if restarts > 0 { _ = Console.restore() } }
        while true {
            let started = Clocks.now()
            let child = try spawn(restarts: restarts)
            let end = wait(for: child, &signals)
            let lived = Double(Clocks.now() - started) / 1e9
            // Who has kept a state was up: what stops it now (a port still taken) may pass.
            hasRun = hasRun || state.read() != nil
            if lived >= Self.steadySeconds { pause = 0 }
            switch end {
            case .stopped(let code): return code
            case .refused where !hasRun: return 1
            case .refused:
                report("the stage could not be started again; trying until it can")
            case .died(let reason):
                guard hasRun || restarts + 1 < Self.startFailuresMax else {
                    report("gave up: the stage died \(restarts + 1) times at start (\(reason))")
                    return 1
                }
                report("the stage died (\(reason)); starting it again with its last state")
            }
            Clocks.sleep(until: Clocks.now() + pause)
            pause = min(Self.pauseMax, max(100_000_000, pause * 2))
            restarts += 1
        }
    }

    private enum End {
        case stopped(Int32)
        case refused
        case died(String)
    }

    private func spawn(restarts: Int) throws -> pid_t {
        var child = pid_t()
        let words =
            [executable] + arguments + [
                "--state-descriptor", String(state.descriptor),
                "--scene-descriptor", String(sceneDescriptor),
                "--restarts", String(restarts),
            ]
        var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { argv.forEach { free($0) } }
        let failure = posix_spawn(&child, executable, nil, nil, &argv, environ)
        guard failure == 0 else {
            throw RunError("\(executable) did not start: \(errorText(failure))")
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
            if killer == 0 && code == 0 { return .stopped(0) }
            if killer == 0 && code == Self.refusal { return .refused }
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
        tell("cyclorama: \(text)", to: .standardError)
    }
}
