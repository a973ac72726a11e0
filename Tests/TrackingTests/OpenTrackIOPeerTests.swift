import Foundation
import TestSupport
import Testing
import Tracking

@Suite struct OpenTrackIOPeerTests {
    static let schema = "opentrackio/opentrackio_schema_1.0.1.json"

    struct Given: Encodable {
        var schema: String
        var samples: [Written]
    }

    struct Written: Encodable {
        var json, cbor: String
    }

    @Test(
        .enabled(if: TestData.has(schema), "shared test data is absent"),
        .enabled(
            if: PythonPeer.has(module: "jsonschema") && PythonPeer.has(module: "cbor2"),
            "`make peers` installs jsonschema and cbor2"))
    func `what we write is valid by the schema and the same to cbor2, and so is what it writes`()
        throws
    {
        var random = SeededRandom(seed: 0x5C4E)
        var words = OpenTrackIOWords()
        words.trackerStatus = "Optical \"Good\"\n"
        words.slate = "A101 \u{1F3A5}"
        words.cameraMake = "Maker"
        words.cameraModel = "Model"
        words.cameraSerialNumber = "1"
        words.cameraLabel = String(repeating: "\u{E9}", count: 1200)
        words.lensMake = "Maker"
        words.lensModel = "Prime"
        words.lensSerialNumber = "2"
        var samples = [OpenTrackIOSample(), .full]
        for _ in 0..<60 { samples.append(.random(&random)) }
        let written = try samples.enumerated().map { number, sample in
            let words = number % 2 == 0 ? OpenTrackIOWords() : words
            return Written(
                json: hexadecimal(try sample.encoded(.json, words: words)),
                cbor: hexadecimal(try sample.encoded(.cbor, words: words)))
        }
        let schema = TestData.folder.appendingPathComponent(Self.schema).path
        let verdict = try PythonPeer.judge(
            "opentrackio.py", Given(schema: schema, samples: written))
        try #require(verdict.status == 0, "\(verdict.output)")
        let lines = verdict.output.split(separator: "\n")
        #expect(lines.count == 2 * samples.count)
        for (number, line) in lines.enumerated() {
            let ours = try OpenTrackIOSample(bytes(hex: written[number / 2].cbor), .cbor)
            #expect(try OpenTrackIOSample(bytes(hex: String(line)), .cbor) == ours)
        }
    }
}
