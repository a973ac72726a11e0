public import Timing

/// One datagram a tracking source sent, as it arrived.
public struct TrackingPacket: BitwiseCopyable {
    /// Index into `Stage.sources` of the source whose socket it came in on.
    public var source: Int
    /// Sender's IPv4 address, host byte order.
    public var sender: UInt32
    /// UDP port it was sent from.
    public var senderPort: UInt16
    /// When the kernel had it, on the host clock.
    public var arrivalTime: HostTime
    /// The payload; valid until the frame is finished.
    public var bytes: UnsafeRawBufferPointer

    /// A datagram and when it came.
    public init(
        source: Int, sender: UInt32, senderPort: UInt16 = 0, arrivalTime: HostTime,
        bytes: UnsafeRawBufferPointer
    ) {
        self.source = source
        self.sender = sender
        self.senderPort = senderPort
        self.arrivalTime = arrivalTime
        self.bytes = bytes
    }
}

/// The closed list of what may influence a frame.
public struct FrameInputs: BitwiseCopyable {
    /// Frame index on the TAI grid.
    public var frame: Int64
    /// The grid instant of the frame.
    public var tickTime: TAITime
    /// The clocks at the tick.
    public var clock: ClockSample
    /// When this frame's photons leave the wall, host clock.
    public var lightTime: HostTime
    /// Datagrams that arrived since the last frame, in order of arrival.
    public var packets: UnsafeBufferPointer<TrackingPacket>
    /// The published live state.
    public var live: UnsafePointer<LiveState>
    /// The frame the live state is read at: `frame`, less what steps of the machine's clock have
    /// made that jump.
    public var liveFrame: Int64
    /// The scene live state names, or nil when its slot holds another generation.
    public var scene: UnsafePointer<PreparedScene>?
    /// The scene a crossfade comes from; nil while there is none.
    public var leaving: UnsafePointer<PreparedScene>?
    /// The pictures of the scene's movies.
    public var movies = MoviePictures.none
    /// Those of the leaving scene's.
    public var leavingMovies = MoviePictures.none
    /// What the walls showed last: the limiters' sums.
    public var wallLight: WallLight
    /// Quality step, 0 = best; the outer resolution of the live state may be coarser than its.
    public var quality: UInt8

    /// The inputs of one frame; `liveFrame` is `frame` unless the clock has stepped.
    public init(
        frame: Int64, liveFrame: Int64? = nil, tickTime: TAITime, clock: ClockSample,
        lightTime: HostTime,
        packets: UnsafeBufferPointer<TrackingPacket>, live: UnsafePointer<LiveState>,
        scene: UnsafePointer<PreparedScene>?, leaving: UnsafePointer<PreparedScene>? = nil,
        wallLight: WallLight = WallLight(),
        quality: UInt8 = 0
    ) {
        self.frame = frame
        self.liveFrame = liveFrame ?? frame
        self.tickTime = tickTime
        self.clock = clock
        self.lightTime = lightTime
        self.packets = packets
        self.live = live
        self.scene = scene
        self.leaving = leaving
        self.wallLight = wallLight
        self.quality = quality
    }
}
