import Color
import Foundation
import Glibc
import Lanes
public import Output
public import Platform
import StageModel
import Timing

/// What an output does with a finished canvas.
protocol OutputSink: AnyObject {
    /// Shows a canvas at a grid instant; false when it did not get out. Called on the output's own
    /// thread only.
    func show(_ canvas: OutputRing.Canvas, rtpTimestamp: UInt32) -> Bool
    /// The wall waits for it: its thread goes before rendering. Files never do.
    var feedsTheWall: Bool { get }
}

/// ST 2110-20 packets to one receiver, a frame in one burst.
final class RTPSink: OutputSink {
    let feedsTheWall = true
    private let packets: RTPFramePackets
    private let sender: UDPSender

    init(packets: RTPFramePackets, sender: UDPSender) {
        self.packets = packets
        self.sender = sender
    }

    func show(_ canvas: OutputRing.Canvas, rtpTimestamp: UInt32) -> Bool {
        packets.prepare(canvas: UnsafeRawPointer(canvas.bytes), timestamp: rtpTimestamp)
        return sender.sendBurst(packets)
    }
}

extension UDPSender {
    /// Sends a prepared frame's packets in one burst; false when not all of them got out.
    /// - Frame path: yes
    public func sendBurst(_ packets: RTPFramePackets) -> Bool {
        for batch in packets.batches {
            let isSent = send(
                packets.iovecs + 2 * batch.first, datagrams: batch.count, pieces: 2,
                segmentBytes: batch.segmentBytes)
            // A dead link costs one wait a frame, not one a batch.
            if !isSent { return false }
        }
        return true
    }
}

/// A Linux framebuffer device; the console is taken away and given back.
final class FramebufferSink: OutputSink {
    let feedsTheWall = true
    private let framebuffer: Framebuffer
    private let console: Console?
    private let rowBytes: Int
    private let rows: Int

    init(framebuffer: Framebuffer, rowBytes: Int, rows: Int) {
        self.framebuffer = framebuffer
        self.rowBytes = rowBytes
        self.rows = rows
        // Without a console (a rig without a virtual terminal) there is nothing to take away.
        console = try? Console()
    }

    func show(_ canvas: OutputRing.Canvas, rtpTimestamp: UInt32) -> Bool {
        framebuffer.show(canvas: canvas.bytes, rowBytes: rowBytes, rows: rows)
        return true
    }
}

/// A PNG still of each new canvas it is given, named by frame index.
final class StillsSink: OutputSink {
    let feedsTheWall = false
    private let directory: String
    private let size: (width: Int, height: Int, depth: Int)
    private let byteCount: Int
    private var last: Int64 = -1

    init(
        directory: String, size: (width: Int, height: Int, depth: Int), byteCount: Int
    ) throws {
        self.directory = directory
        self.size = size
        self.byteCount = byteCount
        try makeFolder(directory)
    }

    func show(_ canvas: OutputRing.Canvas, rtpTimestamp: UInt32) -> Bool {
        guard canvas.frame != last else { return true }
        last = canvas.frame
        let still = PNG.still(
            rawCanvas: UnsafeRawBufferPointer(start: canvas.bytes, count: byteCount),
            width: size.width, height: size.height, depth: size.depth)
        // A full disk costs stills, never frames.
        let file = URL(filePath: "\(directory)/frame-\(canvas.frame).png")
        return (try? Data(still).write(to: file)) != nil
    }
}

/// Raw codes, frame after frame, to a file or pipe; a slow reader loses whole frames, not halves.
final class RawSink: OutputSink {
    let feedsTheWall = false
    private let stream: RawStream
    private let byteCount: Int

    init(path: String, byteCount: Int) throws {
        // A reader that is slow for longer than this misses the frame.
        stream = try RawStream(path: path, timeoutMilliseconds: 20)
        self.byteCount = byteCount
    }

    func show(_ canvas: OutputRing.Canvas, rtpTimestamp: UInt32) -> Bool {
        stream.write(canvas.bytes, byteCount: byteCount)
    }
}
