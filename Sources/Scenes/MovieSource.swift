import Foundation
import FrameModel
public import Media

/// A movie of a scene as its layer shows it: read, and its light treated as the scene file says.
public final class MovieSource {
    private let reader: any MovieReading
    private let source: SceneDescription.Source
    private let path: String

    /// What the movie is.
    public var facts: MovieFacts { reader.facts }

    /// A movie's pictures may be seen through.
    var isOpaque: Bool { !facts.hasAlpha && source.opacity >= 1 }

    /// A layer's movie.
    init(_ source: SceneDescription.Source, folder: String) throws(PictureError) {
        path = folder + "/" + source.file
        self.source = source
        let home = (path as NSString).deletingLastPathComponent
        for name in Movie.isSequence(path) ? Movie.sequence(path) : []
        where !SceneFolder.isInside(home + "/" + name, folder) {
            throw PictureError(
                path: home + "/" + name,
                fault: .unsupported("leads out of the scene's folder – copy it into it"))
        }
        reader = try Movie.open(
            path, colorSpace: PictureColorSpace(rawValue: source.colorSpace) ?? .auto,
            rate: source.movie?.rate)
    }

    /// The nth movie of a scene: a folder or its scene file.
    public static func open(_ scene: String, number: Int) throws(SceneComplaints) -> MovieSource {
        let movies = try SceneFile.describe(scene).movies
        guard movies.indices.contains(number) else {
            throw SceneComplaints(["\(scene): has \(movies.count) movies, none is \(number)"])
        }
        let folder = SceneFile.folder(of: scene)
        guard SceneFolder.isInside(folder + "/" + movies[number].file, folder) else {
            throw SceneComplaints(["\(folder)/\(movies[number].file): leads out of the folder"])
        }
        do throws(PictureError) {
            return try MovieSource(movies[number], folder: folder)
        } catch {
            throw SceneComplaints([error.description])
        }
    }

    /// A picture's colours; valid until the next call.
    func colors(_ index: Int64) throws(PictureError) -> UnsafeMutableBufferPointer<Float> {
        do throws(PictureFault) {
            let colors = try reader.picture(index)
            colors.treat(source)
            return colors
        } catch {
            throw PictureError(path: path, fault: error)
        }
    }

    /// Degrees a panorama is turned.
    var rotationDegrees: Double { source.rotationDegrees }

    /// The first picture.
    func first() throws(PictureError) -> Picture {
        let colors = try colors(0)
        var picture = Picture(width: facts.width, height: facts.height, pixels: Array(colors))
        picture.turn(degrees: rotationDegrees)
        return picture
    }
}

extension UnsafeMutableBufferPointer where Element == Float {
    /// Does to the light of R, G, B, A premultiplied what the scene file says.
    func treat(_ source: SceneDescription.Source) {
        expand(stops: source.expand)
        expose(stops: source.exposure)
        fade(to: Float(source.opacity))
    }

    /// Leaves so much of it, light and opacity.
    private func fade(to share: Float) {
        guard share < 1 else { return }
        for i in indices { self[i] *= share }
    }

    /// Multiplies light by 2^stops; opacity stays.
    private func expose(stops: Double) {
        guard stops != 0 else { return }
        let gain = Float(exp2(stops))
        for i in stride(from: 0, to: count, by: 4) {
            for c in 0..<3 { self[i + c] = Swift.min(65504, self[i + c] * gain) }
        }
    }
}
