import Output
import Synchronization
import TestSupport
import Testing

@Suite struct OutputRingTests {
    @Test func `canvases are page-aligned, apart and black`() {
        let ring = OutputRing(byteCount: 5000, count: 4)
        for index in 0..<4 {
            #expect(UInt(bitPattern: ring.bytes(of: index)) % 4096 == 0)
            let octets = UnsafeRawBufferPointer(start: ring.bytes(of: index), count: 5000)
            #expect(octets.allSatisfy { $0 == 0 })
        }
        #expect(ring.bytes(of: 1) - ring.bytes(of: 0) == 8192)
    }

    @Test func `a frame goes from the filler to the sender and back`() {
        let ring = OutputRing(byteCount: 64)
        #expect(ring.takeReady() == nil)
        #expect(ring.retakeLast() == nil)
        #expect(ring.borrowLast() == nil)
        let index = ring.acquireForFilling()!
        ring.bytes(of: index).storeBytes(of: 42, as: UInt64.self)
        ring.publish(index, frame: 7, rtpTimestamp: 8)
        let canvas = ring.takeReady()!
        #expect(canvas.index == index)
        #expect(canvas.frame == 7)
        #expect(canvas.rtpTimestamp == 8)
        #expect(canvas.bytes.load(as: UInt64.self) == 42)
        #expect(ring.takeReady() == nil)
        ring.release(index)
        #expect(ring.retakeLast()?.frame == 7)
        ring.release(index)
    }

    @Test func `frames leave in the order they were published`() {
        let ring = OutputRing(byteCount: 64, count: 4)
        for frame in 0..<3 {
            ring.publish(ring.acquireForFilling()!, frame: Int64(frame), rtpTimestamp: 0)
        }
        for frame in 0..<3 {
            let canvas = ring.takeReady()!
            #expect(canvas.frame == Int64(frame))
            ring.release(canvas.index)
        }
    }

    @Test func `no free canvas is a counted drop`() {
        let ring = OutputRing(byteCount: 64)
        for frame in 0..<3 {
            ring.publish(ring.acquireForFilling()!, frame: Int64(frame), rtpTimestamp: 0)
        }
        #expect(ring.acquireForFilling() == nil)
        #expect(ring.acquireForFilling() == nil)
        #expect(ring.droppedCount == 2)
        ring.release(ring.takeReady()!.index)
        #expect(ring.acquireForFilling() != nil)
        #expect(ring.droppedCount == 2)
    }

    @Test func `the last picture is kept longest and can be sent again`() {
        let ring = OutputRing(byteCount: 64)
        for frame in 0..<9 {
            let index = ring.acquireForFilling()!
            ring.publish(index, frame: Int64(frame), rtpTimestamp: 0)
            ring.release(ring.takeReady()!.index)
            let next = ring.acquireForFilling()!
            #expect(next != index)
            #expect(ring.retakeLast()?.frame == Int64(frame))
            ring.release(index)
            ring.abandon(next)
        }
    }

    @Test func `a borrowed canvas is sent on but not filled until it is given back`() {
        let ring = OutputRing(byteCount: 64)
        ring.publish(ring.acquireForFilling()!, frame: 1, rtpTimestamp: 0)
        let borrowed = ring.borrowLast()!
        #expect(ring.borrowLast() == nil)
        let sent = ring.takeReady()!
        #expect(sent.index == borrowed.index)
        ring.release(sent.index)
        let others = [ring.acquireForFilling(), ring.acquireForFilling()]
        #expect(!others.contains(borrowed.index))
        #expect(ring.acquireForFilling() == nil)
        ring.returnBorrowed(borrowed.index)
        #expect(ring.acquireForFilling() == borrowed.index)
    }

