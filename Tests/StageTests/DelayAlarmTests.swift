import FrameLoop
import Glibc
import Testing
import Timing
import Tracking

/// What a stage's own loop state says of a delay that changes.
@Suite struct `A changed delay` {
    /// Degrees; ± 10° to and fro, fast where the delay changes.
    private static func pan(_ host: HostTime) -> Double {
        10 * sin(2 * .pi * Double(host - VirtualStage.host(VirtualStage.first300)) * 1e-9 / 3.1)
    }

    /// Packets of a pan, some of which come later by a step.
    private func run(step: Double) -> (alarm: HostTime?, change: Int64) {
        let state = LoopState.allocate(VirtualStage.stage())
        defer { state.deallocate() }
        let change = VirtualStage.host(VirtualStage.first300)
        var alarm: HostTime?
        for frame in VirtualStage.firstFrame..<VirtualStage.firstFrame + 600 {
            let captured = VirtualStage.host(frame)
            let arrival = captured + (captured >= change ? Int64(step * 1e9) : 0)
            freeD(pan: Self.pan(captured), 0, 0, 1.5).withUnsafeBytes {
                state.pointee.timelines[0].accept(
                    datagram: $0, sender: 1, arrivalTime: arrival)
            }
            if alarm == nil, state.pointee.timelines[0].delayWatch.isAlarm { alarm = arrival }
        }
        return (alarm, state.pointee.timelines[0].delayWatch.change)
    }

    @Test func `raises the alarm of a stage beyond a quarter of its own frame`() throws {
        // A frame of 59.94 Hz is 16.7 ms: 4.17 are a quarter.
        let begin = VirtualStage.host(VirtualStage.first300)
        for step in [0.035, 0.005] {
            let (alarm, change) = run(step: step)
            let raised = try #require(alarm, "\(step)")
            #expect(raised - begin < 1_000_000_000)
            #expect(abs(Double(change) * 1e-9 - step) < 0.001)
        }
        #expect(run(step: 0.003).alarm == nil)
    }
}

extension VirtualStage {
    /// Five seconds on.
    fileprivate static var first300: Int64 { firstFrame + 300 }
}
