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

    /// Waits for one of the signals at most so many seconds; nil when none came.
    public static func wait(_ set: sigset_t, seconds: Double) -> Int32? {
        var set = set
        var limit = timespec(
            tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1e9))
        let signal = sigtimedwait(&set, nil, &limit)
        return signal > 0 ? signal : nil
    }
}
