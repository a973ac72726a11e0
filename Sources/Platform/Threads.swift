import CPlatform
import Glibc

/// Threads of the running stage: each has a name, a class and an owner.
public enum Threads {
    /// The system refused something a thread needs.
    public struct Refusal: Error, CustomStringConvertible, Sendable {
        /// What was asked and what the system said.
        public var description: String
    }

    /// One closure carried to a thread.
    ///
    /// `@unchecked Sendable` holds because exactly one thread takes it and runs it once.
    private final class Body: @unchecked Sendable {
        let run: @Sendable () -> Void
        let name: String
        init(name: String, _ run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// A thread that was started and can be waited for.
    public struct Running: @unchecked Sendable {
        // A pthread_t is a plain id; joining is done once, by the thread that stops the stage.
        private let thread: pthread_t
        init(_ thread: pthread_t) { self.thread = thread }

        /// Waits for the thread's end.
        public func join() { pthread_join(thread, nil) }
    }

    /// Starts a thread; denormals are zero on it.
    public static func start(
        name: String, _ body: @escaping @Sendable () -> Void
    ) throws(Refusal) -> Running {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Body(name: name, body))
        let failure = pthread_create(
            &thread, nil,
            { argument in
                let body = Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue()
                cyc_name_thread(body.name)
                cyc_flush_to_zero()
                body.run()
                return nil
            }, box.toOpaque())
        guard failure == 0 else {
            box.release()
            throw Refusal(description: "thread \(name): \(errorText(failure))")
        }
        return Running(thread)
    }

    /// Asks for the real-time class; false when the system refuses (then the normal class stays).
    @discardableResult
    public static func makeRealTime(priority: Int) -> Bool { cyc_real_time(Int32(priority)) == 0 }

    /// The calling thread, and those and programs it starts from now on, run when no other wants
    /// to; false when the system refuses.
    @discardableResult
    public static func makeIdle() -> Bool { cyc_idle_class() == 0 }

    /// Priority in the real-time class of the thread that makes a stage's frames; no other of the
    /// program has a higher one.
    public static let framePriority = 80

    /// The calling thread stands back for the one that makes frames: of the normal class where that
    /// one is granted its priority, of the idle class where it is not.
    ///
    /// A thread of the idle class that others keep from running keeps what it holds in the system
    /// meanwhile (a process's map of memory, pages on the move), and a real-time thread that wants
    /// it waits for all of them.
    public static func standBack() {
        if !(makeRealTime(priority: framePriority) && makeNormal()) { makeIdle() }
    }

    /// The calling thread, and those and programs it starts from now on, run as any other; false
    /// when the system does not let it leave the class it was started in.
    @discardableResult
    public static func makeNormal() -> Bool { cyc_normal_class() == 0 }

    /// The process gets SIGTERM when its parent dies.
    public static func stopWithParent() { cyc_stop_with_parent() }

    /// Keeps every page in memory; false when the system refuses.
    @discardableResult
    public static func lockMemory() -> Bool { mlockall(Int32(MCL_CURRENT | MCL_FUTURE)) == 0 }

    /// A memory file that a child process can inherit.
    public static func memoryFile(name: String) throws(Refusal) -> Int32 {
        let descriptor = cyc_memory_file(name)
        guard descriptor >= 0 else {
            throw Refusal(
                description: "memory file \(name): \(errorText(-descriptor))")
        }
        return descriptor
    }

    /// Gives a memory file its size for good: no process that has it can cut it under another's
    /// feet.
    ///
    /// False when the system refuses.
    public static func size(memoryFile descriptor: Int32, to bytes: Int) -> Bool {
        cyc_fix_size(descriptor, Int64(bytes)) == 0
    }

    /// Numbers of the cores the calling thread may run on, ascending.
    ///
    /// A mask set by `taskset`, a container or `keep(to:)` counts. Empty when the system does not
    /// say.
    public static var usableCores: [Int] {
        // Linux's own limit of cores (NR_CPUS on x86-64).
        var cores = [Int32](repeating: 0, count: 8192)
        let count = Int(cyc_usable_cores(&cores, Int32(cores.count)))
        return cores.prefix(max(0, count)).map { Int($0) }
    }

    /// How many cores the calling thread may run on.
    public static var coreCount: Int { max(1, usableCores.count) }

    /// Keeps the calling thread, and those it starts from now on, to some cores; false when the
    /// system refuses.
    @discardableResult
    public static func keep(to cores: [Int]) -> Bool {
        let numbers = cores.map { Int32($0) }
        return cyc_keep_to_cores(numbers, Int32(numbers.count)) == 0
    }
}
