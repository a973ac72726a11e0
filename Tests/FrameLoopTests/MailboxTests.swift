import Dispatch
import FrameLoop
import Testing

@Suite struct `The mailbox` {
    /// Bytes that betray a torn copy: every word must be the same.
    struct Payload: BitwiseCopyable, Sendable {
        var words: InlineArray<64, Int>
        init(_ value: Int) { words = InlineArray(repeating: value) }
    }

    @Test func `the reader gets the first payload before anything is published`() {
        let mailbox = Mailbox(Payload(7))
        #expect(mailbox.latest().pointee.words[0] == 7)
    }

    @Test func `the reader gets the newest payload and keeps it`() {
        let mailbox = Mailbox(Payload(0))
        mailbox.publish(Payload(1))
        mailbox.publish(Payload(2))
        #expect(mailbox.latest().pointee.words[63] == 2)
        #expect(mailbox.latest().pointee.words[63] == 2)
    }

    @Test func `payloads are never torn and never go back between two threads`() {
        let mailbox = Mailbox(Payload(0))
        let last = 200_000
        DispatchQueue.concurrentPerform(iterations: 2) { thread in
            if thread == 0 {
                for value in 1...last { mailbox.publish(Payload(value)) }
            } else {
                var newest = 0
                while newest < last {
                    let read = mailbox.latest()
                    let value = read.pointee.words[0]
                    #expect(value >= newest)
                    for index in 1..<64 where read.pointee.words[index] != value {
                        Issue.record("torn: \(value) and \(read.pointee.words[index])")
                        return
                    }
                    newest = value
                }
            }
        }
    }
}
