/// A still in scene-linear ACEScg, alpha premultiplied: what every picture file becomes.
public struct LinearPicture: Sendable, Equatable {
    /// Pixels across.
    public let width: Int
    /// Pixels down.
    public let height: Int
    /// R, G, B, A per pixel, rows top to bottom; finite, at most 65504 (the largest half).
    public let pixels: [Float]

    /// A picture of `width × height × 4` numbers.
    public init(width: Int, height: Int, pixels: [Float]) {
        precondition(pixels.count == width * height * 4, "a picture has four numbers a pixel")
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}
