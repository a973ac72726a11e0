import CPlatform
import Glibc
import Timing

/// A program started to do one thing, its output read, its time limited: what breaks in it breaks
/// nothing here.
///
/// It starts in the calling thread's class and on its cores, with no signal blocked, and inherits
/// one descriptor besides its output. It is a process group of its own: Ctrl-C is for whoever
/// started it to pass on.
public enum ChildProcess {
    /// How a child ended.
    public enum End: Sendable, Equatable {
        /// By itself.
        case exited(code: Int32)
        /// Of a signal.
        case killed(signal: Int32)
        /// It was stopped: it took too long.
        case tooSlow
        /// It was stopped: it said nothing while it used its share of CPU time, or waited for
        /// something that never came.
        case silent
        /// It was stopped: nobody waits for it any more.
        case canceled
    }

    /// The descriptor under which a child finds the one it inherits.
    public static let inherited: Int32 = 3
    /// Bytes of output kept: some hundred lines.
    private static let outputMax = 64 << 10
    /// From one look at time and cancellation to the next, milliseconds.
    private static let pause: Int32 = 50

    /// Runs a program to its end; what it wrote to standard output and error, and how it ended.
    ///
    /// Throws one sentence when it cannot be started.
    /// - Parameters:
    ///   - descriptor: what it inherits.
    ///   - seconds: it takes at most.
    ///   - silence: seconds of CPU time it may use, or may wait without using any, from one output
    ///     to the next; time in which the machine does not let it run is not counted.
    ///   - isCanceled: nobody waits for it any more.
    public static func run(
        _ executable: String, _ arguments: [String], inheriting descriptor: Int32, seconds: Double,
        silence: Double = .infinity, isCanceled: () -> Bool
    ) throws(Threads.Refusal) -> (end: End, output: String) {
        var pipe: [Int32] = [-1, -1]
        guard Glibc.pipe(&pipe) == 0 else {
            throw Threads.Refusal(description: "a pipe: \(errorText(errno))")
        }
        defer { close(pipe[0]) }
        let child = try spawn(
            executable, arguments, descriptor: descriptor, outputThenClosed: pipe[1])
        let deadline = Clocks.now() + Int64(seconds * 1e9)
        var watch = SilenceWatch(child, silence: silence)
        var output: [UInt8] = []
        var stopped: End?
        func stopIfDue() {
            guard stopped == nil else { return }
            if isCanceled() {
                stopped = .canceled
            } else if Clocks.now() >= deadline {
                stopped = .tooSlow
            } else if watch.isHung(output.count) {
                stopped = .silent
            }
            if stopped != nil { kill(child, SIGKILL) }
        }
        while read(pipe[0], &output) { stopIfDue() }
        var status: Int32 = 0
        // It may have closed its output and go on.
        while stopped == nil, waitpid(child, &status, WNOHANG) == 0 {
            stopIfDue()
            if stopped == nil { Clocks.sleep(until: Clocks.now() + Int64(pause) * 1_000_000) }
        }
        if stopped != nil { while waitpid(child, &status, 0) < 0, errno == EINTR {} }
        let killer = status & 0x7f
        let end = killer == 0 ? End.exited(code: status >> 8 & 0xff) : .killed(signal: killer)
        return (stopped ?? end, String(decoding: output, as: UTF8.self))
    }

    /// Waits a moment for output; false at its end.
    private static func read(_ descriptor: Int32, _ output: inout [UInt8]) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, pause) > 0 else { return true }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count < 0 { return errno == EINTR }
        output += buffer[..<count].prefix(max(0, outputMax - output.count))
        return count > 0
    }

    private static func spawn(
        _ executable: String, _ arguments: [String], descriptor: Int32,
        outputThenClosed output: Int32
    ) throws(Threads.Refusal) -> pid_t {
        defer { close(output) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        posix_spawn_file_actions_adddup2(&actions, descriptor, inherited)
        cyc_close_from(&actions, inherited + 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
        var argv: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) }
        argv.append(nil)
        defer { argv.forEach { free($0) } }
        var child = pid_t()
        let failure = posix_spawn(&child, executable, &actions, &attributes, &argv, environ)
        guard failure == 0 else {
            throw Threads.Refusal(
                description: "\(executable) did not start: \(errorText(failure))")
        }
        return child
    }

    /// Makes the calling process the first the system ends when memory runs out.
    public static func goFirst() {
        let descriptor = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = write(descriptor, "1000", 4)
        close(descriptor)
    }

    /// Bytes programs can take before the system has to page (MemAvailable, proc(5)); nil where it
    /// does not say.
    public static var availableMemory: Int? {
        let descriptor = open("/proc/meminfo", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return nil }
        for line in String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 1, words[0] == "MemAvailable:" else { continue }
            return Int(words[1]).map { $0 << 10 }
        }
        return nil
    }

    /// Bytes of addresses the calling process has in use (statm of proc(5)): those of libraries
    /// too, which `limitMemory` counts as well.
    public static var addressSpace: Int {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return 0 }
        let pages = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ").first
        return (pages.flatMap { Int($0) } ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Limits the calling process's memory: what it asks for beyond it is refused.
    public static func limitMemory(to bytes: Int) {
        var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
        setrlimit(__rlimit_resource_t(9), &limit)
    }
}
