import Glibc

/// How a picture was taken: from a pixel and a distance to a point of the scene, and how far a
/// point moves in the picture when the eye does.
///
/// An ordinary picture looks straight ahead from the eye; where its horizon does not lie in the
/// middle, the lens is shifted, so that uprights stay upright. Distance is then that along the axis
/// (Y). Of a panorama it is that from the eye.
struct PictureLens: Sendable {
    let width: Int
    let height: Int
    /// Pixels of a unit tangent ahead; of a panorama, of a radian.
    let focal: Float
    /// Row of the horizon.
    let horizon: Float
    let eyeHeight: Float
    let isPanorama: Bool

    /// An ordinary picture.
    /// - Parameters:
    ///   - fieldOfView: of its longer side, radians.
    ///   - horizon: 0 = upper edge, 1 = lower edge.
    init(width: Int, height: Int, fieldOfView: Double, horizon: Double, eyeHeight: Double) {
        (self.width, self.height, isPanorama) = (width, height, false)
        focal = Float(Double(max(width, height)) / 2 / tan(fieldOfView / 2))
        self.horizon = Float(horizon * Double(height))
        self.eyeHeight = Float(eyeHeight)
    }

    /// A panorama.
    init(panoramaWidth width: Int, height: Int, eyeHeight: Double) {
        (self.width, self.height, isPanorama) = (width, height, true)
        focal = Float(Double(width) / 2 / .pi)
        horizon = Float(height) / 2
        self.eyeHeight = Float(eyeHeight)
    }

    /// The direction a place of the picture is seen in, 1 long at distance 1.
    func direction(_ x: Float, _ y: Float) -> SIMD3<Float> {
        guard isPanorama else {
            return SIMD3((x - Float(width) / 2) / focal, 1, (horizon - y) / focal)
        }
        let azimuth = (x / Float(width) - 0.5) * 2 * .pi
        let elevation = (0.5 - y / Float(height)) * .pi
        return SIMD3(
            cosf(elevation) * sinf(azimuth), cosf(elevation) * cosf(azimuth), sinf(elevation))
    }

    /// The scene point of a place at 1 / distance.
    func point(_ x: Float, _ y: Float, _ disparity: Float) -> SIMD3<Float> {
        direction(x, y) / disparity + SIMD3(0, 0, eyeHeight)
    }

    /// Where the floor is seen at a row: 1 / distance; nil at and above the horizon.
    func floorDisparity(row: Float) -> Float? {
        let drop = isPanorama ? sinf((row - horizon) / focal) : (row - horizon) / focal
        return drop > 0 ? drop / eyeHeight : nil
    }
}
