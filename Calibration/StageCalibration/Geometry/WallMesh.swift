import Foundation
public import Geometry

/// A wall as triangles in Wavefront OBJ: one object a wall section, stage metres, UV the section's
/// raster 0 … 1 with v upwards.
public struct WallMesh: Sendable, Equatable {
    /// One wall section.
    public struct Section: Sendable, Equatable {
        /// The object's name.
        public var name: String
        /// Corners, stage metres.
        public var points: [Vector3]
        /// Raster place of each corner, 0 … 1, v up; as many as points.
        public var places: [Vector2]
        /// Three indices of corners a triangle.
        public var triangles: [SIMD3<Int>]

        /// A section of corners and triangles.
        public init(
            name: String, points: [Vector3], places: [Vector2], triangles: [SIMD3<Int>]
        ) {
            self.name = name
            self.points = points
            self.places = places
            self.triangles = triangles
        }
    }

    /// Sections, in the file's order.
    public var sections: [Section]

    /// A wall of sections.
    public init(sections: [Section]) { self.sections = sections }

    /// The file.
    public var text: String {
        var lines = ["# Wall sections in meters, X right, Y forward, Z up."]
        var base = 1
        for section in sections {
            lines.append("o \(section.name)")
            lines += section.points.map { "v \($0.x) \($0.y) \($0.z)" }
            lines += section.places.map { "vt \($0.x) \($0.y)" }
            lines += section.triangles.map { t in
                "f " + (0..<3).map { "\(base + t[$0])/\(base + t[$0])" }.joined(separator: " ")
            }
            base += section.points.count
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The sections of a file; faces of more than three corners become fans.
    public init(_ text: String, file: String) throws(CalibrationRefusal) {
        var reader = Reader(file: file)
        var number = 0
        for line in text.lines {
            number += 1
            try reader.take(line, number)
        }
        sections = reader.sections.filter { !$0.triangles.isEmpty }
        if sections.isEmpty {
            throw CalibrationRefusal("\(file): no faces", advice: "export triangles with UVs")
        }
    }

    private struct Reader {
        let file: String
        var points: [Vector3] = []
        var places: [Vector2] = []
        var sections: [Section] = []
        var triangles = 0
        /// Corners of the open section by their indices in the file.
        var corners: [SIMD2<Int>: Int] = [:]

        init(file: String) { self.file = file }

        func refusal(_ line: Int, _ what: String) -> CalibrationRefusal {
            CalibrationRefusal(
                "\(file):\(line): \(what)", advice: "v x y z, vt u v and f v/vt … are expected")
        }

        mutating func take(_ line: Substring, _ number: Int) throws(CalibrationRefusal) {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let kind = words.first else { return }
            let numbers = words.dropFirst().map { Double($0) ?? .nan }
            switch kind {
            case "v":
                guard numbers.count >= 3, numbers[0..<3].allSatisfy(\.isFinite),
                    points.count < CalibrationLimits.meshPoints
                else { throw refusal(number, "no point, or more than we take") }
                points.append(Vector3(numbers[0], numbers[1], numbers[2]))
            case "vt":
                guard numbers.count >= 2, numbers[0..<2].allSatisfy(\.isFinite),
                    places.count < CalibrationLimits.meshPoints
                else { throw refusal(number, "no place, or more than we take") }
                places.append(Vector2(numbers[0], numbers[1]))
            case "o", "g":
                guard sections.count < CalibrationLimits.meshSections else {
                    throw refusal(number, "more objects than we take")
                }
                open(words.dropFirst().joined(separator: " "))
            case "f":
                if sections.isEmpty { open("wall") }
                var face: [Int] = []
                for word in words.dropFirst() { face.append(try corner(word, number)) }
                guard face.count >= 3 else { throw refusal(number, "a face of two corners") }
                triangles += face.count - 2
                guard triangles <= CalibrationLimits.meshTriangles else {
                    throw refusal(number, "more faces than we take")
                }
                for i in 2..<face.count {
                    sections[sections.count - 1].triangles.append(
                        SIMD3(face[0], face[i - 1], face[i]))
                }
            default: break
            }
        }

        mutating func open(_ name: String) {
            sections.append(
                Section(name: name.isEmpty ? "wall" : name, points: [], places: [], triangles: []))
            corners = [:]
        }

        mutating func corner(_ word: Substring, _ number: Int) throws(CalibrationRefusal) -> Int {
            let parts = word.split(separator: "/", omittingEmptySubsequences: false)
            func index(_ part: Substring, _ count: Int) -> Int? {
                guard let i = Int(part) else { return nil }
                let at = i > 0 ? i - 1 : count + i
                return at >= 0 && at < count ? at : nil
            }
            guard parts.count >= 2, let v = index(parts[0], points.count),
                let t = index(parts[1], places.count)
            else { throw refusal(number, "corner \(word.prefix(20)) names no point and place") }
            if let known = corners[SIMD2(v, t)] { return known }
            let last = sections.count - 1
            sections[last].points.append(points[v])
            sections[last].places.append(places[t])
            corners[SIMD2(v, t)] = sections[last].points.count - 1
            return sections[last].points.count - 1
        }
    }
}

extension String {
    /// The lines of a text file of any system, without a byte order mark.
    var lines: [Substring] {
        // Carriage return and line feed are one character.
        (first == "\u{FEFF}" ? dropFirst() : self[...])
            .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }
}
