import CAllocationProbe
import Glibc

// Counts the heap calls of the frame path while everything happens to it that may: design §4,
// "running allocates nothing". Drives the parts of a running stage in virtual time, 10,000 frames
// or `--frames N`, watching the thread that makes and sends the frames and the render workers.
// `--plant` allocates once on the frame path and once on a worker, and must be found out; `--trap`
// stops at the first heap call, for a debugger; `--json` prints one object instead of a line.

/// What the command line asks for.
struct Wishes {
    var frames = 10_000
    var threads = 2
    var isPlanted = false
    var traps = false
    var wantsJSON = false

    init?(_ arguments: [String]) {
        var rest = arguments.dropFirst()
        while let word = rest.popFirst() {
            switch word {
            case "--plant": isPlanted = true
            case "--trap": traps = true
            case "--json": wantsJSON = true
            case "--frames", "--threads":
                guard let text = rest.popFirst(), let number = Int(text), number > 0,
                    word == "--frames" || number <= 64
                else { return nil }
                if word == "--frames" { frames = number } else { threads = number }
            default: return nil
            }
        }
    }
}

guard let wishes = Wishes(CommandLine.arguments) else {
    print("usage: allocation-probe [--frames N] [--threads 1…64] [--plant] [--trap] [--json]")
    exit(2)
}
do {
    let finding = try ProbeRun(wishes).run()
    print(wishes.wantsJSON ? finding.json : finding.line)
    exit(finding.heapCalls == 0 ? 0 : 1)
} catch {
    print("allocation-probe: \(error)")
    exit(2)
}
