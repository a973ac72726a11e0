import Control
import FrameLoop
import Lanes
import StageConfig
import StageRun

extension VirtualStage {
    /// What writes takes of this stage from now on into a folder; the first is `virtual-0001.take`.
    func recorder(
        into folder: String, source: String = "checker",
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) -> TakeRecorder {
        let ring = TakeRecorder.makeRing()
        tap = TakeTap(ring: ring)
        return TakeRecorder(
            ring: ring,
            setting: TakeRecorder.Setting(
                stage: stage, stageFile: StageText(text: "stage: virtual"), folder: folder,
                source: source, asset: asset, kernels: InstructionSet.best!.rawValue,
                status: StatusBoard(), log: log,
                looks: looks, corrections: corrections))
    }
}
