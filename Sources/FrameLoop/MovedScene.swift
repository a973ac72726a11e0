import FrameModel
import Geometry
import Glibc

/// The scenes of a frame whose layers move, as they stand in it: copies of what the assets hold,
/// into the same texels, but for a movie's, which are those of its picture.
///
/// One of the scene and one of the leaving one. Belongs to the loop's thread until the frame's
/// workers read it; a scene of which nothing moves is not copied.
struct MovedScenes: BitwiseCopyable {
    private let copies: UnsafeMutablePointer<PreparedScene>

    /// Memory for both, for the life of a run; the caller deallocates it.
    init() {
        copies = .allocate(capacity: 2)
        copies.initialize(repeating: PreparedScene(), count: 2)
    }

    func deallocate() { copies.deallocate() }

    /// A scene as it stands so many seconds after it was put on the wall, its movies at some
    /// pictures.
    /// - Frame path: yes
    func scene(
        _ scene: UnsafePointer<PreparedScene>?, seconds: Double, _ pictures: MoviePictures,
        isLeaving: Bool
    ) -> UnsafePointer<PreparedScene>? {
        guard let scene, scene.pointee.moves || scene.pointee.movieCount > 0 else { return scene }
        let copy = copies + (isLeaving ? 1 : 0)
        copy.update(from: scene, count: 1)
        var movie = 0
        while movie < scene.pointee.movieCount {
            if let bytes = pictures[movie].bytes {
                let from = UnsafeRawPointer(scene) + scene.pointee.movies[movie].offset
                copy.pointee.show(movie, movedBy: bytes - from)
            }
            movie += 1
        }
        copy.pointee.dome.motion.turnDome(&copy.pointee.dome, seconds: seconds)
        var card = 0
        while card < scene.pointee.cardCount {
            let motion = scene.pointee.cards[card].motion
            if !motion.isStill {
                let rest = scene.pointee.cards[card].cardFromScene.inverse
                let pose = motion.moved(rest, seconds: seconds)
                copy.pointee.cards[card].cardFromScene = pose.inverse
                copy.pointee.cards[card].center = pose.translation
            }
            card += 1
        }
        return UnsafePointer(copy)
    }
}

extension PreparedScene {
    /// Points a movie's layer at a picture that lies so many bytes from the one in the block.
    /// - Frame path: yes
    fileprivate mutating func show(_ movie: Int, movedBy distance: Int) {
        let layer = Int(movies[movie].layer)
        if layer < 0 {
            for level in 0..<dome.levelCount { dome.levels[level].move(by: distance) }
        } else {
            for level in 0..<cards[layer].levelCount {
                cards[layer].levels[level].move(by: distance)
                cards[layer].masks[level].move(by: distance)
            }
        }
    }
}

extension LayerMotion {
    /// Where a card that stands still at `rest` is after some seconds.
    /// - Frame path: yes
    func moved(_ rest: Pose, seconds: Double) -> Pose {
        let swing = swing(seconds)
        let turn = Matrix3(
            pan: LayerMotion.radians(spin.x * seconds + sway.x * swing),
            tilt: LayerMotion.radians(spin.y * seconds + sway.y * swing),
            roll: LayerMotion.radians(spin.z * seconds + sway.z * swing))
        let about = Vector3(pivot.x, 0, pivot.y)
        var pose = Pose(
            rotation: rest.rotation * turn, translation: rest * (about - turn * about))
        pose.translation += way(from: rest.translation, seconds) + drift * swing
        return pose
    }

    /// Turns a dome to where it is after some seconds.
    /// - Frame path: yes
    fileprivate func turnDome(_ dome: inout PreparedDome, seconds: Double) {
        guard !isStill else { return }
        let pan = LayerMotion.radians(spin.x * seconds + sway.x * swing(seconds))
        dome.domeFromScene = Matrix3(pan: -pan, tilt: 0, roll: 0)
        dome.isTurned = true
    }

    /// −1 … 1: from one end to the other.
    private func swing(_ seconds: Double) -> Double {
        period > 0 ? sin(2 * Double.pi * LayerMotion.part(of: seconds / period + phase)) : 0
    }

    /// How far along its straight way a layer is that began at a place.
    private func way(from place: Vector3, _ seconds: Double) -> Vector3 {
        let speed = scroll.length
        guard speed > 0 else { return .zero }
        let direction = scroll / speed
        let begun = direction.dot(place)
        var now = begun + speed * seconds
        if scrollRepeat > 0 { now -= scrollRepeat * (now / scrollRepeat + 0.5).rounded(.down) }
        return direction * (now - begun)
    }

    /// Whole turns are taken off first, so that a day later the angle is as exact.
    private static func radians(_ degrees: Double) -> Double {
        2 * Double.pi * part(of: degrees / 360)
    }

    private static func part(of turns: Double) -> Double { turns - turns.rounded(.down) }
}
