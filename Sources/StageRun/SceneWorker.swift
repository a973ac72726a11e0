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
    /// Address space of a child: a 16K panorama in floats, turned, its faces and its bake; less
    /// where the machine has less to give, but for what the program itself takes.
    private static let memoryMax = 16 << 30
    private static let memoryMin = 2 << 30
    /// Its exit code when it said what is wrong with the scene.
    private static let refusal: Int32 = 65

    private let executable: String
    private let isCanceled: @Sendable () -> Bool

    /// A worker that is this program itself, given up when `isCanceled` says so.
    package init(
        executable: String, isCanceled: @escaping @Sendable () -> Bool = { false }
    ) {
        (self.executable, self.isCanceled) = (executable, isCanceled)
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
            executable, ["decode-worker", source], inheriting: memory,
            seconds: Self.secondsMax, isCanceled: { isCanceled() || isUnwanted() })
        let lines = output.split(separator: "\n").map(String.init)
        switch end {
        case .exited(code: 0): break
        case .exited(code: Self.refusal): throw SceneComplaints(lines.isEmpty ? [source] : lines)
        case .canceled: throw RunError("\(source): given up")
        case .tooSlow:
            throw RunError(
                "\(source): not read within \(Int(Self.secondsMax)) s – try `cyclorama scene bake`")
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
    package static func work(_ source: String) -> Int32 {
        Threads.stopWithParent()
        ChildProcess.goFirst()
        ChildProcess.limitMemory(
            to: min(memoryMax, max(memoryMin, ChildProcess.availableMemory ?? memoryMax)))
        do throws(SceneComplaints) {
            let (asset, isKept) = try BakedScene.bake(source) { tell($0, to: .standardOutput) }
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
