import Color
import FrameLoop
import FrameModel
public import Lanes
import Platform
import Scenes
import StageModel
import Synchronization

/// What grades cost on the whole frame path: paths of the same picture in turns, 1920 × 1080, one
/// thread.
public struct BenchGrades: Encodable, Sendable {
    /// One grade and what its frames took.
    public struct Row: Encodable, Sendable {
        /// What is done to the picture.
        public var name: String
        /// Half of the frames were faster.
        public var medianMilliseconds: Double
        /// The fastest frame.
        public var minMilliseconds: Double
        /// Median of the processor time over that of the neutral grade.
        public var ratio: Double
    }

    /// x86-64 level of the kernels.
    public var level: Int32
    /// Every grade.
    public var rows: [Row]
    /// Ratio of the exact stack with every control in use.
    public var exact: Double
    /// Ratio of the same stack as a table.
    public var baked: Double
    /// Ratio of the same stack with a look and a correction, all passed by.
    public var passedBy: Double

    /// A line a grade.
    public var lines: [String] {
        rows.map {
            "\($0.name): \(rounded($0.medianMilliseconds)) ms, at best "
                + "\(rounded($0.minMilliseconds)); \(rounded($0.ratio)) × neutral"
        }
    }

    private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}

extension BenchGrades {
    /// Frames that touch memory before any counts.
    private static let warmUps = 2
    private static let (width, height) = (1920, 1080)

    /// A grade as an operator sets it.
    private struct Contender {
        let name: String
        var isBaked = false
        /// The wall's correction.
        var correct: (@Sendable (BenchPath) -> Void)?
        let set: @Sendable (inout LiveState) -> Void
    }

    /// Measures every grade, in turns, on a thread as the loop has it.
    public static func report(kernels set: InstructionSet, rounds: Int) throws -> BenchGrades {
        let outcome = Outcome()
        let thread = try Threads.start(name: "cyc-bench") {
            Threads.makeRealTime(priority: 40)
            outcome.result.withLock { $0 = Result { try measure(kernels: set, rounds: rounds) } }
        }
        thread.join()
        return try outcome.result.withLock { try $0!.get() }
    }

    private final class Outcome: Sendable {
        let result = Mutex<Result<BenchGrades, any Error>?>(nil)
    }

    private static func measure(kernels set: InstructionSet, rounds: Int) throws -> BenchGrades {
        let asset = SceneAsset(scene: BenchStage.scene())
        let looks = LookTable()
        let look = PreparedLook(filmLook)
        guard looks.give(look) else { throw RunError("the bench's look found no room") }
        let fingerprint = look.reference.constants.fingerprint
        let pool = WorkerPool(threadCount: 1)
        let contenders = contenders(look: fingerprint)
        var bakes: [PreparedLook] = []
        defer { withExtendedLifetime(bakes) {} }
        var turns = try contenders.map { contender in
            let path = try BenchPath(
                width: width, height: height, threads: 1, scene: asset.prepared,
                kernels: KernelTable.of(set), looks: looks)
            path.set(contender.set)
            contender.correct?(path)
            if contender.isBaked { path.set { bakes += path.path.stage.bakeAll(&$0) } }
            return BenchTurns(name: contender.name) { path.draw(pool) }
        }
        for round in 0..<(rounds + warmUps) {
            for index in turns.indices { turns[index].take(round: round - warmUps) }
        }
        let rows = turns.compactMap { $0.row(width: width, height: height) }
        let told = rows.map {
            Row(
                name: $0.name, medianMilliseconds: $0.medianMilliseconds,
                minMilliseconds: $0.minMilliseconds,
                ratio: ratio($0.medianCPUMilliseconds, rows[0].medianCPUMilliseconds))
        }
        func named(_ name: String) -> Double { told.first { $0.name == name }?.ratio ?? .nan }
        return BenchGrades(
            level: set.rawValue, rows: told, exact: named("exact"), baked: named("baked"),
            passedBy: named("passed by"))
    }

    private static func ratio(_ time: Double?, _ neutral: Double?) -> Double {
        (time ?? .nan) / (neutral ?? .nan)
    }

