import Foundation
import Geometry
import TestSupport
import Testing
import Tracking

@Suite struct FreeDTests {
    struct Vector: Decodable, Sendable, CustomTestStringConvertible {
        struct Decoded: Decodable, Sendable {
            var cameraId: UInt8
            var pan_deg, tilt_deg, roll_deg, x_mm, y_mm, z_mm: Double
            var zoom, focus: UInt32
            var spare: UInt16
            var checksum_ok: Bool
        }
        var name: String
        var hex: String
        var decoded: Decoded?
        var testDescription: String { name }
    }

    static let vectorFile = "freed/freed_vectors.json"

    /// Vectors of our own, by the same fields: always run.
    static let ownVectors = """
        [{"name": "typical", "hex": "d1ff064000fe6000004000017710fe0be001b5b00012340056780000a1",
          "decoded": {"cameraId": 255, "pan_deg": 12.5, "tilt_deg": -3.25, "roll_deg": 0.5,
            "x_mm": 1500.25, "y_mm": -2000.5, "z_mm": 1750.75, "zoom": 4660, "focus": 22136,
            "spare": 0, "checksum_ok": true}},
         {"name": "one LSB below zero",
          "hex": "d103ffffffffffffffffffffffffffffffffffff00000100000100017b",
          "decoded": {"cameraId": 3, "pan_deg": -3.0517578125e-05, "tilt_deg": -3.0517578125e-05,
            "roll_deg": -3.0517578125e-05, "x_mm": -0.015625, "y_mm": -0.015625,
            "z_mm": -0.015625, "zoom": 1, "focus": 1, "spare": 1, "checksum_ok": true}},
         {"name": "wrong checksum",
          "hex": "d1ff064000fe6000004000017710fe0be001b5b00012340056780000a0",
          "decoded": {"cameraId": 255, "pan_deg": 12.5, "tilt_deg": -3.25, "roll_deg": 0.5,
            "x_mm": 1500.25, "y_mm": -2000.5, "z_mm": 1750.75, "zoom": 4660, "focus": 22136,
            "spare": 0, "checksum_ok": false}},
         {"name": "28 bytes", "hex": "d1ff064000fe6000004000017710fe0be001b5b00012340056780000",
          "decoded": null},
         {"name": "D0 start stream", "hex": "d0ff0170", "decoded": null}]
        """

    @Test(.enabled(if: TestData.has(vectorFile), "shared test data is absent"))
    func `every published vector decodes to its numbers`() throws {
        let vectors = try JSONDecoder().decode(
            [Vector].self, from: Data(TestData.bytes(Self.vectorFile)))
        #expect(vectors.count == 12)
        for vector in vectors { try check(vector) }
    }

    @Test func `vectors of our own decode to their numbers`() throws {
        let vectors = try JSONDecoder().decode([Vector].self, from: Data(Self.ownVectors.utf8))
        for vector in vectors { try check(vector) }
    }

    private func check(_ vector: Vector) throws {
        let packet = bytes(hex: vector.hex)
        guard let expected = vector.decoded else {
            #expect(throws: FreeD.Fault.self, "\(vector.name)") {
                try packet.withUnsafeBytes { try FreeD.decode($0, ignoresChecksum: true) }
            }
            return
        }
        if !expected.checksum_ok {
            #expect(throws: FreeD.Fault.badChecksum, "\(vector.name)") {
                try packet.withUnsafeBytes { try FreeD.decode($0) }
            }
        }
        let message = try packet.withUnsafeBytes { bytes in
            try FreeD.decode(bytes, ignoresChecksum: !expected.checksum_ok)
        }
        let position = message.position(FreeDOptions())
        #expect(message.cameraID == expected.cameraId, "\(vector.name)")
        #expect(message.panDegrees == expected.pan_deg, "\(vector.name)")
        #expect(message.tiltDegrees == expected.tilt_deg, "\(vector.name)")
        #expect(message.rollDegrees == expected.roll_deg, "\(vector.name)")
        #expect(abs(position.x - expected.x_mm / 1000) < 1e-12, "\(vector.name)")
        #expect(abs(position.y - expected.y_mm / 1000) < 1e-12, "\(vector.name)")
        #expect(abs(position.z - expected.z_mm / 1000) < 1e-12, "\(vector.name)")
        #expect(message.zoom == expected.zoom, "\(vector.name)")
        #expect(message.focus == expected.focus, "\(vector.name)")
        #expect(message.spare == expected.spare, "\(vector.name)")
        if expected.checksum_ok { #expect(message.encoded == packet, "\(vector.name)") }
    }

    @Test func `each kind of broken packet has its own name`() {
        let good = bytes(hex: "d1ff064000fe6000004000017710fe0be001b5b00012340056780000a1")
        func fault(_ packet: [UInt8]) -> FreeD.Fault? {
            packet.withUnsafeBytes { bytes in
                do throws(FreeD.Fault) {
                    _ = try FreeD.decode(bytes)
                    return nil
                } catch { return error }
            }
        }
        #expect(fault(good) == nil)
        #expect(fault([]) == .wrongLength)
        #expect(fault(Array(good.dropLast())) == .wrongLength)
        #expect(fault(good + [0]) == .wrongLength)
        #expect(fault([0xD0, 0xFF, 0x01, 0x70]) == .wrongType)
        var flipped = good
        flipped[7] ^= 0x10
        #expect(fault(flipped) == .badChecksum)
    }

    @Test func `any single flipped bit is refused`() {
        let good = bytes(hex: "d1ff064000fe6000004000017710fe0be001b5b00012340056780000a1")
        for bit in 0..<(29 * 8) {
            var packet = good
            packet[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: FreeD.Fault.self, "bit \(bit)") {
                try packet.withUnsafeBytes { try FreeD.decode($0) }
            }
        }
    }

    @Test func `random bytes of any length are counted and never shown`() {
        var random = SeededRandom(seed: 0xF4EED)
        var timeline = Timeline(source: TrackingSource(name: "a", transport: .freeD(.init())))
        let rounds = 20_000
        for round in 0..<rounds {
            var packet = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            // Every other one starts like FreeD, every fourth has a length of FreeD's.
            if round % 2 == 0, !packet.isEmpty { packet[0] = 0xD1 }
            if round % 4 == 0 {
                packet = Array((packet + [UInt8](repeating: 7, count: 58)).prefix(58))
            }
            // The type byte is never D1 in the second half, so that nothing can pass by chance.
            if packet.count == 58 { packet[29] = 0xD2 }
            if packet.count >= 29 { packet[28] = packet[28] &+ wrongness(packet) }
            timeline.accept(packet, at: Double(round) / 60)
        }
        let counters = timeline.counters
        #expect(counters.accepted == 0)
        #expect(counters.wrongLength > 1000)
        #expect(counters.wrongType > 1000)
        #expect(counters.badChecksum > 1000)
        #expect(timeline.state(at: Double(rounds) / 60).status == .never)
    }

    /// What to add to the last byte so that the checksum is surely wrong.
    private func wrongness(_ packet: [UInt8]) -> UInt8 {
        let right = packet[..<28].reduce(UInt8(0x40)) { $0 &- $1 }
        return packet[28] == right ? 1 : 0
    }
}
