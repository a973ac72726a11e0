import Foundation
import Glibc
import Platform
package import Scenes

/// Gets scenes ready for a stage: a good bake is read here; pictures and meshes are decoded and
/// baked in a child process, so that what a file breaks is that scene alone.
///
/// The child (`cyclorama decode-worker`) has a limit of memory and of time. It keeps the bake in
/// the scene's folder, or writes it to a memory file where there is no folder to keep it in.
package struct SceneWorker: Sendable {
    /// Seconds a scene may take: a set with many lights on a machine that is busy with a wall.
    private static let secondsMax = 900.0
    /// Seconds of CPU time a child may use without a sign that it goes on: a layer read, a part of
    /// it baked.
    ///
    /// The largest picture there may be takes a third of it.
    private static let silenceMax = 30.0
    /// The sign: a line of its own.
    private static let sign = "\u{1}"
    /// Address space of a child: a 16K panorama in floats, turned, its faces and its bake; less
    /// where the machine has less to give, but for what the program itself takes.
    private static let memoryMax = 16 << 30
    private static let memoryMin = 2 << 30
    /// Its exit code when it said what is wrong with the scene.
    private static let refusal: Int32 = 65

    private let executable: String
    private let isCanceled: @Sendable () -> Bool
    private let megabytes: Int?
    /// Its children run when no other program wants to.
    private var isIdle = false

    /// A worker that is this program itself, given up when `isCanceled` says so.
    /// - Parameter megabytes: memory its child may take beside the program itself; nil: what the
    ///   largest scene takes.
    package init(
        executable: String, megabytes: Int? = nil,
        isCanceled: @escaping @Sendable () -> Bool = { false }
    ) {
        (self.executable, self.megabytes, self.isCanceled) = (executable, megabytes, isCanceled)
    }

    /// The same beside a stage that runs: its children run when no other program wants to.
    package var idle: SceneWorker {
        var worker = self
        worker.isIdle = true
        return worker
    }

    /// A scene ready to be drawn.
    package func asset(
        of source: String, admit: BakedScene.Admission = { _ in }, say: (String) -> Void,
        isCanceled isUnwanted: () -> Bool = { false }
    ) throws -> SceneAsset {
        if let kept = try BakedScene.kept(source, admit: admit, say: say) { return kept }
        let memory = try Threads.memoryFile(name: "cyclorama-decode")
        defer { close(memory) }
        let (end, output) = try ChildProcess.run(
            executable,
            ["decode-worker", source] + (megabytes.map { ["--megabytes", "\($0)"] } ?? [])
                + (isIdle ? ["--idle"] : []),
            inheriting: memory, seconds: Self.secondsMax,
            silence: source.hasPrefix("generated:") ? .infinity : Self.silenceMax,
            isCanceled: { isCanceled() || isUnwanted() })
        let lines = output.split(separator: "\n").map(String.init).filter { $0 != Self.sign }
        switch end {
        case .exited(code: 0): break
        case .exited(code: Self.refusal): throw SceneComplaints(lines.isEmpty ? [source] : lines)
        case .canceled: throw RunError("\(source): given up")
        case .tooSlow:
            throw RunError(
                "\(source): not read within \(Int(Self.secondsMax)) s – try `cyclorama scene bake`")
        case .silent:
            throw RunError(
                "\(source): what reads it hung: a file in it is damaged – `cyclorama scene check` "
                    + "it")
        case .exited(let code): throw Self.broken(source, "exit code \(code)")
        case .killed(let signal): throw Self.broken(source, "signal \(signal)")
        }
        lines.forEach(say)
        var facts = stat()
        guard fstat(memory, &facts) == 0, facts.st_size == 0 else {
            return try BakedScene.read(from: memory, admit: admit)
        }
        guard let kept = try BakedScene.kept(source, admit: admit, say: say) else {
            throw RunError("\(source): its bake has changed while it was read – try again")
        }
        return kept
    }

    private static func broken(_ source: String, _ how: String) -> RunError {
        RunError(
            "\(source): what reads it was broken (\(how)): a file in it is damaged, or it takes "
                + "more memory to bake than there is (\(memoryMax >> 30) GB at most) – "
                + "`cyclorama scene check` it")
    }

    /// What the child does: decodes and bakes a scene within its limits; returns its exit code.
    ///
    /// - Parameters:
    ///   - megabytes: memory it may take; nil: what the largest scene takes.
    ///   - isIdle: runs when no other program wants to.
    package static func work(_ source: String, megabytes: Int? = nil, isIdle: Bool = false) -> Int32
    {
        Threads.stopWithParent()
        if isIdle { Threads.makeIdle() }
        ChildProcess.goFirst()
        let usual = min(memoryMax, max(memoryMin, ChildProcess.availableMemory ?? memoryMax))
        ChildProcess.limitMemory(
            to: megabytes.map { ChildProcess.addressSpace + $0 << 20 } ?? usual)
        do throws(SceneComplaints) {
            let (asset, isKept) = try BakedScene.bake(
                source, goesOn: { tell(sign, to: .standardOutput) },
                say: { tell($0, to: .standardOutput) })
            if isKept { return 0 }
            if let why = BakedScene.write(asset, to: ChildProcess.inherited) {
                throw SceneComplaints(["\(source): its bake cannot be handed on (\(why))"])
            }
            return 0
        } catch {
            for line in error.lines { tell(line, to: .standardOutput) }
            return refusal
        }
    }
}
