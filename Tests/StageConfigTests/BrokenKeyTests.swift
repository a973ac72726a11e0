import Foundation
import StageConfig
import Testing

/// A key of a stage file: where it stands, and what can be done to it.
struct WrittenKey {
    var key: String
    /// Index of its line.
    var line: Int
    /// Where the key stands in its line.
    var keyRange: Range<String.Index>
    /// Where its value stands in its line; empty for a block below.
    var valueRange: Range<String.Index>
    /// Lines of the block below it.
    var block: Range<Int>
    /// The first key of a list's element: it cannot be taken out by its line.
    var isFirstOfElement: Bool

    /// Every key of a text, those in braces as well.
    static func all(of lines: [String]) -> [WrittenKey] {
        var keys: [WrittenKey] = []
        for (index, line) in lines.enumerated() where !line.trimmed.hasPrefix("#") {
            let head = #/^( *)(- )?([a-zA-Z]+):( |$)(.*)$/#
            if let match = line.wholeMatch(of: head) {
                let indent = match.1.count + (match.2?.count ?? 0)
                let end = lines[(index + 1)...].firstIndex { next in
                    !next.trimmed.isEmpty && next.prefix { $0 == " " }.count <= indent
                }
                keys.append(
                    WrittenKey(
                        key: String(match.3), line: index,
                        keyRange: match.3.startIndex..<match.3.endIndex,
                        valueRange: match.5.startIndex..<match.5.endIndex,
                        block: index + 1..<(match.5.isEmpty ? end ?? lines.count : index + 1),
                        isFirstOfElement: match.2 != nil))
            }
            for match in line.matches(of: #/([a-zA-Z]+): ([^,{}\[\]]+)(?=[,}])/#)
            where line.contains("{") {
                keys.append(
                    WrittenKey(
                        key: String(match.1), line: index,
                        keyRange: match.1.startIndex..<match.1.endIndex,
                        valueRange: match.2.startIndex..<match.2.endIndex,
                        block: index + 1..<index + 1, isFirstOfElement: true))
            }
        }
        return keys
    }
}

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespaces) }
}

@Suite struct BrokenKeyTests {
    private func lines(_ stage: String) throws -> [String] {
        try anyText(stage).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    @Test(arguments: stages)
    func `a value of the wrong kind is one complaint that names its key and line`(stage: String)
        throws
    {
        let lines = try lines(stage)
        let keys = WrittenKey.all(of: lines)
        #expect(keys.count > 40)
        for written in keys {
            var broken = lines
            let value = String(lines[written.line][written.valueRange])
            let isGroup = value.isEmpty || value.hasPrefix("{")
            broken[written.line].replaceSubrange(
                written.valueRange, with: isGroup ? " 17" : "[[]]")
            broken.removeSubrange(written.block)
            let found = complaints(broken.joined(separator: "\n"))
            #expect(found.count == 1, "\(stage) \(written.key): \(found)")
            #expect(found.first?.line == written.line + 1, "\(stage): \(found)")
            #expect(found.first?.path.hasSuffix(written.key) == true, "\(stage): \(found)")
        }
    }

    @Test(arguments: stages)
    func `a misspelled key is one complaint that knows what was meant`(stage: String) throws {
        let lines = try lines(stage)
        for written in WrittenKey.all(of: lines) {
            var broken = lines
            var wrong = Array(written.key)
            if wrong.count > 2 {
                wrong.swapAt(wrong.count - 2, wrong.count - 1)
                if String(wrong) == written.key { wrong[wrong.count - 1] = "q" }
            } else {
                wrong = ["q"]
            }
            broken[written.line].replaceSubrange(written.keyRange, with: String(wrong))
            let found = complaints(broken.joined(separator: "\n"))
            #expect(found.count == 1, "\(stage) \(written.key): \(found)")
            #expect(found.first?.line == written.line + 1, "\(found)")
            #expect(found.first?.path.hasSuffix(String(wrong)) == true, "\(stage): \(found)")
            #expect(found.first?.allowed == "did you mean \(written.key)?", "\(stage): \(found)")
        }
    }

    @Test(arguments: stages)
    func `a key left out is one complaint or none`(stage: String) throws {
        let lines = try lines(stage)
        var missing = 0
        for written in WrittenKey.all(of: lines) where !written.isFirstOfElement {
            var broken = lines
            broken.removeSubrange(written.line..<written.block.upperBound)
            let found = complaints(broken.joined(separator: "\n"))
            missing += found.count
            #expect(found.count <= 1, "\(stage) \(written.key): \(found)")
            // Without a zoom range it is the focal length that is missing.
            if let only = found.first, only.found == "missing",
                written.key != "zoomRangeMillimeters"
            {
                #expect(only.path.hasSuffix(written.key), "\(stage): \(found)")
            }
        }
        #expect(missing > 20)
    }

    @Test(arguments: stages)
    func `a number with its unit behind it is told where units belong`(stage: String) throws {
        let lines = try lines(stage)
        var count = 0
        for written in WrittenKey.all(of: lines)
        where written.key.contains(#/(Millimeters|Meters|Degrees|Milliseconds|Nits)$/#) {
            let value = String(lines[written.line][written.valueRange])
            guard Double(value) != nil, written.key != "rotationDegrees" else { continue }
            count += 1
            var broken = lines
            broken[written.line].replaceSubrange(written.valueRange, with: value + " m")
            let found = complaints(broken.joined(separator: "\n"))
            #expect(found.count == 1, "\(stage): \(found)")
            #expect(found.first?.allowed.hasPrefix("the unit is in the key") == true, "\(found)")
        }
        #expect(count > 5)
    }

    @Test(arguments: stages, [".nan", ".inf", "-.inf", "nan", "1e999", "-1e9"])
    func `numbers that are not finite or far too large are refused one by one`(
        stage: String, number: String
    ) throws {
        let lines = try lines(stage)
        for written in WrittenKey.all(of: lines) {
            guard Double(lines[written.line][written.valueRange]) != nil else { continue }
            var broken = lines
            broken[written.line].replaceSubrange(written.valueRange, with: number)
            let found = complaints(broken.joined(separator: "\n"))
            #expect(found.count == 1, "\(stage) \(written.key): \(found)")
            #expect(found.first?.path.hasSuffix(written.key) == true, "\(stage): \(found)")
        }
    }
}
