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
            throw Refusal(description: "thread \(name): \(String(cString: strerror(failure)))")
        }
        return Running(thread)
    }

    /// Asks for the real-time class; false when the system refuses (then the normal class stays).
    @discardableResult
    public static func makeRealTime(priority: Int) -> Bool { cyc_real_time(Int32(priority)) == 0 }

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
                description: "memory file \(name): \(String(cString: strerror(-descriptor)))")
        }
        return descriptor
    }

    /// Cores this process may run on.
    public static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
