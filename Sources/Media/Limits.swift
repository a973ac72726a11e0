/// The largest picture file we take, and why.
public enum PictureLimits {
    /// A picture's larger side: a 16K panorama.
    public static let side = 16384
    /// Pixels of one picture: 1 GiB in memory at four floats a pixel.
    public static let pixels = 8192 * 8192
    /// Bytes of one file: the largest picture as 32-bit float RGBA, uncompressed.
    public static let fileBytes = 1 << 30
    /// Bytes of a text or attribute header; real ones have less than 4 KiB, EXR previews more.
    static let headerBytes = 1 << 20
    /// Parts (chunks, segments, attributes, tiles) walked in one file before it counts as hostile.
    static let parts = 1 << 20
    /// Largest value kept: the largest half float, for pictures are shown from half floats.
    static let largestValue: Float = 65504

    /// Refuses a size outside the limits, before anything is allocated.
    static func check(width: Int, height: Int) throws(PictureFault) {
        guard width > 0, height > 0 else { throw .empty(width: width, height: height) }
        guard width <= side, height <= side, width * height <= pixels else {
            throw .tooLarge(width: width, height: height)
        }
    }
}
