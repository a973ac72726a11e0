import CFFmpeg
import Glibc

/// A decoded picture and where it stands in its movie.
final class MovieFrame {
    /// Owned.
    let frame: UnsafeMutablePointer<AVFrame>
    /// Presentation time in the stream's own ticks.
    let time: Int64
    /// Which picture it is on the movie's even grid.
    var index: Int64 = 0

    init(_ frame: UnsafeMutablePointer<AVFrame>, time: Int64) {
        (self.frame, self.time) = (frame, time)
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
    }

    var width: Int { Int(frame.pointee.width) }
    var height: Int { Int(frame.pointee.height) }
    var format: AVPixelFormat { AVPixelFormat(frame.pointee.format) }
}

/// The container and the codec of one movie file.
///
/// Not for several threads.
final class MovieInput {
    /// Containers; none of them opens another file.
    private static let containers = "mov,matroska,webm,avi,mxf,mpegts"
    private static let codecs: Set<UInt32> = [
        AV_CODEC_ID_PRORES.rawValue, AV_CODEC_ID_H264.rawValue, AV_CODEC_ID_HEVC.rawValue,
        AV_CODEC_ID_HAP.rawValue, AV_CODEC_ID_DNXHD.rawValue, AV_CODEC_ID_CFHD.rawValue,
        AV_CODEC_ID_MJPEG.rawValue, AV_CODEC_ID_PNG.rawValue, AV_CODEC_ID_QTRLE.rawValue,
        AV_CODEC_ID_VP9.rawValue, AV_CODEC_ID_AV1.rawValue, AV_CODEC_ID_FFV1.rawValue,
        AV_CODEC_ID_MPEG4.rawValue, AV_CODEC_ID_MPEG2VIDEO.rawValue, AV_CODEC_ID_V210.rawValue,
    ]

    private var format: UnsafeMutablePointer<AVFormatContext>?
    private var codec: UnsafeMutablePointer<AVCodecContext>?
    private let stream: UnsafeMutablePointer<AVStream>
    private var packet: UnsafeMutablePointer<AVPacket>?
    private var lastIndex: Int64 = -1
    private var isDrained = false

    /// Presentation time of its first picture.
    private var startTime: Int64 = 0
    private(set) var rate: (numerator: Int64, denominator: Int64) = (25, 1)
    private(set) var pictureCount: Int64 = 0
    private(set) var codecName = ""
    /// Its pictures are not evenly apart.
    private(set) var isUneven = false

    var width: Int { Int(stream.pointee.codecpar.pointee.width) }
    var height: Int { Int(stream.pointee.codecpar.pointee.height) }

    private static let silence: Void = av_log_set_level(AV_LOG_QUIET)

    init(_ path: String) throws(PictureFault) {
        _ = MovieInput.silence
        let size = try MovieInput.size(of: path)
        let opened = try MovieInput.open(path)
        format = opened
        do throws(PictureFault) {
            guard avformat_find_stream_info(opened, nil) >= 0 else {
                throw .damaged("what its streams are cannot be told")
            }
            let index = av_find_best_stream(opened, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0)
            guard index >= 0, let stream = opened.pointee.streams[Int(index)] else {
                throw .unsupported("has no pictures – name a movie")
            }
            self.stream = stream
            for other in 0..<Int(opened.pointee.nb_streams) where other != Int(index) {
                opened.pointee.streams[other]?.pointee.discard = AVDISCARD_ALL
            }
        } catch {
            avformat_close_input(&format)
            throw error
        }
        try MovieFile.check(width: width, height: height)
        try openCodec()
        try takeRate()
        try count(in: size)
        measureEvenness()
        packet = av_packet_alloc()
    }

    deinit {
        av_packet_free(&packet)
        avcodec_free_context(&codec)
        avformat_close_input(&format)
    }

