import Geometry
import Timing

extension Timeline {
    /// Takes one datagram of a FreeD sender, whatever it holds.
    /// - Frame path: yes
    mutating func accept(
        freeD datagram: UnsafeRawBufferPointer, _ options: FreeDOptions, sender: UInt32,
        arrivalTime: HostTime
    ) {
        do throws(FreeD.Fault) {
            for i in 0..<(try FreeD.messageCount(in: datagram)) {
                let start = i * FreeD.messageSize
                let bytes = UnsafeRawBufferPointer(
                    rebasing: datagram[start..<(start + FreeD.messageSize)])
                accept(message: bytes, options, sender: sender, arrivalTime: arrivalTime)
            }
        } catch {
            tally.count(error)
        }
    }

    private mutating func accept(
        message bytes: UnsafeRawBufferPointer, _ options: FreeDOptions, sender: UInt32,
        arrivalTime: HostTime
    ) {
        do throws(FreeD.Fault) {
            let message = try FreeD.decode(bytes, ignoresChecksum: options.ignoresChecksum)
            // Some senders take another port for each packet: an address is one speaker.
            let speaker = UInt64(sender) << 16
            guard isOurs(message, options, from: speaker, at: arrivalTime) else { return }
            let angles = message.angles(options)
            var sample = TrackingSample(
                rotation: Quaternion(pan: angles.pan, tilt: angles.tilt, roll: angles.roll),
                position: message.position(options), cameraID: UInt32(message.cameraID),
                fingerprint: fingerprint(bytes), speaker: speaker, arrivalTime: arrivalTime)
            let (zoom, focus) = message.lens(options)
            sample.lens.say(.zoom, zoom)
            sample.lens.say(.focus, focus)
            sample.count = UInt8(message.spare >> 12)
            take(sample)
        } catch {
            tally.count(error)
        }
    }

    private mutating func isOurs(
        _ message: FreeD.Message, _ options: FreeDOptions, from speaker: UInt64,
        at arrivalTime: HostTime
    ) -> Bool {
        if let id = options.cameraID, id != message.cameraID {
            tally.foreignCamera &+= 1
            return false
        }
        if options.sender != 0, UInt64(options.sender) << 16 != speaker {
            tally.foreignSender &+= 1
            return false
        }
        guard let newest = liveSample(at: arrivalTime) else { return true }
        if newest.cameraID != UInt32(message.cameraID) {
            tally.foreignCamera &+= 1
            return false
        }
        if newest.speaker != speaker {
            tally.foreignSender &+= 1
            return false
        }
        return true
    }
}