    @Test func `an unfinished canvas is never shown`() {
        let ring = OutputRing(byteCount: 64)
        let index = ring.acquireForFilling()!
        #expect(ring.borrowLast() == nil)
        ring.abandon(index)
        #expect(ring.takeReady() == nil)
        #expect(ring.borrowLast() == nil)
        #expect(ring.retakeLast() == nil)
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `any order of steps keeps one owner a canvas`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let ring = OutputRing(byteCount: 64, count: Int.random(in: 3...5, using: &random))
        var filling: [Int] = []
        var ready: [Int64] = []
        var sending: OutputRing.Canvas?
        var borrowed: OutputRing.Canvas?
        var published = Int64(0)
        var drops = 0
        for _ in 0..<20_000 {
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1:
                guard filling.isEmpty else { continue }
                guard let index = ring.acquireForFilling() else { drops += 1; continue }
                #expect(index != sending?.index && index != borrowed?.index)
                filling.append(index)
            case 2, 3:
                guard let index = filling.popLast() else { continue }
                ring.bytes(of: index).storeBytes(of: published, as: Int64.self)
                ring.publish(index, frame: published, rtpTimestamp: UInt32(published))
                ready.append(published)
                published += 1
            case 4:
                guard let index = filling.popLast() else { continue }
                ring.abandon(index)
            case 5:
                guard sending == nil else { continue }
                sending = ring.takeReady()
                #expect(sending?.frame == (ready.isEmpty ? nil : ready.removeFirst()))
            case 6:
                if let canvas = sending {
                    #expect(canvas.bytes.load(as: Int64.self) == canvas.frame)
                    ring.release(canvas.index)
                    sending = nil
                } else if ready.isEmpty, let canvas = ring.retakeLast() {
                    #expect(canvas.frame == published - 1)
                    ring.release(canvas.index)
                }
            default:
                if let canvas = borrowed {
                    #expect(canvas.bytes.load(as: Int64.self) == canvas.frame)
                    ring.returnBorrowed(canvas.index)
                    borrowed = nil
                } else {
                    borrowed = ring.borrowLast()
                }
            }
            #expect(ring.droppedCount == drops)
        }
        #expect(published > 1000)
    }

    /// A ring and what its threads saw, shared by them.
    private final class Exchange: Sendable {
        let ring = OutputRing(byteCount: 4096)
        let isDone = Atomic<Bool>(false)
        let torn = Atomic<Int>(0)
        let received = Atomic<Int>(0)

        func isWhole(_ canvas: OutputRing.Canvas) -> Bool {
            (0..<512).allSatisfy {
                canvas.bytes.load(fromByteOffset: 8 * $0, as: Int64.self) == canvas.frame
            }
        }

        func fill(frames: Int64) {
            for frame in 0..<frames {
                guard let index = ring.acquireForFilling() else { continue }
                for word in 0..<512 {
                    ring.bytes(of: index).storeBytes(
                        of: frame, toByteOffset: 8 * word, as: Int64.self)
                }
                ring.publish(index, frame: frame, rtpTimestamp: 0)
            }
            isDone.store(true, ordering: .releasing)
        }

        func send() async {
            var last = Int64(-1)
            while true {
                let ends = isDone.load(ordering: .acquiring)
                guard let canvas = ring.takeReady() else {
                    if ends { return }
                    await Task.yield()
                    continue
                }
                let isNext = canvas.frame > last && isWhole(canvas)
                if !isNext { torn.wrappingAdd(1, ordering: .relaxed) }
                last = canvas.frame
                received.wrappingAdd(1, ordering: .relaxed)
                ring.release(canvas.index)
            }
        }

        func watch() async {
            while !isDone.load(ordering: .acquiring) {
                if let canvas = ring.borrowLast() {
                    if !isWhole(canvas) { torn.wrappingAdd(1, ordering: .relaxed) }
                    ring.returnBorrowed(canvas.index)
                }
                await Task.yield()
            }
        }
    }

    @Test func `two threads and a monitor never see a torn frame`() async {
        let exchange = Exchange()
        let frames = Int64(50_000)
        async let sent: Void = exchange.send()
        async let watched: Void = exchange.watch()
        async let filled: Void = exchange.fill(frames: frames)
        _ = await (sent, watched, filled)
        let received = exchange.received.load(ordering: .relaxed)
        #expect(exchange.torn.load(ordering: .relaxed) == 0)
        #expect(received + exchange.ring.droppedCount == Int(frames))
        #expect(received > 0)
    }
}
