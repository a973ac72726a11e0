import Foundation
public import FrameModel

/// One picture of the set that tells every point of a scene where on which object it lies.
///
/// `lit` and `dark` give each point its own white and black; `digit` pictures spell the object's
/// number in bits; `stripes` are cosine gratings along one axis of the texture, moved by a part of
/// their period from picture to picture, coarse ones first.
public enum GratingPattern: Sendable, Equatable {
    /// Everything at the upper level.
    case lit
    /// Everything at the lower level.
    case dark
    /// Objects whose number has this bit at the upper level, the others at the lower.
    case digit(Int)
    /// A grating along u (axis 0) or v (axis 1), at a fineness, moved by step / steps of a period.
    case stripes(axis: Int, level: Int, step: Int, steps: Int)
}

/// A scene whose objects carry gratings: the test chart of registration.
///
/// Object 0 is the dome, then come the cards, then the objects of the meshes.
public struct GratingChart: Sendable {
    /// Finenesses: one period coarser than the object, two finer.
    public static let levels = 3
    /// Periods across the dome's whole u, by level; whole numbers, because u closes on itself.
    private static let domeAcross: [Double] = [1, 16, 128]
    /// Periods down the dome's whole v, by level.
    private static let domeDown: [Double] = [0.8, 8, 64]

    /// The objects and their places; their pictures are not used.
    public let template: Scene
    /// Lower level, scene-linear.
    public let lower: Double
    /// Upper level, scene-linear.
    public let upper: Double
    /// Periods over an object's texture, by object, axis and level.
    let periods: [[[Double]]]

    /// A chart on the objects of a scene, between two scene-linear levels within the wall's reach.
    ///
    /// - Parameter finest: periods of the finest grating across each card, then each mesh object,
    ///   2 … 16; a period should be 20 LEDs or more, so that light between LEDs still follows the
    ///   wave.
    public init(template: Scene, lower: Double, upper: Double, finest: [Double]) {
        precondition(
            finest.count == GratingChart.carriers(template), "every object has its finest grating")
        self.template = template
        self.lower = lower
        self.upper = upper
        let others = finest.map { finest in
            let fine = min(16, max(2, finest))
            let levels = [0.8, max(1.2, (0.8 * fine).squareRoot()), fine]
            return [levels, levels]
        }
        periods = [[GratingChart.domeAcross, GratingChart.domeDown]] + others
    }

    /// Objects that carry gratings.
    var objects: Int { GratingChart.carriers(template) + 1 }

    /// Objects of a scene but its dome.
    private static func carriers(_ scene: Scene) -> Int {
        scene.cards.count + scene.meshes.reduce(0) { $0 + $1.objects.count }
    }

    /// All pictures, in the order `PhaseDecoder` wants them.
    public var patterns: [GratingPattern] {
        var list: [GratingPattern] = [.lit, .dark]
        var bit = 0
        while 1 << bit < objects {
            list.append(.digit(bit))
            bit += 1
        }
        for axis in 0..<2 {
            for level in 0..<GratingChart.levels {
                let steps = level == GratingChart.levels - 1 ? 4 : 3
                for step in 0..<steps {
                    list.append(.stripes(axis: axis, level: level, step: step, steps: steps))
                }
            }
        }
        return list
    }

    /// The scene with one picture of the set on its objects.
    public func scene(_ pattern: GratingPattern) -> Scene {
        var scene = template
        scene.name = "grating"
        scene.dome?.picture = picture(object: 0, pattern)
        for index in scene.cards.indices {
            scene.cards[index].picture = picture(object: index + 1, pattern)
        }
        var object = scene.cards.count + 1
        for mesh in scene.meshes.indices {
            for own in scene.meshes[mesh].objects {
                // A template's mesh object has a material and a texture of its own.
                let material = scene.meshes[mesh].materials[own.material]
                let texture = material.baseTexture ?? 0
                scene.meshes[mesh].textures[texture].picture = picture(object: object, pattern)
                object += 1
            }
        }
        return scene
    }

    private func picture(object: Int, _ pattern: GratingPattern) -> Picture {
        var height = GratingChart.rows(pattern, isDome: object == 0)
        var width = object == 0 ? 2 * height : height
        if object > template.cards.count {
            // Of many objects, pictures only as large as what changes in them.
            let axis = if case .stripes(let axis, _, _, _) = pattern { axis } else { -1 }
            if axis != 0 { width = 4 }
            if axis != 1 { height = 4 }
        }
        func level(_ column: Int, _ row: Int) -> Float {
            let place = SIMD2(
                (Double(column) + 0.5) / Double(width), (Double(row) + 0.5) / Double(height))
            return value(pattern, object: object, at: place)
        }
        // A pattern changes along one axis.
        if case .stripes(0, _, _, _) = pattern {
            let across = (0..<width).map { level($0, 0) }
            return filledPicture(width, height) { column, _ in across[column] }
        }
        let down = (0..<height).map { level(0, $0) }
        return filledPicture(width, height) { _, row in down[row] }
    }

    /// What a pattern has at a texture place of an object, scene-linear.
    func value(_ pattern: GratingPattern, object: Int, at place: SIMD2<Double>) -> Float {
        switch pattern {
        case .lit: return Float(upper)
        case .dark: return Float(lower)
        case .digit(let bit): return Float(object >> bit & 1 == 1 ? upper : lower)
        case .stripes(let axis, let level, let step, let steps):
            let shift = Double(step) / Double(steps)
            let wave = cos(2 * .pi * (periods[object][axis][level] * (place[axis] - 0.5) - shift))
            return Float((upper + lower) / 2 + (upper - lower) / 2 * wave)
        }
    }

    /// Texels down a picture: 16 or more a period, and no more than that needs, because every
    /// picture is prepared anew by what is judged.
    private static func rows(_ pattern: GratingPattern, isDome: Bool) -> Int {
        guard case .stripes(_, let level, _, _) = pattern else { return isDome ? 64 : 32 }
        return isDome ? [128, 256, 1024][level] : [64, 128, 512][level]
    }
}

/// An opaque gray picture of a function of column and row.
func filledPicture(_ width: Int, _ height: Int, _ gray: (Int, Int) -> Float) -> Picture {
    let pixels = [Float](unsafeUninitializedCapacity: width * height * 4) { buffer, count in
        var k = 0
        for row in 0..<height {
            for column in 0..<width {
                let value = gray(column, row)
                buffer[k] = value
                buffer[k + 1] = value
                buffer[k + 2] = value
                buffer[k + 3] = 1
                k += 4
            }
        }
        count = k
    }
    return Picture(width: width, height: height, pixels: pixels)
}
