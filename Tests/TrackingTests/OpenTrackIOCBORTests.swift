import Geometry
import Testing
import Tracking

/// What CBOR writes in several ways is one value.
@Suite struct OpenTrackIOCBORTests {
    /// {"lens": {"entrancePupilOffset": …}} with a value in hexadecimal.
    private func offset(_ value: String) throws -> Double? {
        let name = Array("entrancePupilOffset".utf8)
        let head = bytes(hex: "a1 64 6c656e73 a1 73")
        return try OpenTrackIOSample(head + name + bytes(hex: value), .cbor)
            .lens.entrancePupilOffset
    }

    /// Values of RFC 8949 appendix A.
    @Test(arguments: [
        ("00", 0), ("17", 23), ("1818", 24), ("1903e8", 1000), ("1a000f4240", 1_000_000),
        ("1b000000e8d4a51000", 1_000_000_000_000), ("20", -1), ("3863", -100), ("3903e7", -1000),
        ("f90000", 0), ("f93c00", 1), ("f93e00", 1.5), ("f97bff", 65504), ("f9c400", -4),
        ("f90001", 5.960464477539063e-8), ("f90400", 0.00006103515625), ("f9c100", -2.5),
        ("fa47c35000", 100000), ("fa7f7fffff", 3.4028234663852886e+38),
        ("fb3ff199999999999a", 1.1), ("fbc010666666666666", -4.1),
        ("c1f93e00", 1.5), ("d9d9f7 d820 fb3ff199999999999a", 1.1),
    ])
    func `numbers of every width are the numbers of the standard`(hex: String, value: Double) throws
    {
        #expect(try offset(hex) == value, "\(hex)")
    }

    @Test func `every half float is the double Swift makes of it`() throws {
        for bits in 0..<UInt16.max where bits & 0x7C00 != 0x7C00 {
            let high = UInt8(bits >> 8)
            let value = try offset("f9" + hexadecimal([high, UInt8(bits & 255)]))
            #expect(value == truth(ofHalf: bits), "\(bits)")
        }
    }

    /// IEEE 754 binary16 from the bits of a binary32 of the same value.
    private func truth(ofHalf bits: UInt16) -> Double {
        let (sign, exponent, fraction) = (bits >> 15, bits >> 10 & 31, bits & 0x3FF)
        if exponent == 0 { return (sign == 1 ? -1 : 1) * Double(fraction) / 16_777_216 }
        let wide = UInt32(sign) << 31 | (UInt32(exponent) + 112) << 23 | UInt32(fraction) << 13
        return Double(Float(bitPattern: wide))
    }

    @Test(arguments: ["f97c00", "f97e00", "f9fc00", "fa7f800000", "fb7ff8000000000000"])
    func `what is not finite is refused in any width`(hex: String) {
        #expect(throws: OpenTrackIOFault(.notFinite, .entrancePupilOffset)) { try offset(hex) }
    }

    @Test func `null and undefined are absent, other simple values of the wrong kind`() throws {
        #expect(try offset("f6") == nil)
        #expect(try offset("f7") == nil)
        for hex in ["f5", "e0", "f8ff", "43010203", "6161", "80"] {
            #expect(throws: OpenTrackIOFault(.wrongType, .entrancePupilOffset), "\(hex)") {
                try offset(hex)
            }
        }
    }

    @Test func `lengths may be unknown until the end`() throws {
        // {_ "tracker": {_ (_ "sl", "ate"): (_ "A1", "", "01")}, "transforms": [_ {_
        //   "translation": {_ "x": 1, "y": 2.0}}]}
        let open = bytes(
            hex: """
                bf 67 747261636b6572 bf 7f 62 736c 63 617465 ff 7f 62 4131 60 62 3031 ff ff
                6a 7472616e73666f726d73 9f bf 6b 7472616e736c6174696f6e bf 61 78 01 61 79
                fa40000000 ff ff ff ff
                """)
        let sample = try OpenTrackIOSample(open, .cbor)
        let known = try OpenTrackIOSample(
            json: """
                {"tracker": {"slate": "A101"}, "transforms": [{"translation": {"x": 1, "y": 2}}]}
                """)
        #expect(sample == known)
        #expect(sample.trackerFromSensor?.translation == Vector3(1, 2, 0))
    }

    @Test func `what is not known is read over, however it is written`() throws {
        let unknown = [
            "a0", "80", "9fff", "bfff", "5f4101ff", "40", "7f6161ff", "c11a514b67b0", "f97e00",
            "a16162a16163820102", "bf616101ff", "f6", "f8ff",
        ]
        for value in unknown {
            let text = bytes(hex: "a2 61 7a \(value) 6c 736f757263654e756d626572 18 64")
            #expect(try OpenTrackIOSample(text, .cbor).sourceNumber == 100, "\(value)")
        }
    }

    @Test func `keys that are not text are refused`() {
        for hex in ["a1 01 02", "a1 4161 02", "bf 01 02 ff", "a1 80 02"] {
            #expect(throws: OpenTrackIOFault(.malformed)) {
                try OpenTrackIOSample(bytes(hex: hex), .cbor)
            }
        }
    }
}

/// Bytes in hexadecimal.
func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
