import Foundation
import Lanes

extension Bench {
    /// What the bench runs on.
    static func machine(_ set: InstructionSet, _ peer: BenchPeer?) -> BenchReport.Machine {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        let name = line?.split(separator: ":", maxSplits: 1).last ?? "unknown"
        return BenchReport.Machine(
            processor: name.trimmingCharacters(in: .whitespaces),
            cores: ProcessInfo.processInfo.activeProcessorCount,
            kernels: "x86-64-v\(set.rawValue)", peer: peer?.version)
    }
}
