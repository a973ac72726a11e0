import Geometry
import Platform
import TestSupport
import Tracking

/// Two trackers on the loopback, one of them ill-behaved, both of which now and then fall silent.
struct PacketScript {
    private let senders: [DatagramSender]
    private let moves: [Tracking.Move]
    private var last: [[UInt8]]
    private var random = SeededRandom(seed: 3)

    /// Trackers that send to these ports, as cameras 1 and up.
    init(ports: [UInt16]) throws {
        senders = try ports.map { try DatagramSender(address: 0x7F00_0001, port: $0) }
        moves = [Tracking.Move(.handheld), Tracking.Move(.whip)]
        last = ports.map { _ in [] }
    }

    /// Sends what arrives before a frame.
    mutating func send(_ index: Int) {
        for source in senders.indices where !isSilent(source, index) {
            let message = message(source, index)
            send(message, source)
            last[source] = message
        }
        bad(index)
    }

    /// Silences of half a second, which is stale, and of two and a half, which is lost.
    private func isSilent(_ source: Int, _ index: Int) -> Bool {
        switch source {
        case 0: (300..<450).contains(index % 700)
        default: (100..<130).contains(index % 230)
        }
    }

    private func message(_ source: Int, _ index: Int) -> [UInt8] {
        let seconds = Double(index) * 1001 / 60000
        let zoom = UInt32((moves[source].zoom(at: seconds) * 65535).rounded())
        return bytes(
            FreeD.Message(
                cameraID: UInt8(source + 1), pose: moves[source].pose(at: seconds), zoom: zoom,
                focus: 0x8000))
    }

    /// One kind of bad datagram a frame, in turn, to one source or the other.
    private mutating func bad(_ index: Int) {
        let source = index / 12 % senders.count
        var message = message(source, index)
        // A silent source's bad packets are of the kinds no one could take for good ones.
        let kind = isSilent(source, index) ? index % 5 : index % 12
        switch kind {
        case 0: message[28] &+= 1
        case 1: message = Array(message.prefix(Int.random(in: 0..<29, using: &random)))
        case 2: message += [0]
        case 3: message = bytes(FreeD.Message(cameraID: 9, pose: .identity))
        case 4:
            message = bytes(
                FreeD.Message(
                    cameraID: UInt8(source + 1), pan: 0x7F_FFFF, tilt: -0x80_0000,
                    roll: 0x7F_FFFF, x: 0x7F_FFFF, y: -0x80_0000, z: 0x7F_FFFF,
                    zoom: 0xFF_FFFF, focus: 0xFF_FFFF))
        case 5: message = last[(source + 1) % senders.count]
        case 6: message = last[source]
        case 7: message = (0..<29).map { _ in UInt8.random(in: 0...255, using: &random) }
        case 8: message += message
        case 9: message = [UInt8](repeating: 0xD1, count: 3000)
        case 10: message[0] = 0xD3
        default: message = self.message(source, max(0, index - 40))
        }
        send(message, source)
        if index % 500 == 250 { for _ in 0..<600 { send(message, source) } }
    }

    private func bytes(_ message: FreeD.Message) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: FreeD.messageSize)
        bytes.withUnsafeMutableBytes { FreeD.encode(message, into: $0) }
        return bytes
    }

    private func send(_ bytes: [UInt8], _ source: Int) {
        bytes.withUnsafeBytes { senders[source].send($0) }
    }
}
