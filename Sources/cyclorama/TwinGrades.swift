import ArgumentParser
import Foundation
import StageModel
import StageRun
import StageTwin

/// `cyclorama twin` under grades: the chart somebody else's program grades, and the verdict on
/// what the wall makes of it.
enum TwinGrades {
    /// What a program needs that makes the wanted colors.
    struct Chart: Encodable {
        /// Names of the walls, in the order of the wanted lists.
        var walls: [String]
        /// The camera that looks.
        var camera: String
        /// Scene-linear ACEScg.
        var patches: [[Double]]

        init(of run: TwinRun) {
            walls = run.builtStage.walls.map(\.name)
            camera = run.builtStage.cameras.first?.name ?? ""
            patches = run.colors.patches.map { [$0.x, $0.y, $0.z] }
        }
    }

    /// Most bytes of a file of edits or of wanted colors.
    private static let bytesMax = 16 << 20

    /// The lines of a file of edits that say something.
    static func edits(_ path: String) throws -> [String] {
        String(decoding: try read(path), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Judges color by a file of wanted colors; throws `ExitCode.failure` where a bar is missed.
    static func judge(_ run: TwinRun, wanted path: String, asJSON json: Bool) throws {
        guard let lists = try? JSONDecoder().decode([[[Double]]].self, from: read(path)),
            lists.allSatisfy({ $0.allSatisfy { $0.count == 3 } })
        else {
            throw ValidationError(
                "\(path): not a list of [red, green, blue] for each wall, as --wanted takes it")
        }
        let color = try run.judgeColors(
            wanted: lists.map { $0.map { SIMD3($0[0], $0[1], $0[2]) } })
        if json {
            try TrackArguments.printJSON(color)
        } else {
            func text(_ value: Double) -> String { String(format: "%.3f", value) }
            print(
                "color         ΔE_ITP mean \(text(color.meanDeltaEITP)) "
                    + "p99 \(text(color.p99DeltaEITP)), \(text(100 * color.reachable)) % of the "
                    + "patches reachable")
        }
        if color.meanDeltaEITP > 1 || color.p99DeltaEITP > 2 { throw ExitCode.failure }
    }

    private static func read(_ path: String) throws -> Data {
        guard let data = FileManager.default.contents(atPath: path), data.count <= bytesMax else {
            throw ValidationError(
                "\(path): cannot be read, or is over \(bytesMax >> 20) MB – give a file of text")
        }
        return data
    }
}
