import Control
import FrameModel
import StageModel
import TestSupport
import Testing

@Suite struct SavedDocumentTests {
    /// A document after many random edits and fades, the last of them under way at frame 500.
    func edited(_ seed: UInt64) -> ShowDocument {
        var document = ShowDocument(stage: demoStage())
        var random = SeededRandom(seed: seed)
        let all = document.tree.parameters.filter { !$0.isReadOnly }
        for i in 0..<200 {
            let parameter = all.randomElement(using: &random)!
            if let word = parameter.words.randomElement(using: &random) {
                _ = document.apply(
                    .choose(path: parameter.path, word: word), atFrame: Int64(i * 2))
                continue
            }
            let values = parameter.defaults.map { _ in
                parameter.kind == .boolean
                    ? Double(Int.random(in: 0...1, using: &random))
                    : Double.random(in: parameter.range, using: &random)
            }
            let fade: Fade =
                parameter.takesFade ? .frames(Int64.random(in: 0...300, using: &random)) : .none
            _ = document.apply(
                .set(path: parameter.path, values: values, fade: fade), atFrame: Int64(i * 2))
        }
        return document
    }

    @Test(arguments: 1...10)
    func `a document saved and restored shows the same at every later frame`(_ seed: UInt64) {
        let document = edited(seed)
        var other = ShowDocument(stage: demoStage())
        let report = other.restore(document.saved(atFrame: 410))
        #expect(report.complaints == [])
        #expect(report.restored > 20)
        #expect(other.revision == document.revision)
        for i in 0..<document.live.values.count {
            for frame in stride(from: Int64(410), to: 800, by: 7) {
                let (a, b) = (document.live.values[i], other.live.values[i])
                #expect(a.value(at: frame) == b.value(at: frame))
            }
        }
        #expect(other.saved(atFrame: 410) == document.saved(atFrame: 410))
    }

    @Test func `a choice is saved as its word`() {
        var document = ShowDocument(stage: demoStage())
        _ = document.apply(.choose(path: "quality/mode", word: "outer-half"), atFrame: 0)
        let saved = document.saved(atFrame: 0)
        #expect(String(decoding: saved, as: UTF8.self).contains("\nquality/mode outer-half\n"))
        var other = ShowDocument(stage: demoStage())
        #expect(other.restore(saved).restored == 1)
        #expect(sameValues(document.live, other.live))
    }

    @Test func `lines nobody understands are skipped and told`() {
        let text = """
            cyclorama-show 1
            revision 41
            all/exposure -1.5
            wall/gone/exposure 2
            all/exposure nan
            all/exposure 99
            all/cdl/slope 1
            stage/blackout 0.5
            scene/scale 2 from x start 3 frames 4
            scene/scale 2 from 1 start 9223372036854775807 frames 4

            camera/a/frustum/overscan 25
            """
        var document = ShowDocument(stage: demoStage())
        let report = document.restore(Array(text.utf8))
        #expect(report.restored == 2)
        #expect(report.skipped == 7)
        #expect(report.complaints.first == "skipped: wall/gone/exposure 2")
        #expect(document.revision == 41)
        #expect(document.target(document.tree["all/exposure"]!) == [-1.5])
        #expect(document.target(document.tree["camera/a/frustum/overscan"]!) == [25])
        #expect(document.target(document.tree["scene/scale"]!) == [1])
    }

    @Test func `another version or no document at all restores nothing`() {
        for bytes in [[], Array("cyclorama-show 2\nall/exposure 1\n".utf8), [0xFF, 0, 10, 0xC3]] {
            var document = ShowDocument(stage: demoStage())
            let report = document.restore(bytes)
            #expect(report.restored == 0 && report.skipped == 1)
            #expect(sameValues(document.live, LiveState()))
        }
        var document = ShowDocument(stage: demoStage())
        let huge = [UInt8](repeating: 10, count: ControlLimits.savedBytes + 1)
        #expect(document.restore(huge).skipped == 1)
    }

    @Test func `damaged documents never stop the reader and never leave the ranges`() {
        var random = SeededRandom(seed: 5)
        let saved = edited(3).saved(atFrame: 410)
        for _ in 0..<3000 {
            var bytes = saved
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let at = Int.random(in: 17..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: at)
                default: bytes.insert(bytes[bytes.count - 1 - at / 2], at: at)
                }
            }
            var document = ShowDocument(stage: demoStage())
            let report = document.restore(bytes)
            #expect(report.complaints.count <= ControlLimits.complaints)
            for parameter in document.tree.parameters where !parameter.isReadOnly {
                for frame in [Int64(0), 410, 500] {
                    let values = document.values(parameter, atFrame: frame)
                    #expect(values.allSatisfy { parameter.range.contains($0) })
                }
            }
        }
    }
}
