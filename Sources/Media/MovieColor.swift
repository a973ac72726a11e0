import CFFmpeg
import Color
import Lanes

/// What a movie's codes mean: its own tags, or what somebody says, as the numbers kernels take.
final class MovieColor {
    /// Entries of the table of light: signals −1/6 … 7/6 in steps of 1/49152.
    private static let tableSize = 65536
    private static let tableZero = 8192
    private static let tableSpan: Float = 49152

    private let table: UnsafeMutablePointer<Float>
    /// For `cyc_movie_row` and `cyc_movie_rgba_row`.
    let constants: cyc_movie_color

    /// - Parameter frame: its first one: containers and codecs tell their tags there.
    init(_ frame: MovieFrame, colorSpace: PictureColorSpace) throws(PictureFault) {
        let tags = frame.frame.pointee
        let description = av_pix_fmt_desc_get(frame.format)
        let isRGB =
            description.map {
                $0.pointee.flags & UInt64(AV_PIX_FMT_FLAG_RGB) != 0
            } ?? true
        let encoding = colorSpace.encoding ?? MovieColor.encoding(tags, isRGB: isRGB)
        guard let matrix = WorkingMatrix(from: encoding.primaries) else {
            throw .damaged("its primaries enclose no colors")
        }
        table = .allocate(capacity: MovieColor.tableSize)
        for entry in 0..<MovieColor.tableSize {
            let signal = Float(entry - MovieColor.tableZero) / MovieColor.tableSpan
            let light = encoding.curve.light(signal)
            let top = PictureLimits.largestValue
            table[entry] = light.isFinite ? max(-top, min(top, light)) : 0
        }
        var constants = cyc_movie_color()
        constants.light = UnsafePointer(table)
        constants.matrix = (
            matrix.m[0], matrix.m[1], matrix.m[2], matrix.m[3], matrix.m[4], matrix.m[5],
            matrix.m[6], matrix.m[7], matrix.m[8]
        )
        constants.shows_hlg = encoding.curve == .hlg ? 1 : 0
        let depth = Int(description?.pointee.comp.0.depth ?? 8)
        MovieColor.setLuma(&constants, tags, frame.format, depth: depth, height: frame.height)
        self.constants = constants
    }

    deinit { table.deallocate() }

    /// What a movie's tags say; where they say nothing, Rec.709 as a display shows it, of RGB sRGB.
    private static func encoding(_ tags: AVFrame, isRGB: Bool) -> PictureEncoding {
        let primaries: Primaries =
            switch tags.color_primaries {
            case AVCOL_PRI_BT2020: .rec2020
            case AVCOL_PRI_SMPTE432, AVCOL_PRI_SMPTE431: .p3D65
            default: .rec709
            }
        switch tags.color_trc {
        case AVCOL_TRC_SMPTE2084: return PictureEncoding(primaries, .pq)
        case AVCOL_TRC_ARIB_STD_B67: return PictureEncoding(primaries, .hlg)
        case AVCOL_TRC_LINEAR: return PictureEncoding(primaries, .linear)
        case AVCOL_TRC_IEC61966_2_1: return PictureEncoding(primaries, .sRGB)
        case AVCOL_TRC_UNSPECIFIED where isRGB: return PictureEncoding(primaries, .sRGB)
        default: return PictureEncoding(primaries, .display)
        }
    }

    /// Codes to signals and the way from Y, Cb, Cr to R, G, B (ITU-R BT.709, 3 and 4; BT.601;
    /// BT.2020 non-constant luminance).
    private static func setLuma(
        _ constants: inout cyc_movie_color, _ tags: AVFrame, _ format: AVPixelFormat, depth: Int,
        height: Int
    ) {
        let full: Set<Int32> = [
            AV_PIX_FMT_YUVJ420P.rawValue, AV_PIX_FMT_YUVJ422P.rawValue,
            AV_PIX_FMT_YUVJ444P.rawValue,
        ]
        let isFull = tags.color_range == AVCOL_RANGE_JPEG || full.contains(format.rawValue)
        let unit = Float(1 << (depth - 8))
        let most = Float(1 << depth) - 1
        constants.luma_offset = isFull ? 0 : 16 * unit
        constants.luma_scale = isFull ? 1 / most : 1 / (219 * unit)
        constants.chroma_offset = 128 * unit
        constants.chroma_scale = isFull ? 1 / most : 1 / (224 * unit)
        constants.alpha_scale = 1 / most
        let (red, blue): (Float, Float) =
            switch tags.colorspace {
            case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: (0.2627, 0.0593)
            case AVCOL_SPC_BT709: (0.2126, 0.0722)
            case AVCOL_SPC_SMPTE170M, AVCOL_SPC_BT470BG: (0.299, 0.114)
            default: height >= 720 ? (0.2126, 0.0722) : (0.299, 0.114)
            }
        let green = 1 - red - blue
        constants.red_v = 2 * (1 - red)
        constants.blue_u = 2 * (1 - blue)
        constants.green_u = -2 * (1 - blue) * blue / green
        constants.green_v = -2 * (1 - red) * red / green
    }
}
