import CFFmpeg

/// Decoding of one still by FFmpeg's codecs, given bytes only: no demuxer, no file names.
enum FFmpegPicture {
    static func decode(
        _ bytes: [UInt8], layout: PictureLayout, colorSpace: PictureColorSpace
    ) throws(PictureFault) -> LinearPicture {
        if layout.isOfUnknownLight, colorSpace.encoding == nil {
            throw .unsupported(
                "says its numbers are a log or densities of film, not which – give its colorSpace")
        }
        let encoding = colorSpace.encoding ?? layout.encoding
        let decoded = try FFmpegStill(layout)
        guard decoded.width == layout.width, decoded.height == layout.height else {
            throw .damaged("its picture is \(decoded.width)×\(decoded.height), not as announced")
        }
        let alpha = decoded.hasAlpha ? layout.alpha : .none
        guard
            var source = SourcePixels(
                encoding: encoding, alpha: alpha, expectedPixels: layout.width * layout.height)
        else { throw .damaged("its chromaticities enclose no colors") }
        try decoded.readRows { source.append(row: $0) }
        return LinearPicture(
            width: layout.width, height: layout.height, pixels: source.pixels)
    }
}

/// A decoded frame and the codec it came from.
private final class FFmpegStill {
    private var context: UnsafeMutablePointer<AVCodecContext>?
    private var frame: UnsafeMutablePointer<AVFrame>?

    /// Complaints of the decoder; the EXR and TIFF decoders go on after a block they cannot unpack
    /// and leave a hole, and say so nowhere else.
    private let complaints: UnsafeMutablePointer<Int>

    /// Counts what a decoder says on its own context instead of printing it.
    private static let listening: Void = av_log_set_callback { source, level, _, _ in
        guard let source, level <= AV_LOG_ERROR else { return }
        // Everything that logs begins with a pointer to its class (libavutil/log.h).
        let kind = source.load(as: UnsafePointer<AVClass>?.self)
        guard kind == avcodec_get_class() else { return }
        let context = source.assumingMemoryBound(to: AVCodecContext.self)
        // The counter is the still's own: it decodes on one thread and outlives its context.
        context.pointee.opaque?.assumingMemoryBound(to: Int.self).pointee += 1
    }

    init(_ layout: PictureLayout) throws(PictureFault) {
        _ = FFmpegStill.listening
        complaints = .allocate(capacity: 1)
        complaints.initialize(to: 0)
        let codec = avcodec_find_decoder(FFmpegStill.codec(layout.format))
        guard let codec, let context = avcodec_alloc_context3(codec) else {
            throw .unsupported("cannot be read here: FFmpeg has no \(layout.format) decoder")
        }
        self.context = context
        context.pointee.max_pixels = Int64(PictureLimits.pixels)
        context.pointee.err_recognition = AV_EF_CRCCHECK | AV_EF_BITSTREAM
        // The TIFF decoder would explode on every tag it does not know, harmless ones too.
        if layout.format != .tiff { context.pointee.err_recognition |= AV_EF_EXPLODE }
        context.pointee.thread_count = 1
        context.pointee.opaque = UnsafeMutableRawPointer(complaints)
        try FFmpegStill.check(avcodec_open2(context, codec, nil))
        frame = av_frame_alloc()
        try receive(layout.payload)
        if layout.format == .exr || layout.format == .tiff, complaints.pointee > 0 {
            throw .damaged("some of its compressed pixels cannot be unpacked")
        }
    }

    deinit {
        av_frame_free(&frame)
        avcodec_free_context(&context)
        complaints.deallocate()
    }

    private static func codec(_ format: PictureFormat) -> AVCodecID {
        switch format {
        case .png: AV_CODEC_ID_PNG
        case .jpeg: AV_CODEC_ID_MJPEG
        case .tiff: AV_CODEC_ID_TIFF
        case .dpx: AV_CODEC_ID_DPX
        case .exr: AV_CODEC_ID_EXR
        case .hdr: AV_CODEC_ID_NONE
        }
    }

