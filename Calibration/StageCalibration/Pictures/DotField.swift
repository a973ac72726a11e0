import FrameModel
import Geometry
import Glibc

/// Blobs of light in the pictures of one pose.
struct DotField {
    /// One blob.
    struct Blob {
        var pixels: [Int]
        var middle: Vector2
        /// Of a disc of its area.
        var radius: Double
        var roundness: Double
    }

    private let pictures: DotPictures
    private let none: [Float]
    private let all: [Float]
    private let width: Int
    private let height: Int
    private let bright: Float

    init(_ pictures: DotPictures) {
        self.pictures = pictures
        (width, height) = (pictures.width, pictures.height)
        let dark = pictures.gray[DotPicture.none] ?? []
        let lit = pictures.gray[DotPicture.all] ?? []
        (none, all) = (dark, lit)
        let some = stride(from: 0, to: lit.count, by: 7).map { lit[$0] - dark[$0] }.sorted()
        bright = some.isEmpty ? 0 : some[some.count * 995 / 1000]
    }

    private func lit(_ at: Int) -> Float { all[at] - none[at] }

    /// Connected pixels lighter than a quarter of the bright ones, that are neither at the border
    /// nor part of a strip.
    func blobs() -> [Blob] {
        guard bright > 0 else { return [] }
        let limit = bright / 4
        var isOpen = all.indices.map { lit($0) > limit }
        var blobs: [Blob] = []
        for start in isOpen.indices where isOpen[start] {
            var (pixels, waiting, isInside) = ([Int](), [start], true)
            isOpen[start] = false
            while let at = waiting.popLast() {
                pixels.append(at)
                let (row, column) = at.quotientAndRemainder(dividingBy: width)
                if row < 2 || column < 2 || row >= height - 2 || column >= width - 2 {
                    isInside = false
                }
                func open(_ next: Int) {
                    guard isOpen[next] else { return }
                    isOpen[next] = false
                    waiting.append(next)
                }
                if row > 0 { open(at - width) }
                if column > 0 { open(at - 1) }
                if column < width - 1 { open(at + 1) }
                if row < height - 1 { open(at + width) }
            }
            // Less is noise; more than a hundredth of the picture is no dot.
            guard isInside, pixels.count >= 8, pixels.count < width * height / 100 else { continue }
            let blob = blob(pixels)
            if blob.roundness < 4, !isInStrip(blob.middle), isWhole(blob) { blobs.append(blob) }
        }
        return blobs
    }

    private func blob(_ pixels: [Int]) -> Blob {
        let radius = (Double(pixels.count) / .pi).squareRoot()
        var middle = Vector2.zero
        for at in pixels { middle += place(at) }
        middle /= Double(pixels.count)
        // The light's own middle, in a window that follows it: neighbors are eight radii away.
        for _ in 0..<3 { middle = centroid(lit, about: middle, within: 1.7 * radius + 1) }
        var (xx, xy, yy) = (0.0, 0.0, 0.0)
        for at in pixels {
            let off = place(at) - middle
            xx += off.x * off.x
            xy += off.x * off.y
            yy += off.y * off.y
        }
        let (half, spread) = ((xx + yy) / 2, hypot((xx - yy) / 2, xy))
        let least = max(half - spread, 1e-9 * half)
        return Blob(
            pixels: pixels, middle: middle, radius: radius,
            roundness: ((half + spread) / least).squareRoot())
    }

    private func place(_ at: Int) -> Vector2 { Vector2(Double(at % width), Double(at / width)) }