    private static func contenders(look: UInt64) -> [Contender] {
        [
            Contender(name: "neutral") { _ in },
            Contender(name: "offsets on light") { offset(&$0, LiveLayout.all) },
            Contender(name: "one CDL on light") { correct(&$0, LiveLayout.all, inCodes: false) },
            Contender(name: "one CDL on codes") { correct(&$0, LiveLayout.all, inCodes: true) },
            Contender(name: "one look") { show(&$0, LiveLayout.all, look) },
            Contender(name: "exact") { fullStack(&$0, look) },
            Contender(name: "baked", isBaked: true) { fullStack(&$0, look) },
            Contender(name: "passed by", correct: { $0.correctWall() }) { passBy(&$0, look) },
            Contender(name: "corrected wall", correct: { $0.correctWall(levelsAngle: false) }) {
                _ in
            },
            Contender(name: "and its view angle", correct: { $0.correctWall() }) { _ in },
            Contender(name: "and a table", correct: { $0.correctWall(hasTable: true) }) { _ in },
        ]
    }

    /// Every kind of control in use: exposure and white balance in each scope, a CDL and wheels on
    /// codes with a look table for everything, a CDL on light for the wall, and a saturation for
    /// the inner frustum and outside it.
    private static func fullStack(_ live: inout LiveState, _ look: UInt64) {
        let wall = LiveLayout.scope(wall: 0)
        let views = [LiveLayout.scope(camera: 0), LiveLayout.outer]
        for (index, scope) in ([LiveLayout.all, wall] + views).enumerated() {
            put(&live, scope, .exposure, 0.2 - 0.1 * Double(index))
            put(&live, scope, .temperature, 6000 + 300 * Double(index))
        }
        correct(&live, LiveLayout.all, inCodes: true)
        show(&live, LiveLayout.all, look)
        correct(&live, wall, inCodes: false)
        for view in views { put(&live, view, .saturation, 0.9) }
    }

    /// The same with a switch over it all: before and after.
    private static func passBy(_ live: inout LiveState, _ look: UInt64) {
        fullStack(&live, look)
        let views = [LiveLayout.scope(camera: 0), LiveLayout.outer]
        for scope in [LiveLayout.all, LiveLayout.scope(wall: 0)] + views {
            put(&live, scope, .isBypassed, 1)
        }
        live.values[LiveLayout.wall(0) + WallField.isUncorrected.rawValue] = FadedValue(1)
    }

    private static func put(
        _ live: inout LiveState, _ scope: Int, _ field: GradeField, _ value: Double
    ) {
        live.values[LiveLayout.grade(scope: scope) + field.rawValue] = FadedValue(value)
    }

    private static func correct(_ live: inout LiveState, _ scope: Int, inCodes: Bool) {
        let first = LiveLayout.grade(scope: scope)
        let cdl: [(GradeField, [Double])] = [
            (.slopeRed, [1.1, 1, 0.95]), (.offsetRed, [0.01, 0, -0.01]),
            (.powerRed, [1.05, 1.1, 0.95]), (.gammaRed, [1.02, 1, 1.01]),
        ]
        for (field, values) in cdl {
            for (channel, value) in values.enumerated() {
                live.values[first + field.rawValue + channel] = FadedValue(value)
            }
        }
        put(&live, scope, .saturation, 1.1)
        put(&live, scope, .isInCodes, inCodes ? 1 : 0)
    }

    /// Printer lights: nothing is raised to a power.
    private static func offset(_ live: inout LiveState, _ scope: Int) {
        put(&live, scope, .offsetRed, 0.01)
        put(&live, scope, .saturation, 1.1)
        put(&live, scope, .isInCodes, 0)
    }

    private static func show(_ live: inout LiveState, _ scope: Int, _ look: UInt64) {
        live.looks[0] = look
        put(&live, scope, .lookSlot, 1)
    }

    /// A table such as films are given: a soft contrast, warm lights, cold shadows.
    private static var filmLook: Look {
        let cube = CubeLUT(side: 33) { codes in
            let mean = codes.sum() / 3
            let warm = ColorTriple(0.02, 0, -0.02) * (mean - 0.4)
            let curved = codes + 0.3 * (codes - 0.4) * codes * (ColorTriple(1, 1, 1) - codes)
            return curved + warm + 0.05 * (curved - ColorTriple(repeating: curved.sum() / 3))
        }
        return Look(title: "film", steps: [.cube(cube)])
    }
}
