/// One picture a camera recorded, as light.
public struct FootagePicture: Sendable {
    /// Its file, or the movie and its number in it.
    public let name: String
    /// Pixels across.
    public let width: Int
    /// Pixels down.
    public let height: Int
    /// Red, green, blue of each pixel, rows top to bottom, linear in the camera's own primaries.
    public let light: [Float]
    /// Light from which on the file has no codes; infinite where it holds floats.
    public let clip: Float

    /// A picture of `width × height × 3` numbers.
    public init(name: String, width: Int, height: Int, light: [Float], clip: Float = .infinity) {
        precondition(
            light.count == width * height * 3, "a camera picture has three numbers a pixel")
        self.name = name
        self.width = width
        self.height = height
        self.light = light
        self.clip = clip
    }

    /// The mean of its three colors.
    public var gray: GrayPicture {
        GrayPicture(
            width: width, height: height,
            values: (0..<width * height).map {
                (light[3 * $0] + light[3 * $0 + 1] + light[3 * $0 + 2]) / 3
            })
    }
}
