import ArgumentParser
import Color
import Foundation
import Lanes
import Output
import Platform
import StageModel
import StageRun
import Timing

/// One running test pattern: canvas, packets, socket and grid.
struct PatternStream {
    let description: SessionDescription
    private let pattern: SignalPattern
    private let packer: CanvasPacker
    private let packets: RTPFramePackets
    private let sender: UDPSender
    private let grid: FrameGrid
    private let taiOffset: Int64
    private let reference: FileHandle?
    private let place: String

    init(_ command: PatternCommand) throws {
        let (host, port) = try destination(command.output)
        guard let rate = frameRate(command.rate) else {
            throw ValidationError(
                "--rate \(command.rate): not a frame rate – give 60 or 24000/1001")
        }
        guard let range: CodeRange = ["full": .full, "narrow": .narrow][command.range] else {
            throw ValidationError("--range \(command.range): is full or narrow")
        }
        guard let content = SignalPattern.Content(rawValue: command.picture) else {
            throw ValidationError("--picture \(command.picture): is chart or noise")
        }
        guard (96...127).contains(command.payloadType) else {
            throw ValidationError("--payload-type \(command.payloadType): is 96 to 127")
        }
        guard (128...OutputLimits.extendedUDPOctets).contains(command.maxUDP) else {
            throw ValidationError("--max-udp \(command.maxUDP): is 128 to 8960")
        }
        guard command.frames >= 0 else {
            throw ValidationError("--frames \(command.frames): is 0 or more")
        }
        let format = command.format.wire
        let codes = CodeFormat(depth: command.codeDepth ?? format.depth, range: range)
        do {
            packer = try CanvasPacker(
                format: format, codes: codes, width: command.width, height: command.height)
            packets = RTPFramePackets(
                cut: try RTPCut(
                    format: format, width: command.width, height: command.height,
                    udpOctets: command.maxUDP),
                rowBytes: packer.rowBytes, payloadType: command.payloadType,
                source: 0x4379_636C, firstSequence: command.firstSequence)
        } catch {
            throw ValidationError("--format \(command.format.rawValue): \(error)")
        }
        pattern = SignalPattern(
            content: content, width: command.width, height: command.height, codes: codes)
        var options = UDPSender.Options()
        options.interfaceAddress = command.interface
        options.timeToLive = command.timeToLive
        options.segmentsInKernel = !command.plainSends
        sender = try UDPSender(host: host, port: port, options: options)
        grid = FrameGrid(rate: rate)
        taiOffset = command.taiOffset
        place = command.output
        var description = SessionDescription(
            name: "Cyclorama test pattern", sourceAddress: sender.sourceAddress,
            address: sender.address, port: port, timeToLive: command.timeToLive,
            payloadType: command.payloadType, format: format, width: command.width,
            height: command.height, rate: rate, transfer: .gamma(2.4), primaries: .rec709,
            range: range)
        description.udpOctets = command.maxUDP
        self.description = description
        reference = try command.reference.map { path in
            guard FileManager.default.createFile(atPath: path, contents: nil) else {
                throw ValidationError("--reference \(path): cannot be written")
            }
            return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        }
    }

    /// Sends frames on the grid; 0 is without end.
    func send(frames: Int, dry: Bool) throws {
        let canvas = UnsafeMutableRawPointer.allocate(
            byteCount: packer.byteCount, alignment: 4096)
        defer { canvas.deallocate() }
        draw([0..<pattern.height], frame: 0, into: canvas)
        var next = grid.frame(at: now.tai) + 2
        var (sent, late) = (0, Int64(0))
        while frames == 0 || sent < frames {
            let due = dry ? next : grid.frame(at: now.tai) + 1
            late += max(0, due - next)
            // A late frame never shifts the grid: go on with the one that is due; so too when
            // somebody has set the clock back.
            if due > next || next > due + 2 { next = due }
            draw(pattern.changingRows, frame: next, into: canvas)
            try reference?.write(
                contentsOf: UnsafeRawBufferPointer(start: canvas, count: packer.byteCount))
            packets.prepare(canvas: canvas, timestamp: grid.rtpTimestamp(of: next))
            if !dry {
                Clocks.sleep(until: now.host(tai: grid.instant(of: next)))
                _ = sender.sendBurst(packets)
            }
            sent += 1
            next += 1
        }
        print(
            "\(place): \(sent) frames, \(packets.count) packets each, \(late) skipped, "
                + "\(sender.failedCount) packets failed, "
                + (sender.segmentsInKernel ? "kernel segmentation" : "a call a packet"))
        if sender.failedCount > 0 { throw ExitCode.failure }
    }

    /// Draws rows of a frame through the packer, a row a tile.
    private func draw(_ ranges: [Range<Int>], frame: Int64, into canvas: UnsafeMutableRawPointer) {
        let width = pattern.width
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 3 * width) { codes in
            let red = codes.baseAddress!
            let planes = CodePlanes(
                red: red, green: red + width, blue: red + 2 * width, stride: width)
            for row in ranges.joined() {
                pattern.drawRow(
                    row, frame: frame, red: red, green: red + width, blue: red + 2 * width)
                packer.pack(
                    planes, at: CanvasRect(x: 0, y: row, width: width, height: 1), into: canvas)
            }
        }
    }

    private var now: ClockSample { Clocks.sample(taiOffset: taiOffset) }
}

/// Host and port of `rtp://HOST:PORT`.
private func destination(_ text: String) throws -> (String, UInt16) {
    let scheme = "rtp://"
    let rest = text.hasPrefix(scheme) ? text.dropFirst(scheme.count) : text[...]
    guard text.hasPrefix(scheme), let colon = rest.lastIndex(of: ":"), colon > rest.startIndex,
        let port = UInt16(rest[rest.index(after: colon)...]), port > 0
    else {
        throw ValidationError("--output \(text): give rtp://HOST:PORT, like rtp://10.0.0.7:5004")
    }
    return (String(rest[..<colon]), port)
}

/// A rate of `60` or `24000/1001`.
private func frameRate(_ text: String) -> FrameRate? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int64($0) }
    switch parts.count {
    case 1: return parts[0].flatMap { FrameRate($0) }
    case 2:
        guard let numerator = parts[0], let denominator = parts[1] else { return nil }
        return FrameRate(numerator, denominator)
    default: return nil
    }
}
