import FrameModel
struct LakeCards { init(width: Int) {}
    func all() -> [Card] { [] } }
