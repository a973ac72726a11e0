extension UnsafePointer where Pointee == LiveState {
    /// A camera's field at a frame, in its tree unit.
    /// - Frame path: yes
    public func camera(_ camera: Int, _ field: CameraField, at frame: Int64) -> Double {
        pointee.values[LiveLayout.camera(camera) + field.rawValue].value(at: frame)
    }

    /// A field of the scene's placement at a frame, in its tree unit.
    /// - Frame path: yes
    public func scene(_ field: SceneField, at frame: Int64) -> Double {
        pointee.values[LiveLayout.scene + field.rawValue].value(at: frame)
    }

    /// A field of the stage at a frame.
    /// - Frame path: yes
    public func stage(_ field: StageField, at frame: Int64) -> Double {
        pointee.values[LiveLayout.stage + field.rawValue].value(at: frame)
    }

    /// A field of a tracking source at a frame, in its tree unit.
    /// - Frame path: yes
    public func source(_ source: Int, _ field: SourceField, at frame: Int64) -> Double {
        pointee.values[LiveLayout.source(source) + field.rawValue].value(at: frame)
    }

    /// A field of the test pattern at a frame, in its tree unit.
    /// - Frame path: yes
    public func pattern(_ field: PatternField, at frame: Int64) -> Double {
        pointee.values[LiveLayout.pattern + field.rawValue].value(at: frame)
    }
}
