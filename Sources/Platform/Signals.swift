public import Glibc

/// Signals taken by `sigwait` on one thread instead of by handlers on any.
public enum Signals {
    /// Blocks signals on this thread and on every thread it starts; returns their set.
    public static func block(_ signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        return set
    }

    /// Ignores what a closed terminal or a reader that is gone sends, here and in programs started
    /// from here: neither is a reason to stop a wall.
    public static func outliveTerminal() {
        signal(SIGHUP, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
    }

    /// One of the blocked signals has come: who works looks now and then, and ends cleanly.
    public static func isPending(_ set: sigset_t) -> Bool {
        var set = set
        var pending = sigset_t()
        sigpending(&pending)
        return (1..<65).contains {
            sigismember(&set, $0) == 1 && sigismember(&pending, $0) == 1
        }
    }

    /// Waits for one of the signals at most so many seconds; nil when none came.
    public static func wait(_ set: sigset_t, seconds: Double) -> Int32? {
        var set = set
        var limit = timespec(
            tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1e9))
        let signal = sigtimedwait(&set, nil, &limit)
        return signal > 0 ? signal : nil
    }
}
