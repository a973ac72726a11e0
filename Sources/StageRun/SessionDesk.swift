import Foundation

/// Whom a calibration session talks to: a person, and a running stage.
public struct SessionDesk {
    /// Tells the person a line.
    public var say: (String) -> Void
    /// Asks the person; nil when nobody answers any more.
    public var ask: (String) -> String?
    /// Sends a request to the running stage and returns the last line of its answer; nil: no stage
    /// runs, what is captured has been captured before.
    public var request: ((String) throws -> String)?
    /// Lets some seconds pass while the camera records.
    public var wait: (Double) -> Void
    /// The camera's feed, recorded here; nil: the person has the camera record, and tells where the
    /// pictures are.
    public var feed: CameraFeed?

    /// A desk of a person and a stage.
    public init(
        say: @escaping (String) -> Void, ask: @escaping (String) -> String?,
        request: ((String) throws -> String)?, wait: @escaping (Double) -> Void
    ) {
        (self.say, self.ask, self.request, self.wait) = (say, ask, request, wait)
    }

    /// Sets parameters of the running stage, if there is one.
    func set(_ settings: [(String, String)]) throws {
        guard let request else { return }
        for (path, value) in settings {
            let answer = try request("set \(path) \(value)")
            guard !answer.hasPrefix("refused") else {
                throw RunError("set \(path) \(value): \(answer)")
            }
        }
    }
}

/// Why a session stops without a step being done.
enum SessionPause: Error {
    /// The person goes on another day, or nobody answers.
    case away
    /// The step is begun anew.
    case again
}