    private static func check(_ result: Int32) throws(PictureFault) {
        guard result < 0 else { return }
        // FFERRTAG values: the letters INDA and PAWE, negated.
        switch -result {
        case 0x4144_4E49: throw .damaged("its compressed pixels cannot be unpacked")
        case 0x4557_4150: throw .unsupported("uses a kind of coding we cannot read – save it anew")
        default: throw .damaged("the decoder gave up (\(result))")
        }
    }

    private func receive(_ payload: [UInt8]) throws(PictureFault) {
        // FFmpeg's bit readers may look past the end by this much; it must be zero.
        let padding = Int(AV_INPUT_BUFFER_PADDING_SIZE)
        guard payload.count < Int(Int32.max) - padding else {
            throw .tooManyBytes(payload.count)
        }
        var packet = av_packet_alloc()
        defer { av_packet_free(&packet) }
        guard let packet, let frame, av_new_packet(packet, Int32(payload.count)) == 0 else {
            throw .damaged("there is no memory for it")
        }
        payload.withUnsafeBytes { from in
            if let base = from.baseAddress { memcpy(packet.pointee.data, base, payload.count) }
        }
        try FFmpegStill.check(avcodec_send_packet(context, packet))
        try FFmpegStill.check(avcodec_send_packet(context, nil))
        try FFmpegStill.check(avcodec_receive_frame(context, frame))
        guard frame.pointee.decode_error_flags == 0,
            frame.pointee.flags & AV_FRAME_FLAG_CORRUPT == 0
        else { throw .damaged("its compressed pixels cannot be unpacked") }
        if try !FFmpegRows.canRead(format) { try convert() }
    }

    var width: Int { Int(frame?.pointee.width ?? 0) }
    var height: Int { Int(frame?.pointee.height ?? 0) }
    private var format: AVPixelFormat { AVPixelFormat(frame?.pointee.format ?? -1) }

    var hasAlpha: Bool {
        guard let description = av_pix_fmt_desc_get(format) else { return false }
        return description.pointee.flags & UInt64(AV_PIX_FMT_FLAG_ALPHA) != 0
            || format == AV_PIX_FMT_PAL8
    }

    func readRows(_ take: (UnsafeBufferPointer<Float>) -> Void) throws(PictureFault) {
        guard let frame else { return }
        var rows = try FFmpegRows(UnsafePointer(frame))
        for y in 0..<height { rows.read(y, take) }
    }

    /// YCbCr and bit-packed pictures become 16-bit RGBA by swscale, in its exact mode.
    private func convert() throws(PictureFault) {
        guard let frame, let target = av_frame_alloc() else {
            throw .damaged("there is no memory for it")
        }
        var owned: UnsafeMutablePointer<AVFrame>? = target
        defer { av_frame_free(&owned) }
        target.pointee.width = frame.pointee.width
        target.pointee.height = frame.pointee.height
        target.pointee.format = AV_PIX_FMT_RGBA64LE.rawValue
        guard av_frame_get_buffer(target, 0) == 0 else {
            throw .damaged("there is no memory for it")
        }
        let scaler = sws_getContext(
            frame.pointee.width, frame.pointee.height, format, frame.pointee.width,
            frame.pointee.height, AV_PIX_FMT_RGBA64LE,
            SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP
                | SWS_BITEXACT, nil, nil, nil)
        guard let scaler else {
            throw .unsupported("has pixels of a kind we cannot read – save it as PNG or EXR")
        }
        defer { sws_freeContext(scaler) }
        let isFull = frame.pointee.color_range == AVCOL_RANGE_JPEG
        // JFIF: BT.601 whatever the size.
        let matrix = sws_getCoefficients(SWS_CS_ITU601)
        sws_setColorspaceDetails(
            scaler, matrix, isFull ? 1 : 0, matrix, 1, 0, 1 << 16, 1 << 16)
        try FFmpegStill.check(sws_scale_frame(scaler, target, frame))
        av_frame_free(&self.frame)
        self.frame = target
        owned = nil
    }
}
