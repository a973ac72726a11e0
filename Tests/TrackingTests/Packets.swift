import Foundation
import Geometry
import Timing
import Tracking

/// Bytes written as hexadecimal.
func bytes(hex: String) -> [UInt8] {
    var digits = hex.filter { !$0.isWhitespace }[...]
    var bytes: [UInt8] = []
    while let byte = UInt8(digits.prefix(2), radix: 16) {
        bytes.append(byte)
        digits = digits.dropFirst(2)
    }
    return bytes
}

extension FreeD.Message {
    /// The 29 bytes of the message.
    var encoded: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: FreeD.messageSize)
        bytes.withUnsafeMutableBytes { FreeD.encode(self, into: $0) }
        return bytes
    }
}

extension Timeline {
    /// Takes the bytes at an instant in seconds, from 10.0.0.1 unless another is named.
    mutating func accept(_ bytes: [UInt8], at seconds: Double, from sender: UInt32 = 0x0A00_0001) {
        bytes.withUnsafeBytes {
            accept(datagram: $0, sender: sender, arrivalTime: .seconds(seconds))
        }
    }

    /// Takes a message at an instant in seconds.
    mutating func accept(_ message: FreeD.Message, at seconds: Double) {
        accept(message.encoded, at: seconds)
    }

    /// The camera at an instant in seconds, seen from `lead` seconds before it.
    func state(at seconds: Double, lead: Double = 0) -> CameraState {
        var timeline = self
        return timeline.cameraState(at: .seconds(seconds), now: .seconds(seconds - lead))
    }

    /// What the tracker says of an instant in seconds.
    func measured(seconds: Double) -> (stageFromBody: Pose, lens: LensReading)? {
        var timeline = self
        return timeline.measured(at: .seconds(seconds))
    }
}

extension HostTime {
    static func seconds(_ seconds: Double) -> HostTime {
        HostTime(nanoseconds: Int64((seconds * 1e9).rounded()))
    }
}

/// Xorshift, seeded: the same numbers every run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed | 1 }
    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

let degree = Double.pi / 180
