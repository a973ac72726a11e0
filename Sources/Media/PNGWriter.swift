import CFFmpeg

/// Writing of pictures as PNG, for files other programs read.
public enum PNGFile {
    /// A picture's bytes as 8-bit sRGB with straight alpha; what is brighter than white is white.
    ///
    /// Nil when FFmpeg has no encoder here or the size is outside `PictureLimits`.
    /// - Parameter pixels: R, G, B, A per pixel, rows top to bottom.
    public static func bytes(width: Int, height: Int, pixels: [UInt8]) -> [UInt8]? {
        guard width > 0, height > 0, width <= PictureLimits.side, height <= PictureLimits.side,
            pixels.count == width * height * 4,
            let codec = avcodec_find_encoder(AV_CODEC_ID_PNG),
            var context = Optional(avcodec_alloc_context3(codec)),
            var frame = Optional(av_frame_alloc()), var packet = Optional(av_packet_alloc())
        else { return nil }
        defer {
            av_packet_free(&packet)
            av_frame_free(&frame)
            avcodec_free_context(&context)
        }
        guard let context, let frame, let packet else { return nil }
        context.pointee.width = Int32(width)
        context.pointee.height = Int32(height)
        context.pointee.pix_fmt = AV_PIX_FMT_RGBA
        context.pointee.time_base = AVRational(num: 1, den: 25)
        context.pointee.thread_count = 1
        frame.pointee.width = Int32(width)
        frame.pointee.height = Int32(height)
        frame.pointee.format = AV_PIX_FMT_RGBA.rawValue
        guard avcodec_open2(context, codec, nil) == 0, av_frame_get_buffer(frame, 0) == 0 else {
            return nil
        }
        let stride = Int(frame.pointee.linesize.0)
        for row in 0..<height {
            pixels.withUnsafeBytes { from in
                let line = UnsafeMutableRawPointer(frame.pointee.data.0! + row * stride)
                line.copyMemory(from: from.baseAddress! + row * width * 4, byteCount: width * 4)
            }
        }
        guard avcodec_send_frame(context, frame) == 0,
            avcodec_receive_packet(context, packet) == 0
        else { return nil }
        return Array(
            UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size)))
    }
}
