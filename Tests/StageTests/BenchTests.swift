import FrameLoop
import FrameModel
import Geometry
import Lanes
import Platform
import Scenes
import StageModel
import StageRun
import Testing

/// What the bench measures is what the wall runs, and it is the picture it says it is.
@Suite("Bench")
struct BenchTests {
    private static let runnable = InstructionSet.allCases.filter(\.isSupported)
    private let asset = SceneAsset(scene: TestScenes.detailed(width: 512))

    private func path(_ set: InstructionSet, threads: Int) throws -> BenchPath {
        try BenchPath(
            width: 960, height: 180, threads: threads, scene: asset.prepared,
            kernels: KernelTable.of(set))
    }

    @Test(arguments: runnable)
    func `the frame path makes the octets its parts make one after the other`(
        _ set: InstructionSet
    ) throws {
        for threads in [1, 2] {
            let path = try path(set, threads: threads)
            let time = path.draw(WorkerPool(threadCount: threads))
            #expect(time.milliseconds > 0 && (time.cpuMilliseconds == nil) == (threads > 1))
            let parts = try BenchParts(path, kernels: KernelTable.of(set))
            let black = parts.hash
            let figures = parts.measure(rounds: 3)
            #expect(parts.hash == path.hash && parts.hash != black)
            #expect(figures.sampleAndGradeMilliseconds > 0 && figures.packMilliseconds > 0)
        }
    }

    /// With two threads the tiles are half as high.
    @Test func `octets and measured light are the same whatever the height of tiles`() throws {
        let set = try #require(InstructionSet.best)
        let walls = try [1, 2].map { threads in
            let path = try path(set, threads: threads)
            let limit = LiveLayout.wall(0) + WallField.averageLimit.rawValue
            path.set { $0.values[limit] = FadedValue(1) }
            let pool = WorkerPool(threadCount: threads)
            _ = path.draw(pool)
            return (path.hash, path.path.wallLight.means[0])
        }
        #expect(walls[0].0 == walls[1].0 && walls[0].1 == walls[1].1 && walls[0].1.y > 0)
    }

    @Test func `the wall has its facets and the inner frustum its share, softly edged`() throws {
        let path = try path(try #require(InstructionSet.best), threads: 1)
        path.plan()
        let plan = path.path.plan.pointee
        let stage = path.path.stage.stage
        #expect(stage.facets.count == BenchStage.facets && plan.viewCount == 2)
        #expect(abs(BenchStage.share(stage, plan.views[1]) - BenchStage.innerShare) < 0.01)
        #expect(plan.views[1].outline.softEdge > 0)
    }

    @Test func `a peer that cannot be had is named with how to get it`() {
        for program in BenchPeer.programs {
            let peer = BenchPeer(program: program, in: "/nowhere")
            #expect(
                peer.absence
                    == "\(program.file): not in /nowhere; run in the project's own folder")
        }
    }
}
