import StageConfig
import StageModel

/// The stage a command names by its stage.yaml, its folder, or a folder in stage-configs; what is
/// wrong with it ends the program.
func stageNamed(_ path: String) throws -> Stage {
    switch StageConfig.load(path) {
    case .success(let stage): return stage
    case .failure(let complaints): throw TrackFault("\(complaints)")
    }
}
