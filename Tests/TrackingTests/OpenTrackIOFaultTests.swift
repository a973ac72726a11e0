import Testing
import Tracking

@Suite struct OpenTrackIOFaultTests {
    private func fault(_ json: String) -> OpenTrackIOFault? {
        fault(Array(json.utf8), .json)
    }

    private func fault(
        _ bytes: [UInt8], _ encoding: OpenTrackIOHeader.Encoding
    ) -> OpenTrackIOFault? {
        do {
            _ = try OpenTrackIOSample(bytes, encoding)
            return nil
        } catch { return error as? OpenTrackIOFault }
    }

    @Test(arguments: [
        "", " ", "{", "}", "{]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\" 1}", "{a:1}",
        "{\"a\":01}", "{\"a\":1.}", "{\"a\":.5}", "{\"a\":-}", "{\"a\":1e}", "{\"a\":+1}",
        "{\"a\":tru}", "{\"a\":[1,]}", "{\"a\":[1 2]}", "{\"a\":[1}", "{\"a\":\"b}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\", "{\"a\":\"\n\"}", "{},", "{}{}", "{}0", "\u{FEFF}{}",
        "{\"a\":Infinit}", "{\"a\":nul", "{'a':1}",
    ])
    func `text that is not JSON is refused as such`(text: String) {
        #expect(fault(text) == OpenTrackIOFault(.malformed), "\(text)")
    }

    @Test(arguments: [
        "", "a1", "bf", "ff", "a0a0", "a16161", "a1016161", "a16161ff", "bf6161ff", "a1616118",
        "a161611c", "a1616119ff", "a161615f", "a161617f6161", "a161617f4161ff",
        "a161617f7f6161ffff",
        "a161619b7fffffffffffffff", "a16161bbffffffffffffffff", "bb7fffffffffffffff",
        "a1616178ff61", "a161613f", "a161611f", "a16161c0", "a16161c0ff", "df", "a161615b",
    ])
    func `bytes that are not CBOR are refused as such`(hex: String) {
        #expect(fault(bytes(hex: hex), .cbor) == OpenTrackIOFault(.malformed), "\(hex)")
    }

    @Test func `a payload that is no object is refused`() {
        for text in ["[]", "1", "\"a\"", "null", "true"] {
            #expect(fault(text) == OpenTrackIOFault(.wrongType), "\(text)")
        }
        #expect(fault([0x80], .cbor) == OpenTrackIOFault(.wrongType))
        #expect(fault([0xC1, 0x00], .cbor) == OpenTrackIOFault(.wrongType))
    }

    @Test func `levels end at the limit in both encodings`() {
        let most = TrackingLimits.payloadDepth
        func nested(_ lists: Int) -> String {
            "{\"a\":" + String(repeating: "[", count: lists)
                + String(repeating: "]", count: lists) + "}"
        }
        #expect(fault(nested(most - 1)) == nil)
        #expect(fault(nested(most)) == OpenTrackIOFault(.tooDeep))
        #expect(fault(nested(8000)) == OpenTrackIOFault(.tooDeep))
        for head: UInt8 in [0x81, 0x9F] {
            let deep = [0xA1, 0x61, 0x61] + [UInt8](repeating: head, count: 8000)
            #expect(fault(deep, .cbor) == OpenTrackIOFault(.tooDeep))
            let tail = head == 0x9F ? [UInt8](repeating: 0xFF, count: most - 2) : []
            let right = deep[..<(3 + most - 2)] + [0x80] + tail
            #expect(fault(Array(right), .cbor) == nil)
        }
        let tags = [0xA1, 0x61, 0x61] + [UInt8](repeating: 0xC1, count: 16000) + [0x01]
        #expect(fault(tags, .cbor) == nil)
    }

    @Test func `each value outside the schema is refused by its name`() {
        typealias Case = (String, OpenTrackIOFault.Cause, OpenTrackIOFault.Field)
        let cases: [Case] = [
            ("{\"sourceNumber\":0}", .outOfRange, .sourceNumber),
            ("{\"sourceNumber\":201}", .outOfRange, .sourceNumber),
            ("{\"sourceNumber\":255}", .outOfRange, .sourceNumber),
            ("{\"sourceNumber\":4294967296}", .outOfRange, .sourceNumber),
            ("{\"sourceNumber\":1.5}", .outOfRange, .sourceNumber),
            ("{\"sourceNumber\":\"1\"}", .wrongType, .sourceNumber),
            ("{\"sourceNumber\":[1]}", .wrongType, .sourceNumber),
            ("{\"protocol\":{\"name\":\"Other\"}}", .outOfRange, .protocolName),
            ("{\"protocol\":{\"version\":[1,0]}}", .missing, .protocolVersion),
            ("{\"protocol\":{\"version\":[1,0,1,0]}}", .tooMany, .protocolVersion),
            ("{\"protocol\":{\"version\":[10,0,1]}}", .outOfRange, .protocolVersion),
            ("{\"transforms\":[]}", .missing, .transforms),
            ("{\"transforms\":{}}", .wrongType, .transforms),
            ("{\"transforms\":[1]}", .wrongType, .transforms),
            ("{\"transforms\":[{\"translation\":{\"x\":\"1\"}}]}", .wrongType, .translation),
            ("{\"transforms\":[{\"translation\":{\"z\":NaN}}]}", .notFinite, .translation),
            ("{\"transforms\":[{\"translation\":{\"z\":1e999}}]}", .notFinite, .translation),
            ("{\"transforms\":[{\"rotation\":{\"pan\":-Infinity}}]}", .notFinite, .rotation),
            (
                "{\"transforms\":[{\"translation\":{\"x\":1e308},\"scale\":{\"x\":1e308}},"
                    + "{\"translation\":{\"x\":1e308}}]}", .outOfRange, .transforms
            ),
            ("{\"timing\":{\"mode\":\"perhaps\"}}", .outOfRange, .mode),
            ("{\"timing\":{\"sampleRate\":{\"num\":0,\"denom\":1}}}", .outOfRange, .sampleRate),
            ("{\"timing\":{\"sampleRate\":{\"num\":1}}}", .missing, .sampleRate),
            ("{\"timing\":{\"sampleRate\":24}}", .wrongType, .sampleRate),
            (
                "{\"timing\":{\"sampleTimestamp\":{\"seconds\":281474976710656}}}", .outOfRange,
                .sampleTimestamp
            ),
            ("{\"timing\":{\"sampleTimestamp\":{\"seconds\":1}}}", .missing, .sampleTimestamp),
            ("{\"timing\":{\"sequenceNumber\":-1}}", .outOfRange, .sequenceNumber),
            ("{\"timing\":{\"timecode\":{\"hours\":24}}}", .outOfRange, .timecode),
            ("{\"timing\":{\"timecode\":{\"hours\":1}}}", .missing, .timecode),
            (
                "{\"timing\":{\"timecode\":{\"hours\":1,\"minutes\":2,\"seconds\":3,\"frames\":24,"
                    + "\"frameRate\":{\"num\":24000,\"denom\":1001}}}}", .outOfRange, .timecode
            ),
            ("{\"timing\":{\"synchronization\":{\"source\":\"ptp\"}}}", .missing, .synchronization),
            ("{\"timing\":{\"synchronization\":{\"locked\":1}}}", .wrongType, .synchronization),
            ("{\"lens\":{\"pinholeFocalLength\":0}}", .outOfRange, .pinholeFocalLength),
            ("{\"lens\":{\"focusDistance\":-1}}", .outOfRange, .focusDistance),
            ("{\"lens\":{\"encoders\":{\"focus\":1.01}}}", .outOfRange, .encoders),
            ("{\"lens\":{\"rawEncoders\":{\"iris\":-1}}}", .outOfRange, .rawEncoders),
            ("{\"lens\":{\"distortion\":[{\"model\":\"x\"}]}}", .missing, .distortion),
            ("{\"lens\":{\"distortion\":[{\"radial\":[true]}]}}", .wrongType, .distortion),
            ("{\"lens\":{\"distortion\":[{\"overscan\":0.9}]}}", .outOfRange, .overscan),
            ("{\"lens\":{\"projectionOffset\":{\"x\":1}}}", .missing, .projectionOffset),
            ("{\"tracker\":{\"recording\":\"yes\"}}", .wrongType, .recording),
            ("{\"static\":[]}", .wrongType, .static),
            (
                "{\"static\":{\"camera\":{\"activeSensorResolution\":"
                    + "{\"width\":1.5,\"height\":1}}}}",
                .outOfRange, .resolution
            ),
            (
                "{\"static\":{\"camera\":{\"activeSensorPhysicalDimensions\":{\"width\":-1}}}}",
                .outOfRange, .sensor
            ),
        ]
        for (text, cause, field) in cases {
            #expect(fault(text) == OpenTrackIOFault(cause, field), "\(text)")
        }
    }

    @Test func `a chain of too many transforms is refused`() {
        func chain(_ count: Int) -> String {
            let one = "{\"translation\":{\"x\":1},\"rotation\":{}}"
            return "{\"transforms\":["
                + [String](repeating: one, count: count).joined(separator: ",") + "]}"
        }
        #expect(fault(chain(TrackingLimits.transforms)) == nil)
        #expect(
            fault(chain(TrackingLimits.transforms + 1)) == OpenTrackIOFault(.tooMany, .transforms))
    }
}
