import Color
import Output
import Testing
import Timing

@Suite struct SessionDescriptionTests {
    private func description(
        _ format: WireFormat, address: String = "10.0.0.7",
        transfer: TransferFunction = .gamma(2.4), primaries: Primaries = .rec709,
        range: CodeRange = .narrow, rate: FrameRate = FrameRate(60000, 1001)!
    ) -> SessionDescription {
        SessionDescription(
            name: "wall", session: 7, version: 2, sourceAddress: "10.0.0.1", address: address,
            port: 5004, format: format, width: 1920, height: 1080, rate: rate,
            transfer: transfer, primaries: primaries, range: range)
    }

    @Test func `a unicast stream is described line by line`() {
        let text = description(.yCbCr422(depth: 10, matrix: .bt709)).text
        #expect(
            text == """
                v=0\r
                o=- 7 2 IN IP4 10.0.0.1\r
                s=wall\r
                t=0 0\r
                m=video 5004 RTP/AVP 96\r
                c=IN IP4 10.0.0.7\r
                a=rtpmap:96 raw/90000\r
                a=fmtp:96 sampling=YCbCr-4:2:2; width=1920; height=1080; \
                exactframerate=60000/1001; depth=10; TCS=SDR; colorimetry=BT709; PM=2110GPM; \
                SSN=ST2110-20:2017; TP=2110TPW; \r
                a=ts-refclk:localmac=02-00-00-00-00-01\r
                a=mediaclk:direct=0\r

                """)
    }

    @Test func `multicast has a time to live and a source filter`() {
        var stream = description(.rgb(depth: 8), address: "239.20.20.1")
        stream.timeToLive = 16
        #expect(stream.text.contains("\r\nc=IN IP4 239.20.20.1/16\r\n"))
        #expect(stream.text.contains("\r\na=source-filter: incl IN IP4 239.20.20.1 10.0.0.1\r\n"))
        #expect(!description(.rgb(depth: 8), address: "240.0.0.1").text.contains("source-filter"))
    }

    @Test func `light and codes are told in the standard's words`() {
        let pq = description(
            .rgb(depth: 12), transfer: .pq, primaries: .rec2020, range: .full,
            rate: FrameRate(24)!)
        #expect(
            pq.text.contains(
                "sampling=RGB; width=1920; height=1080; exactframerate=24; depth=12; TCS=PQ; "
                    + "colorimetry=BT2100; RANGE=FULL; PM=2110GPM"))
        let own = description(.rgb(depth: 10), transfer: .linear, primaries: .p3D65)
        #expect(own.text.contains("TCS=LINEAR; colorimetry=UNSPECIFIED; PM="))
        let wide = description(.rgb(depth: 10), primaries: .rec2020)
        #expect(wide.text.contains("TCS=SDR; colorimetry=BT2020; "))
    }

    @Test func `clocks and the extended limit are declared`() {
        var stream = description(.rgb(depth: 10))
        stream.clock = .ptp(grandmaster: "39-A7-94-FF-FE-07-CB-D0", domain: 127)
        stream.udpOctets = OutputLimits.extendedUDPOctets
        #expect(
            stream.text.contains(
                "a=ts-refclk:ptp=IEEE1588-2008:39-A7-94-FF-FE-07-CB-D0:127\r\n"))
        #expect(stream.text.contains("TP=2110TPW; MAXUDP=8960; \r\n"))
        stream.clock = .ptpTraceable
        #expect(stream.text.contains("a=ts-refclk:ptp=IEEE1588-2008:traceable\r\n"))
    }

    @Test func `a name cannot start a line of its own`() {
        var stream = description(.rgb(depth: 10))
        stream.name = "wall\r\nm=audio 1"
        #expect(stream.text.contains("\r\ns=wall  m=audio 1\r\n"))
    }
}
