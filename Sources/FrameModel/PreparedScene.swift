/// A scene in the form kernels read: pointers into one immutable block owned by its asset.
public struct PreparedScene: BitwiseCopyable {
    /// Nothing yet to see.
    public init() {}
}
