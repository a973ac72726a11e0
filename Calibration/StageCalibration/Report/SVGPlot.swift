import Foundation

/// A plot as SVG, to stand in a page: axes with a few labels, lines, points, bars.
struct SVGPlot {
    private let title: String
    private let x: ClosedRange<Double>
    private let y: ClosedRange<Double>
    private let width = 460.0
    private let height = 320.0
    private let left = 58.0
    private let right = 14.0
    private let top = 30.0
    private let bottom = 44.0
    private var body = ""

    /// An empty plot of a range, its axes named.
    init(
        _ title: String, x: ClosedRange<Double>, _ xName: String, y: ClosedRange<Double>,
        _ yName: String
    ) {
        (self.title, self.x, self.y) = (title, x, y)
        for place in Self.marks(x) {
            let at = self.across(place)
            body += "<line class='g' x1='\(at)' x2='\(at)' y1='\(top)' y2='\(height - bottom)'/>"
            body += label(at, height - bottom + 16, "middle", text(place))
        }
        for place in Self.marks(y) {
            let at = down(place)
            body += "<line class='g' x1='\(left)' x2='\(width - right)' y1='\(at)' y2='\(at)'/>"
            body += label(left - 6, at + 4, "end", text(place))
        }
        body += label(left + (width - left - right) / 2, height - 8, "middle", xName)
        body +=
            "<text transform='rotate(-90 14 \(height / 2))' x='14' y='\(height / 2)' "
            + "text-anchor='middle'>\(Self.escaped(yName))</text>"
    }

    /// Round places across a range.
    private static func marks(_ range: ClosedRange<Double>) -> [Double] {
        let span = range.upperBound - range.lowerBound
        guard span > 0, span.isFinite else { return [] }
        let rough = span / 5
        let power = pow(10, floor(log10(rough)))
        let step = [1.0, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? power
        let first = (range.lowerBound / step).rounded(.up)
        return (0..<8).map { (first + Double($0)) * step }.filter { $0 <= range.upperBound + 1e-9 }
    }

    private func across(_ value: Double) -> Double {
        let u = (value - x.lowerBound) / (x.upperBound - x.lowerBound)
        return Self.short(left + max(-0.05, min(1.05, u)) * (width - left - right))
    }

    private func down(_ value: Double) -> Double {
        let u = (value - y.lowerBound) / (y.upperBound - y.lowerBound)
        return Self.short(height - bottom - max(-0.05, min(1.05, u)) * (height - top - bottom))
    }

    private static func short(_ x: Double) -> Double { x.isFinite ? (x * 10).rounded() / 10 : 0 }

    private func label(_ x: Double, _ y: Double, _ anchor: String, _ words: String) -> String {
        "<text x='\(x)' y='\(y)' text-anchor='\(anchor)'>\(Self.escaped(words))</text>"
    }

    /// A line through points; dashed if asked for.
    mutating func line(
        _ points: [SIMD2<Double>], _ color: String, isClosed: Bool = false, isDashed: Bool = false
    ) {
        let places = points.map { "\(across($0.x)),\(down($0.y))" }.joined(separator: " ")
        body +=
            "<\(isClosed ? "polygon" : "polyline") points='\(places)' fill='none' "
            + "stroke='\(color)' stroke-width='2'"
            + (isDashed ? " stroke-dasharray='5 4'" : "") + "/>"
    }

    /// A point.
    mutating func point(_ at: SIMD2<Double>, _ color: String, radius: Double = 3.5) {
        body +=
            "<circle cx='\(across(at.x))' cy='\(down(at.y))' r='\(radius)' fill='\(color)'/>"
    }

    /// An arrow-less stroke from one place to another.
    mutating func stroke(
        _ from: SIMD2<Double>, _ to: SIMD2<Double>, _ color: String, width: Double = 2
    ) {
        body +=
            "<line x1='\(across(from.x))' y1='\(down(from.y))' x2='\(across(to.x))' "
            + "y2='\(down(to.y))' stroke='\(color)' stroke-width='\(width)'/>"
    }

    /// A bar from the axis.
    mutating func bar(_ at: Double, width: Double, _ value: Double, _ color: String) {
        let (a, b) = (across(at - width / 2), across(at + width / 2))
        let (y0, y1) = (down(max(0, y.lowerBound)), down(value))
        body +=
            "<rect x='\(a)' y='\(min(y0, y1))' width='\(Self.short(b - a))' "
            + "height='\(Self.short(abs(y0 - y1)))' fill='\(color)'/>"
    }

    /// What the colors mean, at the right of the title.
    mutating func legend(_ entries: [(name: String, color: String)]) {
        var at = width - right
        for entry in entries.reversed() {
            // Letters of 12 points are about 6.4 wide.
            at -= 6.4 * Double(entry.name.count)
            body += label(Self.short(at), 18, "start", entry.name)
            at -= 12
            body +=
                "<rect x='\(Self.short(at))' y='9' width='9' height='9' fill='\(entry.color)'/>"
            at -= 12
        }
    }

    /// The plot.
    var svg: String {
        "<svg viewBox='0 0 \(Int(width)) \(Int(height))' role='img' "
            + "aria-label='\(Self.escaped(title))'>"
            + "<text class='t' x='\(left)' y='18'>\(Self.escaped(title))</text>" + body
            + "<rect class='f' x='\(left)' y='\(top)' width='\(width - left - right)' "
            + "height='\(height - top - bottom)'/></svg>"
    }

    /// Text as it may stand in a page.
    static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;")
            .replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;")
            .replacingOccurrences(of: "'", with: "&#39;")
            .replacingOccurrences(of: "\"", with: "&quot;")
    }
}
