public import FrameModel
import Foundation
import Geometry

/// What a scene is made of, for a person or a program.
public struct SceneSummary: Sendable {
    private let scene: Scene
    private let frames: Double?

    /// A summary of a scene; reads every pixel once.
    /// - Parameter frames: a second of the stage that shall show it; nil: no stage is known.
    public init(_ scene: Scene, frames: Double? = nil) {
        self.scene = scene
        self.frames = frames
    }

    /// What is not shown as it is in the files, a line each.
    private var warnings: [String] {
        let movies = [scene.dome?.movie].compactMap(\.self) + scene.cards.compactMap(\.movie)
        return scene.warnings
            + movies.flatMap { movie in
                MovieSteps(
                    rate: (movie.rate.x, movie.rate.y), speed: movie.speed,
                    isUneven: movie.isUneven
                ).lines(frames: frames).map { "movie \(movie.number + 1): \($0)" }
            }
    }

    /// A few lines of text.
    public var text: String {
        var lines = ["scene \"\(scene.name)\""]
        if let dome = scene.dome {
            let place = dome.radius.isFinite ? "at \(dome.radius) m" : "at infinity"
            lines.append("  dome \(size(dome.picture)) \(place), \(light(dome.picture))")
            lines += movie(dome.movie)
        } else {
            lines.append("  no dome: black")
        }
        for card in scene.cards {
            let distance = rounded(card.sceneFromCard.translation.y)
            lines.append(
                "  card \"\(card.name)\" \(size(card.picture)), "
                    + "\(rounded(card.width)) × \(rounded(card.height)) m, "
                    + "\(distance) m ahead, \(light(card.picture))")
            lines += movie(card.movie)
        }
        for mesh in scene.meshes {
            lines.append(
                "  mesh \"\(mesh.name)\" \(mesh.triangleCount) triangles, "
                    + "\(mesh.objects.count) objects, \(mesh.materials.count) materials, "
                    + "\(mesh.textures.count) textures")
        }
        lines += warnings.map { "warning: \($0)" }
        return lines.joined(separator: "\n")
    }

    /// One JSON object: name, valid, dome, cards, meshes, warnings.
    public var json: String {
        let report = Report(
            name: scene.name, valid: true,
            dome: scene.dome.map {
                Report.Dome(
                    width: $0.picture.width, height: $0.picture.height,
                    radiusMeters: $0.radius.isFinite ? $0.radius : nil,
                    brightest: brightest($0.picture))
            },
            cards: scene.cards.map {
                Report.Card(
                    name: $0.name, width: $0.picture.width, height: $0.picture.height,
                    widthMeters: $0.width, heightMeters: $0.height,
                    brightest: brightest($0.picture))
            },
            meshes: scene.meshes.map {
                Report.Mesh(
                    name: $0.name, triangles: $0.triangleCount, objects: $0.objects.count,
                    materials: $0.materials.count, textures: $0.textures.count)
            }, warnings: warnings, complaints: [])
        return SceneSummary.encoded(report)
    }

    /// The JSON object of a refused scene: valid is false, complaints say why.
    public static func json(complaints: [String]) -> String {
        encoded(
            Report(
                name: nil, valid: false, dome: nil, cards: [], meshes: [], warnings: [],
                complaints: complaints))
    }

    private struct Report: Encodable {
        struct Dome: Encodable {
            var width: Int
            var height: Int
            var radiusMeters: Double?
            var brightest: Float
        }
        struct Card: Encodable {
            var name: String
            var width: Int
            var height: Int
            var widthMeters: Double
            var heightMeters: Double
            var brightest: Float
        }
        struct Mesh: Encodable {
            var name: String
            var triangles: Int
            var objects: Int
            var materials: Int
            var textures: Int
        }
        var name: String?
        var valid: Bool
        var dome: Dome?
        var cards: [Card]
        var meshes: [Mesh]
        var warnings: [String]
        var complaints: [String]
    }

    private static func encoded(_ report: Report) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(report) else { return "{\"valid\":false}" }
        return String(decoding: data, as: UTF8.self)
    }

    /// A line about a layer's movie; what is said of its picture is of the first one.
    private func movie(_ movie: MovieLayer?) -> [String] {
        guard let movie else { return [] }
        let rate = rounded(Double(movie.rate.x) / Double(movie.rate.y))
        let cues =
            movie.cues.isEmpty ? "" : ", cues \(movie.cues.map(\.name).joined(separator: ", "))"
        return [
            "    movie \(movie.number + 1): \(movie.pictureCount) pictures, \(rate) a second, "
                + (movie.isLooping ? "in a loop" : "once") + cues
        ]
    }

    private func size(_ picture: Picture) -> String { "\(picture.width)×\(picture.height)" }

    private func rounded(_ meters: Double) -> Double { (meters * 100).rounded() / 100 }

    private func light(_ picture: Picture) -> String {
        "brightest \((brightest(picture) * 100).rounded() / 100)"
    }

    private func brightest(_ picture: Picture) -> Float {
        var top: Float = 0
        for i in stride(from: 0, to: picture.pixels.count, by: 4) {
            top = max(top, picture.pixels[i], picture.pixels[i + 1], picture.pixels[i + 2])
        }
        return top
    }
}
