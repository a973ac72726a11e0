import Color

/// What a file's own structure says, checked before any codec sees a byte.
///
/// Codecs repair what they can: a picture cut in half comes back half gray. So the outer
/// structure (chunks, segments, strips, blocks) is walked here, sizes are limited and a missing
/// end is refused.
struct PictureLayout {
    let format: PictureFormat
    var width = 0
    var height = 0
    var alpha = SourcePixels.Alpha.straight
    /// What the numbers mean unless the caller knows better.
    var encoding = PictureEncoding(.rec709, .sRGB)
    /// What the numbers mean the format cannot say: densities of a film, or a log nobody names.
    var isOfUnknownLight = false
    /// The bytes the codec is given: those of the picture, without comments and profiles.
    var payload: [UInt8] = []

    init(_ bytes: [UInt8], format: PictureFormat) throws(PictureFault) {
        self.format = format
        switch format {
        case .png: try walkPNG(bytes)
        case .jpeg: try walkJPEG(bytes)
        case .tiff: try walkTIFF(bytes)
        case .dpx: try walkDPX(bytes)
        case .exr: try walkEXR(bytes)
        case .hdr: throw .unknownFormat
        }
    }
}
