import Glibc
import Synchronization

/// SIGINT and SIGTERM as a flag: who runs looks at it and ends cleanly.
public enum StopSignal {
    private static let raised = Atomic<Bool>(false)

    /// From now on SIGINT and SIGTERM raise the flag instead of ending the program; a second one
    /// ends it at once.
    public static func install() {
        // Read once here, so that the signal finds the flag made and takes no lock to make it.
        _ = raised.load(ordering: .relaxed)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            StopSignal.raised.store(true, ordering: .relaxed)
        }
        // Without SA_RESTART: waits end, and the flag is looked at. The handler is there once.
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
        sigaction(SIGINT, &action, nil)
        sigaction(SIGTERM, &action, nil)
    }

    /// True from the first of the signals on.
    public static var isRaised: Bool { raised.load(ordering: .relaxed) }
}
