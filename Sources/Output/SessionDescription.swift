public import Color
public import Timing

/// The SDP text of an ST 2110-20 stream, as receivers read it (ST 2110-20 §7, ST 2110-10 §8).
public struct SessionDescription: Sendable, Hashable {
    /// What the stream's time stamps refer to.
    public enum Clock: Sendable, Hashable {
        /// This machine's own clock, named by an interface's MAC: `02-00-00-00-00-01`.
        case localMAC(String)
        /// A PTP grandmaster and domain: `39-A7-94-FF-FE-07-CB-D0`, 127.
        case ptp(grandmaster: String, domain: Int)
        /// PTP from a traceable source.
        case ptpTraceable
    }

    /// The stream's name.
    public var name: String
    /// Session number and version: the version grows when the description changes.
    public var session: UInt64
    /// See `session`.
    public var version: UInt64
    /// IPv4 address the packets come from.
    public var sourceAddress: String
    /// IPv4 address the packets go to, unicast or multicast.
    public var address: String
    /// UDP port.
    public var port: UInt16
    /// Multicast time to live.
    public var timeToLive: UInt8
    /// RTP payload type.
    public var payloadType: UInt8
    /// RGB or 4:2:2.
    public var format: WireFormat
    /// Pixels a row.
    public var width: Int
    /// Rows.
    public var height: Int
    /// Frames a second.
    public var rate: FrameRate
    /// The processor's curve.
    public var transfer: TransferFunction
    /// The wall's primaries.
    public var primaries: Primaries
    /// Narrow or full codes.
    public var range: CodeRange
    /// UDP limit the stream is cut for.
    public var udpOctets: Int = OutputLimits.standardUDPOctets
    /// Time stamps' reference.
    public var clock: Clock = .localMAC("02-00-00-00-00-01")

    /// A description of one stream.
    public init(
        name: String, session: UInt64 = 1, version: UInt64 = 1, sourceAddress: String,
        address: String, port: UInt16, timeToLive: UInt8 = 32, payloadType: UInt8 = 96,
        format: WireFormat, width: Int, height: Int, rate: FrameRate,
        transfer: TransferFunction, primaries: Primaries, range: CodeRange
    ) {
        self.name = name
        self.session = session
        self.version = version
        self.sourceAddress = sourceAddress
        self.address = address
        self.port = port
        self.timeToLive = timeToLive
        self.payloadType = payloadType
        self.format = format
        self.width = width
        self.height = height
        self.rate = rate
        self.transfer = transfer
        self.primaries = primaries
        self.range = range
    }

    /// The text, with CRLF line ends.
    public var text: String {
        var lines = [
            "v=0",
            "o=- \(session) \(version) IN IP4 \(sourceAddress)",
            "s=\(oneLine(name))",
            "t=0 0",
            "m=video \(port) RTP/AVP \(payloadType)",
            "c=IN IP4 \(address)\(isMulticast ? "/\(timeToLive)" : "")",
        ]
        if isMulticast {
            lines.append("a=source-filter: incl IN IP4 \(address) \(sourceAddress)")
        }
        lines += [
            "a=rtpmap:\(payloadType) raw/90000",
            "a=fmtp:\(payloadType) " + parameters.map { $0 + "; " }.joined(),
            "a=ts-refclk:\(clockText)",
            "a=mediaclk:direct=0",
        ]
        return lines.map { $0 + "\r\n" }.joined()
    }

    /// The address is 224.0.0.0 … 239.255.255.255.
    public var isMulticast: Bool {
        guard let first = address.split(separator: ".").first.flatMap({ Int($0) }) else {
            return false
        }
        return (224...239).contains(first)
    }

    private var parameters: [String] {
        let sampling =
            switch format {
            case .yCbCr422: "YCbCr-4:2:2"
            default: "RGB"
            }
        let hertz =
            rate.denominator == 1
            ? "\(rate.numerator)" : "\(rate.numerator)/\(rate.denominator)"
        var list = [
            "sampling=\(sampling)", "width=\(width)", "height=\(height)",
            "exactframerate=\(hertz)", "depth=\(format.depth)", "TCS=\(curve)",
            "colorimetry=\(colorimetry)",
        ]
        // NARROW is the default (ST 2110-20 §7.3).
        if range == .full { list.append("RANGE=FULL") }
        list += ["PM=2110GPM", "SSN=ST2110-20:2017", "TP=2110TPW"]
        if udpOctets > OutputLimits.standardUDPOctets { list.append("MAXUDP=\(udpOctets)") }
        return list
    }

    private var curve: String {
        switch transfer {
        case .pq: "PQ"
        case .gamma: "SDR"
        case .linear: "LINEAR"
        }
    }

    /// BT.2020 primaries with PQ are BT.2100's system; a wall's own primaries have no name.
    private var colorimetry: String {
        if primaries == .rec709 { return "BT709" }
        if primaries == .rec2020 { return transfer == .pq ? "BT2100" : "BT2020" }
        return "UNSPECIFIED"
    }

    private var clockText: String {
        switch clock {
        case .localMAC(let mac): "localmac=\(mac)"
        case .ptp(let grandmaster, let domain): "ptp=IEEE1588-2008:\(grandmaster):\(domain)"
        case .ptpTraceable: "ptp=IEEE1588-2008:traceable"
        }
    }

    /// A name cannot start another line.
    private func oneLine(_ text: String) -> String {
        let kept = String(text.unicodeScalars.map { $0.value < 32 ? " " : Character($0) })
        return kept.isEmpty ? "-" : kept
    }
}
