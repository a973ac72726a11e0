import Foundation
import Glibc
import StageModel
import StageTwin

/// A UDP port of the test's own that a stage sends RTP to, read with a small parser of its own
/// (RFC 4175) beside the twin's strict receiver.
final class WireReader {
    /// A frame that ended with a marker and had every octet.
    struct Frame {
        var timestamp: UInt32
        /// Sequence number of its last packet, extended.
        var sequence: UInt32
        var octets: [UInt8]
        /// When its marker was read.
        var time: ContinuousClock.Instant
    }

    let port: UInt16
    let width: Int
    let height: Int
    /// What the twin's receiver makes of the same datagrams.
    private(set) var strict: StreamReceiver
    /// Whole frames since the last `forget`.
    private(set) var frames: [Frame] = []
    /// Rows or packets missing, double or in the wrong place.
    private(set) var faults = 0
    private let descriptor: Int32
    private var octets: [UInt8]
    private var filled = 0
    private var nextSequence: UInt32?
    private var buffer = [UInt8](repeating: 0, count: 65536)

    /// A reader of 10-bit RGB on a free port of the loopback.
    init(width: Int, height: Int) throws {
        (self.width, self.height) = (width, height)
        octets = [UInt8](repeating: 0, count: width * height * 30 / 8)
        strict = StreamReceiver(
            format: StreamFormat(
                width: width, height: height, sampling: .rgb, depth: 10, payloadType: 96))
        descriptor = try loopbackSocket()
        // Seconds of frames, so that a test that is busy elsewhere loses none.
        var size: Int32 = 8 << 20
        if setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &size, 4) != 0 {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4)
        }
        port = boundPort(descriptor)
    }

    deinit { close(descriptor) }

    /// Starts counting anew: frames, faults, and the strict receiver's breaks.
    func forget() {
        frames = []
        faults = 0
        nextSequence = nil
        strict.restart()
    }

    /// Reads until something holds or the time is up; true when it holds.
    func read(seconds: Double, until isDone: () -> Bool = { false }) -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while !isDone() {
            let left = (end - ContinuousClock.now) / .milliseconds(1)
            guard left > 0 else { return false }
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&wanted, 1, Int32(min(left, 20).rounded(.up))) > 0 { readOne() }
        }
        return true
    }

    private func readOne() {
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        guard count >= 20 else { return }
        buffer.withUnsafeBytes { strict.take(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        func word(_ at: Int) -> Int { Int(buffer[at]) << 8 | Int(buffer[at + 1]) }
        let sequence = UInt32(word(12)) << 16 | UInt32(word(2))
        if let nextSequence, nextSequence != sequence { faults += 1 }
        nextSequence = sequence &+ 1
        // Our frames have one row header a packet: length, row, pixel.
        let (length, row, pixel) = (word(14), word(16), word(18))
        let at = (row * width + pixel) * 30 / 8
        guard length == count - 20, at + length <= octets.count, at == filled else {
            faults += 1
            filled = 0
            return
        }
        octets.replaceSubrange(at..<at + length, with: buffer[20..<count])
        filled += length
        guard buffer[1] & 0x80 != 0 else { return }
        if filled == octets.count {
            frames.append(
                Frame(
                    timestamp: UInt32(word(4)) << 16 | UInt32(word(6)), sequence: sequence,
                    octets: octets, time: .now))
        } else {
            faults += 1
        }
        filled = 0
    }
}

/// A UDP socket bound to a free port of the loopback.
func loopbackSocket() throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let failure = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard descriptor >= 0, failure == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    return descriptor
}

/// The port a socket is bound to.
func boundPort(_ descriptor: Int32) -> UInt16 {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            getsockname(descriptor, $0, &size)
        }
    }
    return UInt16(bigEndian: address.sin_port)
}

/// Sends a datagram to a port of the loopback; whether all of it went.
func sendDatagram(_ bytes: [UInt8], from descriptor: Int32, to port: UInt16) -> Bool {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let sent = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            sendto(
                descriptor, bytes, bytes.count, 0, $0,
                socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    return sent == bytes.count
}
