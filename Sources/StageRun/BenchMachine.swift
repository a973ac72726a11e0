import Foundation
import Lanes

extension Bench {
    /// What the bench runs on, and what it took of it.
    static func machine(_ set: InstructionSet, _ peers: [BenchPeer]) -> BenchReport.Machine {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        let name = line?.split(separator: ":", maxSplits: 1).last ?? "unknown"
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        let present = peers.filter { $0.absence == nil }
        return BenchReport.Machine(
            processor: name.trimmingCharacters(in: .whitespaces),
            cores: ProcessInfo.processInfo.activeProcessorCount,
            kernels: "x86-64-v\(set.rawValue)",
            peers: Dictionary(
                present.map { ($0.program.file, $0.version) }, uniquingKeysWith: { $1 }),
            // Linux counts it in units of 1024 octets.
            peakMemoryBytes: usage.ru_maxrss * 1024)
    }
}