    private static func size(of path: String) throws(PictureFault) -> Int64 {
        // Non-blocking, so that a pipe under a movie's name cannot hold us.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw .notAFile
        }
        guard facts.st_size > 0 else { throw .noBytes }
        return Int64(facts.st_size)
    }

    private static func open(
        _ path: String
    ) throws(PictureFault) -> UnsafeMutablePointer<AVFormatContext> {
        var format: UnsafeMutablePointer<AVFormatContext>?
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        av_dict_set(&options, "protocol_whitelist", "file", 0)
        av_dict_set(&options, "format_whitelist", containers, 0)
        av_dict_set(&options, "max_streams", "\(MovieLimits.streams)", 0)
        av_dict_set(&options, "probesize", "\(MovieLimits.probeBytes)", 0)
        guard avformat_open_input(&format, "file:" + path, nil, &options) >= 0, let format else {
            throw .unsupported(
                "is no movie we know, or damaged – save it as ProRes or H.264 in .mov or .mp4")
        }
        return format
    }

    private func openCodec() throws(PictureFault) {
        let parameters = stream.pointee.codecpar!
        let id = parameters.pointee.codec_id
        codecName = String(cString: avcodec_get_name(id))
        guard MovieInput.codecs.contains(id.rawValue), let decoder = avcodec_find_decoder(id) else {
            throw .unsupported("is coded as \(codecName) – save it as ProRes, HAP or H.264")
        }
        codec = avcodec_alloc_context3(decoder)
        guard let codec, avcodec_parameters_to_context(codec, parameters) >= 0 else {
            throw .damaged("its codec's settings cannot be read")
        }
        codec.pointee.max_pixels = Int64(MovieLimits.pixels) * 2
        codec.pointee.pkt_timebase = stream.pointee.time_base
        codec.pointee.thread_count = 1
        guard avcodec_open2(codec, decoder, nil) >= 0 else {
            throw .damaged("its codec's settings cannot be used")
        }
    }

    private func takeRate() throws(PictureFault) {
        let base = stream.pointee.r_frame_rate
        let mean = stream.pointee.avg_frame_rate
        func isUsable(_ rate: AVRational) -> Bool {
            rate.num > 0 && rate.den > 0 && MovieLimits.rates.contains(av_q2d(rate))
        }
        // Of a clip of even pictures both are the same; the base of an uneven one is its finest.
        let chosen = isUsable(base) && av_q2d(base) <= 120 ? base : mean
        guard isUsable(chosen) else {
            throw .unsupported("does not say how many pictures a second it has – save it anew")
        }
        let ticks = stream.pointee.time_base
        guard ticks.num > 0, ticks.den > 0 else { throw .damaged("its clock stands still") }
        rate = (Int64(chosen.num), Int64(chosen.den))
    }

    /// How many pictures there are, and whether the file has room for them.
    private func count(in size: Int64) throws(PictureFault) {
        let ticks = stream.pointee.time_base
        var seconds = 0.0
        if stream.pointee.duration > 0 {
            seconds = Double(stream.pointee.duration) * av_q2d(ticks)
        } else if let format, format.pointee.duration > 0 {
            seconds = Double(format.pointee.duration) / Double(AV_TIME_BASE)
        }
        let hertz = Double(rate.numerator) / Double(rate.denominator)
        let byTime = (seconds * hertz).rounded()
        guard byTime.isFinite, byTime >= 0, byTime <= Double(MovieLimits.pictures) else {
            throw .unsupported("says it lasts \(Int(min(seconds, 1e12))) s – cut it shorter")
        }
        let told = stream.pointee.nb_frames
        pictureCount = max(1, abs(Int64(byTime) - told) <= 1 ? told : Int64(byTime))
        let entries = avformat_index_get_entries_count(stream)
        for index in 0..<entries {
            guard let entry = avformat_index_get_entry(stream, index) else { continue }
            guard entry.pointee.pos >= 0,
                entry.pointee.pos <= size, Int64(entry.pointee.size) <= size - entry.pointee.pos
            else {
                throw .unsupported(
                    "ends after picture \(index) of \(entries) – copy the file again")
            }
        }
    }

    /// Whether the times in the container are those of an even rate, each to the nearest tick or
    /// to a tenth of a picture; where it has no table of all pictures its two rates are compared.
    private func measureEvenness() {
        let ticks = stream.pointee.time_base
        let perPicture = Double(rate.denominator) / Double(rate.numerator) / av_q2d(ticks)
        let entries = avformat_index_get_entries_count(stream)
        guard entries > 1, Int64(entries) == stream.pointee.nb_frames else {
            let (base, mean) = (stream.pointee.r_frame_rate, stream.pointee.avg_frame_rate)
            guard base.num > 0, base.den > 0, mean.num > 0, mean.den > 0 else { return }
            isUneven = abs(av_q2d(base) / av_q2d(mean) - 1) > 0.01
            return
        }
        let first = avformat_index_get_entry(stream, 0)?.pointee.timestamp ?? 0
        let slack = max(1.01, perPicture / 10)
        isUneven = (1..<entries).contains { index in
            let time = avformat_index_get_entry(stream, index)?.pointee.timestamp ?? 0
            return abs(Double(time &- first) - Double(index) * perPicture) > slack
        }
    }

    /// AV_NOPTS_VALUE of libavutil/avutil.h.
    private static let noTime = Int64.min

    /// The time of the picture that is the first one.
    func begin(at time: Int64) {
        startTime = time == MovieInput.noTime ? 0 : time
        lastIndex = 0
    }

    /// Goes to the key picture before an index.
    func seek(to index: Int64) throws(PictureFault) {
        guard let format, let codec else { return }
        let ticks = stream.pointee.time_base
        let period = AVRational(
            num: Int32(clamping: rate.denominator), den: Int32(clamping: rate.numerator))
        let time = startTime &+ av_rescale_q(index, period, ticks)
        guard av_seek_frame(format, stream.pointee.index, time, AVSEEK_FLAG_BACKWARD) >= 0 else {
            throw .damaged("picture \(index) cannot be found in it")
        }
        avcodec_flush_buffers(codec)
        (lastIndex, isDrained) = (index - 1, false)
    }

    /// The next picture in the order they are shown; nil at the end, and where nothing more can be
    /// unpacked.
    func nextFrame() throws(PictureFault) -> MovieFrame? {
        guard let format, let codec, let packet else { return nil }
        for _ in 0..<MovieLimits.packets {
            var frame = av_frame_alloc()
            guard let target = frame else { throw .damaged("there is no memory for it") }
            if avcodec_receive_frame(codec, target) >= 0 {
                takeTags(target)
                let time = target.pointee.best_effort_timestamp
                let decoded = MovieFrame(target, time: time)
                decoded.index = index(of: time)
                lastIndex = decoded.index
                return decoded
            }
            av_frame_free(&frame)
            if isDrained { return nil }
            guard av_read_frame(format, packet) >= 0 else {
                isDrained = true
                avcodec_send_packet(codec, nil)
                continue
            }
            // A damaged packet is passed over: the picture before it stays.
            if packet.pointee.stream_index == stream.pointee.index {
                avcodec_send_packet(codec, packet)
            }
            av_packet_unref(packet)
        }
        throw .damaged("none of \(MovieLimits.packets) packets has a picture")
    }

    /// Takes from the container what a picture's own tags leave open.
    private func takeTags(_ frame: UnsafeMutablePointer<AVFrame>) {
        guard let told = stream.pointee.codecpar?.pointee else { return }
        if [AVCOL_PRI_RESERVED0, AVCOL_PRI_UNSPECIFIED].contains(frame.pointee.color_primaries) {
            frame.pointee.color_primaries = told.color_primaries
        }
        if [AVCOL_TRC_RESERVED0, AVCOL_TRC_UNSPECIFIED].contains(frame.pointee.color_trc) {
            frame.pointee.color_trc = told.color_trc
        }
        // 0 is R, G, B: of Y, Cb, Cr nobody means it.
        if [AVCOL_SPC_RGB, AVCOL_SPC_UNSPECIFIED].contains(frame.pointee.colorspace) {
            frame.pointee.colorspace = told.color_space
        }
        if frame.pointee.color_range == AVCOL_RANGE_UNSPECIFIED {
            frame.pointee.color_range = told.color_range
        }
        if frame.pointee.chroma_location == AVCHROMA_LOC_UNSPECIFIED {
            frame.pointee.chroma_location = told.chroma_location
        }
    }

    /// Which picture of the even grid a time is; one without a time follows the last.
    private func index(of time: Int64) -> Int64 {
        guard time != MovieInput.noTime else { return lastIndex + 1 }
        let seconds = Double(time &- startTime) * av_q2d(stream.pointee.time_base)
        let place = (seconds * Double(rate.numerator) / Double(rate.denominator)).rounded()
        return place.magnitude < 1e12 ? Int64(place) : lastIndex + 1
    }
}
