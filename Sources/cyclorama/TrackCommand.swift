import ArgumentParser
import Foundation
import Platform
import Timing

/// Camera tracking on its own: simulated and recorded trackers, and a look at what arrives.
struct TrackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "track",
        abstract: "Send, watch or judge camera tracking (FreeD, OpenTrackIO); find its delay.",
        subcommands: [
            TrackSimulateCommand.self, TrackReplayCommand.self, TrackWatchCommand.self,
            TrackEvaluateCommand.self, TrackDelayCommand.self,
        ])
}

/// One line for the operator, printed after "Error: ".
struct TrackFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// What the track commands have in common.
enum TrackArguments {
    /// A sender to HOST:PORT.
    static func sender(
        to text: String, interface: String? = nil
    ) throws -> DatagramSender {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let port = UInt16(parts[1]), port > 0 else {
            throw TrackFault(
                "--to \(text): expected HOST:PORT with a port of 1 … 65535, as in 127.0.0.1:40000")
        }
        guard let address = IPv4.resolve(String(parts[0])) else {
            throw TrackFault(
                "--to \(text): no IPv4 address is known for \(parts[0]); check the name, or give "
                    + "the address itself")
        }
        return try DatagramSender(
            address: address, port: port,
            interface: try interface.map { try self.address($0, "--interface") } ?? 0)
    }

    /// The address of an interface of this machine, host byte order.
    static func address(_ text: String, _ option: String) throws -> UInt32 {
        guard let number = IPv4.resolve(text) else {
            throw TrackFault(
                "\(option) \(text): expected an IPv4 address of this machine, as in "
                    + "192.168.1.10 (see `ip addr`)")
        }
        return number
    }

    /// A rate such as 60, 23.976, 59.94 or 24000/1001.
    static func rate(_ text: String) throws -> FrameRate {
        let known = [
            "23.976": 24000, "23.98": 24000, "29.97": 30000, "59.94": 60000,
            "119.88": 120_000,
        ]
        if let numerator = known[text], let rate = FrameRate(Int64(numerator), 1001) {
            return rate
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int64($0) }
        if parts.count <= 2, let numerator = parts[0],
            let denominator = parts.count == 2 ? parts[1] : 1,
            let rate = FrameRate(numerator, denominator)
        {
            return rate
        }
        throw TrackFault(
            "--rate \(text): expected packets a second from 1 to 1000, as in 60, 59.94 or "
                + "24000/1001")
    }

    /// Whole packets in some seconds; nil without an end.
    static func frames(seconds: Double?, rate: FrameRate) throws -> Int? {
        guard let seconds else { return nil }
        guard seconds > 0, seconds <= 1e6 else {
            throw TrackFault("--seconds \(seconds): expected more than 0 and at most 1000000")
        }
        return Int((seconds * rate.hertz).rounded())
    }

    /// One JSON object alone on standard output.
    static func printJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// A line that is seen at once, also through a pipe.
    static func printLine(_ line: String) {
        print(line)
        fflush(nil)
    }
}
