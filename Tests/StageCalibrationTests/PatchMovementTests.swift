import Geometry
import StageCalibration
import TestSupport
import Testing

/// Whether the camera stood while patches were recorded, by the strips in its pictures.
@Suite struct `The camera before patches` {
    /// Strips of a picture whose camera was carried aside so far.
    private static func marks(aside: Double) -> [Int: Vector2] {
        [3: Vector2(0.1 + aside, 0.2), 4: Vector2(0.3 + aside, 0.2), 7: Vector2(0.8 + aside, 0.2)]
    }

    @Test func `stands still though strips are taken for others now and then`() {
        var pictures = (0..<300).map { _ in Self.marks(aside: 0) }
        for picture in stride(from: 5, to: 300, by: 20) {
            pictures[picture][3] = Vector2(0.8, 0.4)
            pictures[picture][99] = Vector2(0.5, 0.5)
        }
        pictures[150] = [4: Vector2(0.7, 0.2)]
        #expect(PatchCaptures.movement(of: pictures) == 0)
    }

    @Test(arguments: [10, 150, 280])
    func `is found to have been bumped, early, late or in between`(after: Int) {
        let pictures = (0..<300).map { Self.marks(aside: $0 < after ? 0 : 0.02) }
        let moved = PatchCaptures.movement(of: pictures)
        #expect(abs(moved - 0.02) < 1e-9)
    }

    @Test func `nothing is said of pictures without strips`() {
        #expect(PatchCaptures.movement(of: [[:], [:]]) == 0)
    }
}
