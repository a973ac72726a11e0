public import Media

/// The brightness of a camera's picture, for reading patterns in it.
public struct GrayPicture: Sendable, Equatable {
    /// Pixels across.
    public let width: Int
    /// Pixels down.
    public let height: Int
    /// Linear light in the camera's own scale, rows top to bottom.
    public let values: [Float]

    /// A picture of `width × height` values.
    public init(width: Int, height: Int, values: [Float]) {
        precondition(values.count == width * height, "a gray picture has one number a pixel")
        self.width = width
        self.height = height
        self.values = values
    }

    /// The mean of a picture's three colors.
    public init(_ picture: LinearPicture) {
        self.init(
            width: picture.width, height: picture.height,
            values: (0..<picture.width * picture.height).map { pixel in
                let at = 4 * pixel
                return
                    (picture.pixels[at] + picture.pixels[at + 1] + picture.pixels[at + 2]) / 3
            })
    }
}
