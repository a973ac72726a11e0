import Glibc
public import Timing

/// The machine's clocks, read together, and sleep to an instant of one of them.
public enum Clocks {
    /// CLOCK_MONOTONIC now.
    /// - Frame path: yes
    public static func now() -> HostTime { HostTime(nanoseconds: read(CLOCK_MONOTONIC)) }

    /// CPU time the calling thread has used since it began, nanoseconds.
    /// - Frame path: yes
    public static var threadCPUNanoseconds: Int64 { read(CLOCK_THREAD_CPUTIME_ID) }

    /// CPU time every thread of the program has used since it began, nanoseconds.
    /// - Frame path: yes
    public static var processCPUNanoseconds: Int64 { read(CLOCK_PROCESS_CPUTIME_ID) }

    /// MONOTONIC, REALTIME and TAI as of one instant.
    ///
    /// REALTIME and TAI are read between two readings of MONOTONIC, which stand for their middle;
    /// of three tries the closest pair is taken, so that an interruption does not count.
    /// - Parameter taiOffset: TAI − UTC in seconds used when the kernel's own offset is zero, as on
    ///   most machines without ptp4l; 37 since 2017 (IERS Bulletin C 52). `usesConfiguredOffset`
    ///   of the sample says that it was.
    /// - Frame path: yes
    public static func sample(taiOffset: Int64) -> ClockSample {
        var closest = Int64.max
        var best = ClockSample(
            host: HostTime(nanoseconds: 0), realtimeNanoseconds: 0, tai: TAITime(nanoseconds: 0))
        for _ in 0..<3 {
            let before = read(CLOCK_MONOTONIC)
            let realtime = read(CLOCK_REALTIME)
            let tai = read(CLOCK_TAI)
            let after = read(CLOCK_MONOTONIC)
            guard after - before < closest else { continue }
            closest = after - before
            // The kernel's offset is whole seconds: what is left is the time between the readings.
            let offset = Int64((Double(tai - realtime) * 1e-9).rounded())
            let seconds = offset == 0 ? taiOffset : offset
            best = ClockSample(
                host: HostTime(nanoseconds: before + (after - before) / 2),
                realtimeNanoseconds: realtime,
                tai: TAITime(nanoseconds: realtime + seconds * 1_000_000_000),
                usesConfiguredOffset: offset == 0)
        }
        return best
    }

    /// Sleeps until an instant of CLOCK_MONOTONIC, through every signal; at once when it is past.
    /// - Frame path: yes
    public static func sleep(until instant: HostTime) {
        var deadline = timespec(instant)
        // Returns the error itself, not −1; only an interruption is worth another try.
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nil) == EINTR {}
    }

    private static func timespec(_ instant: HostTime) -> Glibc.timespec {
        let (seconds, rest) = max(0, instant.nanoseconds).quotientAndRemainder(
            dividingBy: 1_000_000_000)
        return Glibc.timespec(tv_sec: Int(seconds), tv_nsec: Int(rest))
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = Glibc.timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
