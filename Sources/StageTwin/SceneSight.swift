import Foundation
public import FrameModel
public import Geometry

/// A scene with its triangles in order: made once, seen from many eyes.
struct SightOfScene: Sendable {
    let scene: Scene
    let meshes: MeshSight?

    init(_ scene: Scene) {
        self.scene = scene
        meshes = scene.meshes.isEmpty ? nil : MeshSight(scene.meshes)
    }
}

/// The truth: the scene itself, cast ray by ray from one eye in doubles.
public struct SceneSight: Sendable {
    private struct Sheet: Sendable {
        var placement: Placement
        var width: Double
        var height: Double
        var picture: Picture
        var distance: Double
    }

    /// Rotation, scale and translation that take stage to scene, as stored.
    private let stage: Placement
    private let eye: SIMD3<Double>
    /// Nearest first.
    private let sheets: [Sheet]
    private let meshes: MeshSight?
    private let dome: Dome?

    /// A scene seen from a stage point.
    public init(scene: Scene, sceneFromStage: Similarity, eye: SIMD3<Double>) {
        self.init(SightOfScene(scene), sceneFromStage: sceneFromStage, eye: eye)
    }

    /// The same of a scene whose triangles are in order already.
    init(_ ordered: SightOfScene, sceneFromStage: Similarity, eye: SIMD3<Double>) {
        let scene = ordered.scene
        meshes = ordered.meshes
        stage = Placement(
            right: sceneFromStage.rotation.x, forward: sceneFromStage.rotation.y,
            up: sceneFromStage.rotation.z, origin: sceneFromStage.translation)
        let origin = stage.point(eye * sceneFromStage.scale)
        self.eye = origin
        dome = scene.dome
        sheets = scene.cards.map { card in
            let placement = Placement(card.sceneFromCard)
            return Sheet(
                placement: placement, width: card.width, height: card.height,
                picture: card.picture, distance: norm(placement.origin - origin))
        }.sorted { $0.distance < $1.distance }
    }

    /// Scene-linear R, G, B along a stage direction; light of one surface hides what is behind it
    /// by its alpha (premultiplied over).
    ///
    /// Cards keep the order of their centres; between them stand surfaces of meshes where they are
    /// on the ray.
    public func color(along direction: SIMD3<Double>) -> SIMD3<Double> {
        let ray = stage.outward(direction)
        var light = SIMD3<Double>(repeating: 0)
        var open = 1.0
        func lay(_ more: SIMD3<Double>, _ alpha: Double) {
            light += more * open
            open *= 1 - alpha
        }
        let hits = meshes?.hits(from: eye, along: ray) ?? []
        var next = 0
        for sheet in sheets {
            guard let (place, distance) = SceneSight.place(on: sheet, eye, ray) else { continue }
            while next < hits.count, hits[next].distance < distance {
                lay(hits[next].light, hits[next].alpha)
                next += 1
            }
            if open <= 0 { return light }
            let texel = SceneSight.texel(sheet.picture, place, wraps: false)
            lay(SIMD3(texel.x, texel.y, texel.z), texel.w)
            if open <= 0 { return light }
        }
        for hit in hits[next...] { lay(hit.light, hit.alpha) }
        guard open > 0, let dome, let place = SceneSight.place(on: dome, eye, ray) else {
            return light
        }
        let texel = SceneSight.texel(dome.picture, place, wraps: true)
        return light + SIMD3(texel.x, texel.y, texel.z) * open
    }

    /// Place (u, v) along a stage direction on what carries the chart of color: the dome, or
    /// without one the nearest mesh.
    func chartPlace(along direction: SIMD3<Double>) -> SIMD2<Double>? {
        let ray = stage.outward(direction)
        if let dome { return SceneSight.place(on: dome, eye, ray) }
        return meshes?.hits(from: eye, along: ray).first?.place
    }

    private static func place(
        on sheet: Sheet, _ eye: SIMD3<Double>, _ ray: SIMD3<Double>
    ) -> (place: SIMD2<Double>, distance: Double)? {
        let start = sheet.placement.local(eye)
        let way = sheet.placement.inward(ray)
        guard abs(way.y) > 1e-12 else { return nil }
        let distance = -start.y / way.y
        guard distance > 0 else { return nil }
        let at = start + way * distance
        let place = SIMD2(0.5 + at.x / sheet.width, 0.5 - at.z / sheet.height)
        guard place.x >= 0, place.x <= 1, place.y >= 0, place.y <= 1 else { return nil }
        return (place, distance)
    }

    private static func place(
        on dome: Dome, _ eye: SIMD3<Double>, _ ray: SIMD3<Double>
    ) -> SIMD2<Double>? {
        var way = ray
        if dome.radius.isFinite {
            // |eye + t·ray − center| = radius; the far one of the two crossings.
            let offset = eye - dome.center
            let middle = -inner(offset, ray)
            let room = middle * middle - inner(offset, offset) + dome.radius * dome.radius
            guard room >= 0, middle + room.squareRoot() > 0 else { return nil }
            way = (offset + ray * (middle + room.squareRoot())) / dome.radius
        }
        return SIMD2(
            0.5 + atan2(way.x, way.y) / (2 * .pi), 0.5 - asin(min(1, max(-1, way.z))) / .pi)
    }

    /// Linear between texel centers; beyond the outermost centers u wraps or stays, v stays.
    private static func texel(
        _ picture: Picture, _ place: SIMD2<Double>, wraps: Bool
    ) -> SIMD4<Double> {
        let x = place.x * Double(picture.width) - 0.5
        let y = place.y * Double(picture.height) - 0.5
        let (left, top) = (x.rounded(.down), y.rounded(.down))
        func column(_ i: Int) -> Int {
            if wraps { return (i + picture.width) % picture.width }
            return max(0, min(picture.width - 1, i))
        }
        func row(_ j: Int) -> Int { max(0, min(picture.height - 1, j)) }
        let columns = (column(Int(left)), column(Int(left) + 1))
        let rows = (row(Int(top)), row(Int(top) + 1))
        return picture.pixels.withUnsafeBufferPointer { pixels in
            betweenTexels(
                pixels.baseAddress!, width: picture.width, columns: columns, rows: rows,
                beyond: SIMD2(x - left, y - top))
        }
    }
}
