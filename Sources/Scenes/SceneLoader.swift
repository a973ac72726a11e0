import Foundation
import FrameModel
import Geometry
import Media

/// Loads the pictures of a description and stands them in the scene.
struct SceneLoader {
    /// The scene's folder; every picture lies inside it.
    let folder: String

    func load(
        _ description: SceneDescription, goesOn: () -> Void
    ) throws(SceneComplaints) -> Scene {
        var complaints: [String] = []
        var dome: Dome?
        var movies = 0
        if let entry = description.dome {
            let loaded = layer(entry.source, number: &movies, &complaints)
            dome = loaded.map {
                Dome(
                    picture: $0.picture, radius: entry.radius ?? .infinity, center: entry.center,
                    defocus: entry.defocus)
            }
            dome?.motion = entry.motion
            dome?.movie = loaded?.movie
        }
        var cards: [Card] = []
        for entry in description.cards {
            goesOn()
            let angles = entry.panTiltRollDegrees * (.pi / 180)
            guard let (picture, movie) = layer(entry.source, number: &movies, &complaints) else {
                continue
            }
            let square = entry.width * Double(picture.height) / Double(picture.width)
            cards.append(
                Card(
                    name: entry.name,
                    sceneFromCard: Pose(
                        pan: angles.x, tilt: angles.y, roll: angles.z, translation: entry.center),
                    width: entry.width, height: entry.height ?? square, picture: picture,
                    defocus: entry.defocus))
            cards[cards.count - 1].motion = entry.motion
            cards[cards.count - 1].movie = movie
        }
        var (meshes, warnings): ([Mesh], [String]) = ([], [])
        for entry in description.meshes {
            goesOn()
            guard let mesh = mesh(entry, &complaints, &warnings) else { continue }
            meshes.append(mesh)
            if let excess = SceneLoader.excess(of: meshes) {
                complaints.append("\(folder)/\(entry.file): \(excess)")
                break
            }
        }
        goesOn()
        guard complaints.isEmpty else { throw SceneComplaints(complaints) }
        var scene = Scene(
            name: description.name, dome: dome, cards: cards, meshes: meshes, warnings: warnings)
        scene.placedFromOwn = description.placedFromOwn
        scene.viewpoints = description.viewpoints
        return scene
    }

    private func mesh(
        _ entry: SceneDescription.MeshEntry, _ complaints: inout [String],
        _ warnings: inout [String]
    ) -> Mesh? {
        let path = folder + "/" + entry.file
        guard SceneFolder.isInside(path, folder) else {
            complaints.append("\(path): leads out of the scene's folder – copy the mesh into it")
            return nil
        }
        let angles = entry.panTiltRollDegrees * (.pi / 180)
        let placement = MeshPlacement(
            rotation: Matrix3(pan: angles.x, tilt: angles.y, roll: angles.z),
            translation: entry.position, scale: entry.scale, gain: Float(exp2(entry.exposure)))
        do throws(GLTFFault) {
            let home = URL(fileURLWithPath: path).deletingLastPathComponent().path
            var (mesh, unsupported) = try GLTFReader.mesh(
                try GLTFBytes.read(path, "file"), name: entry.name, folder: home,
                placement: placement)
            if !unsupported.isEmpty {
                let list = unsupported.joined(separator: ", ")
                warnings.append("\(path): not supported and left out: \(list)")
            }
            for index in mesh.textures.indices {
                mesh.textures[index].picture.expand(stops: entry.expand)
            }
            return mesh
        } catch {
            complaints.append("\(path): \(error.sentence)")
            return nil
        }
    }

    /// What is too much when meshes come together; nil when they fit.
    private static func excess(of meshes: [Mesh]) -> String? {
        let counts = [
            ("triangles", meshes.reduce(0) { $0 + $1.triangleCount }, SceneLimits.meshTriangles),
            ("objects", meshes.reduce(0) { $0 + $1.objects.count }, SceneLimits.meshObjects),
            ("materials", meshes.reduce(0) { $0 + $1.materials.count }, SceneLimits.meshMaterials),
            (
                "texels",
                meshes.reduce(0) { sum, mesh in
                    sum + mesh.textures.reduce(0) { $0 + $1.picture.width * $1.picture.height }
                }, SceneLimits.meshTexels
            ),
        ]
        return counts.first { $0.1 > $0.2 }.map {
            "brings the meshes to \($0.1) \($0.0) – at most \($0.2) are taken"
        }
    }

    /// A layer's still, or its movie and the first picture of it.
    private func layer(
        _ source: SceneDescription.Source, number: inout Int, _ complaints: inout [String]
    ) -> (picture: Picture, movie: MovieLayer?)? {
        let path = folder + "/" + source.file
        guard SceneFolder.isInside(path, folder) else {
            complaints.append("\(path): leads out of the scene's folder – copy the file into it")
            return nil
        }
        do throws(PictureError) {
            guard let entry = source.movie else {
                let space = PictureColorSpace(rawValue: source.colorSpace) ?? .auto
                var picture = Picture(try PictureFile.read(path, colorSpace: space))
                picture.treat(source)
                return (picture, nil)
            }
            let reader = try MovieSource(source, folder: folder)
            var movie = MovieLayer(
                number: number, pictureCount: reader.facts.pictureCount,
                rate: SIMD2(reader.facts.rate.numerator, reader.facts.rate.denominator),
                speed: entry.speed, isLooping: entry.isLooping,
                cues: entry.cues.map {
                    MovieCue(movie: number, name: $0.name, seconds: $0.seconds)
                })
            movie.isUneven = reader.facts.isUneven
            number += 1
            return (try reader.first(), movie)
        } catch {
            complaints.append(error.description)
            return nil
        }
    }
}

extension Picture {
    /// Does to its light what the scene file says.
    fileprivate mutating func treat(_ source: SceneDescription.Source) {
        pixels.withUnsafeMutableBufferPointer { $0.treat(source) }
        turn(degrees: source.rotationDegrees)
    }
}

extension SceneDescription {
    /// How the scene stands on the stage: its origin in the middle, scaled, its horizon raised.
    fileprivate var placedFromOwn: Similarity {
        let turn = Similarity(
            rotation: Matrix3(pan: 0, tilt: horizonDegrees * (.pi / 180), roll: 0), scale: scale,
            translation: .zero)
        return Similarity(
            rotation: turn.rotation, scale: scale, translation: -(turn * origin))
    }
}

extension Picture {
    /// Turns a panorama about the vertical, + to the left, between texels linearly.
    mutating func turn(degrees: Double) {
        let shift = degrees / 360 * Double(width)
        guard shift.truncatingRemainder(dividingBy: Double(width)) != 0 else { return }
        let whole = Int(shift.rounded(.down))
        let part = Float(shift - shift.rounded(.down))
        let count = width
        func wrapped(_ x: Int) -> Int { ((x % count) + count) % count }
        var turned = pixels
        for y in 0..<height {
            let row = y * width * 4
            for x in 0..<width {
                // Turning left moves a column to a smaller u: take from the right.
                let a = row + wrapped(x + whole) * 4
                let b = row + wrapped(x + whole + 1) * 4
                for c in 0..<4 {
                    turned[row + x * 4 + c] = pixels[a + c] + (pixels[b + c] - pixels[a + c]) * part
                }
            }
        }
        pixels = turned
    }
}