    /// The middle of light within a circle.
    private func centroid(
        _ light: (Int) -> Float, about middle: Vector2, within radius: Double
    ) -> Vector2 {
        var (sum, moment) = (0.0, Vector2.zero)
        let (left, right) = (
            max(0, Int(middle.x - radius)), min(width - 1, Int(middle.x + radius) + 1)
        )
        let (top, bottom) = (
            max(0, Int(middle.y - radius)), min(height - 1, Int(middle.y + radius) + 1)
        )
        guard left <= right, top <= bottom else { return middle }
        for y in top...bottom {
            for x in left...right {
                let off = Vector2(Double(x), Double(y)) - middle
                // A pixel across the rim counts in part: the window moves without steps.
                let share = min(1, max(0, radius + 0.5 - hypot(off.x, off.y)))
                guard share > 0 else { continue }
                let weight = share * Double(light(y * width + x))
                sum += weight
                moment += off * weight
            }
        }
        return sum > 0 ? middle + moment / sum : middle
    }

    /// All of its light is in the picture.
    private func isWhole(_ blob: Blob) -> Bool {
        let reach = 1.7 * blob.radius + 1
        return blob.middle.x > reach && blob.middle.y > reach
            && blob.middle.x < Double(width - 1) - reach
            && blob.middle.y < Double(height - 1) - reach
    }

    /// A place between the ends of a strip, or less than a sixth of its length beside it.
    private func isInStrip(_ place: Vector2) -> Bool {
        pictures.strips.contains { strip in
            let along = strip.lower - strip.upper
            let length = max(1, hypot(along.x, along.y))
            let from = place - strip.upper
            let u = (from.x * along.x + from.y * along.y) / (length * length)
            let beside = abs(from.x * along.y - from.y * along.x) / length
            return u > -0.12 && u < 1.12 && beside < length / 6
        }
    }

    /// The number a blob blinks; nil where a bit or the parity is not sure.
    func number(of blob: Blob, bits: Int) -> Int? {
        let whole = blob.pixels.reduce(Float(0)) { $0 + lit($1) }
        func share(_ step: Int) -> Float {
            guard let picture = pictures.gray[step], whole > 0 else { return 0.5 }
            return blob.pixels.reduce(Float(0)) { $0 + picture[$1] - none[$1] } / whole
        }
        var (number, parity) = (0, 0)
        for place in 0...bits {
            let on = share(DotPicture.bits + 2 * place)
            let off = share(DotPicture.bits + 2 * place + 1)
            guard abs(on - off) > 0.6, abs(on + off - 1) < 0.4 else { return nil }
            if place == 0 {
                parity = on > off ? 1 : 0
            } else if on > off {
                number |= 1 << (place - 1)
            }
        }
        return number.nonzeroBitCount & 1 == parity ? number : nil
    }

    /// A tenth of its pixels are at the file's end.
    func isClipped(_ blob: Blob) -> Bool {
        blob.pixels.filter { all[$0] >= pictures.clip }.count * 10 > blob.pixels.count
    }

    /// How far it stands apart in the pictures of its colors.
    func drift(of blob: Blob) -> Double {
        guard let red = pictures.gray[DotPicture.red], let blue = pictures.gray[DotPicture.red + 2],
            let green = pictures.gray[DotPicture.red + 1]
        else { return 0 }
        let radius = 1.7 * blob.radius + 1
        let again = centroid(
            { red[$0] + green[$0] + blue[$0] - 3 * none[$0] }, about: blob.middle, within: radius)
        return hypot(again.x - blob.middle.x, again.y - blob.middle.y)
    }

    /// Its light in each color, in the inner half of it.
    func light(of blob: Blob) -> Vector3? {
        let inner = blob.pixels.filter {
            let off = place($0) - blob.middle
            return hypot(off.x, off.y) < 0.5 * blob.radius
        }
        guard !inner.isEmpty else { return nil }
        func mean(_ step: Int) -> Double? {
            pictures.gray[step].map { picture in
                let sum = inner.reduce(0.0) { $0 + Double(picture[$1] - none[$1]) }
                return sum / Double(inner.count)
            }
        }
        guard let red = mean(DotPicture.red), let green = mean(DotPicture.red + 1),
            let blue = mean(DotPicture.red + 2)
        else { return nil }
        return Vector3(red, green, blue)
    }
}
