import Output
import Testing

@Suite struct `An output's turns` {
    private func publish(_ frame: Int64, to ring: OutputRing) {
        guard let index = ring.acquireForFilling() else { return }
        ring.bytes(of: index).storeBytes(of: frame, as: Int64.self)
        ring.publish(index, frame: frame, rtpTimestamp: 0)
    }

    @Test func `nothing is sent before the first picture`() {
        let ring = OutputRing(byteCount: 64)
        var turns = OutputTurns(ring: ring)
        #expect(turns.picture(at: 1) == nil)
        #expect(turns.repeatCount == 0)
    }

    @Test func `a picture goes out once an instant and again while there is no newer`() {
        let ring = OutputRing(byteCount: 64)
        var turns = OutputTurns(ring: ring)
        publish(1, to: ring)
        for (instant, repeats) in [(Int64(2), 0), (3, 1), (4, 2)] {
            #expect(turns.picture(at: instant)?.frame == 1)
            #expect(turns.repeatCount == repeats)
        }
        publish(4, to: ring)
        #expect(turns.picture(at: 5)?.frame == 4)
        #expect(turns.repeatCount == 2)
    }

    @Test func `of several pictures the newest is sent and the others are free again`() {
        let ring = OutputRing(byteCount: 64, count: 4)
        var turns = OutputTurns(ring: ring)
        for frame in 1...3 { publish(Int64(frame), to: ring) }
        #expect(turns.picture(at: 9)?.frame == 3)
        for frame in 9...11 { publish(Int64(frame), to: ring) }
        #expect(ring.droppedCount == 0)
    }

    @Test func `a picture waits for its instant however late the sender wakes`() {
        let ring = OutputRing(byteCount: 64)
        var turns = OutputTurns(ring: ring)
        publish(1, to: ring)
        publish(2, to: ring)
        #expect(turns.picture(at: 2)?.frame == 1)
        #expect(turns.picture(at: 3)?.frame == 2)
        #expect(turns.repeatCount == 0)
    }

    @Test func `what is being sent is never filled, and is given back at the end`() {
        let ring = OutputRing(byteCount: 64)
        var turns = OutputTurns(ring: ring)
        publish(1, to: ring)
        let canvas = turns.picture(at: 2)
        for frame in 2...4 { publish(Int64(frame), to: ring) }
        #expect(canvas?.bytes.load(as: Int64.self) == 1)
        #expect(ring.droppedCount == 1)
        turns.end()
        publish(5, to: ring)
        #expect(ring.droppedCount == 1)
    }
}
