import FrameModel
import Platform
import Scenes
import StageModel
import StageRun
import Synchronization
import Testing
import Timing

/// Threads that do nothing but run, until told to stop.
private final class Burners: Sendable {
    private let stopping = Atomic<Bool>(false)

    func start(_ count: Int) throws -> [Threads.Running] {
        try (0..<count).map { index in
            try Threads.start(name: "burner-\(index)") { [self] in
                while !stopping.load(ordering: .relaxed) {}
            }
        }
    }

    func stop() { stopping.store(true, ordering: .relaxed) }
}

@Suite(.serialized) struct `Our own threads in the way` {
    /// A stage at 480 Hz without cameras or outputs: its frames are made quickly, if it has a core.
    private static var stage: Stage {
        var stage = VirtualStage.stage()
        stage.rate = FrameRate(480)!
        (stage.sources, stage.cameras) = ([], [])
        return stage
    }

    /// Makes frames, each begun at its tick, until so many were late; the totals.
    private func make(_ stage: SteppedStage, late: Int) -> SteppedStage.Totals {
        var frame: Int64 = 1_000_000
        while stage.totals.lateByUs + stage.totals.lateByMachine < late, frame < 1_020_000 {
            frame += 1
            var clock = Clocks.sample(taiOffset: 37)
            clock.tai = stage.grid.instant(of: frame)
            stage.make(frame: frame, clock: clock)
        }
        return stage.totals
    }

    @Test func `a frame that waits for them is late by us, though it computed little itself`()
        throws
    {
        let stage = try SteppedStage(stage: Self.stage, threads: 2, sdpDirectory: "/tmp")
        let asset = SceneAsset(scene: TestScenes.checker(width: 512))
        var live = LiveState()
        live.scene = SceneInUse(slot: 0, generation: stage.give(asset, slot: 0), startFrame: 0)
        stage.publish(live)
        let burners = Burners()
        let running = try burners.start(4 * Threads.coreCount)
        let totals = make(stage, late: 40)
        burners.stop()
        running.forEach { $0.join() }
        stage.end()
        // The machine has its own delays meanwhile: other programs, the host.
        #expect(totals.lateByUs + totals.lateByMachine >= 40, "\(totals)")
        #expect(totals.lateByUs > 4 * totals.lateByMachine, "\(totals)")
    }
}
