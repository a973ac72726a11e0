import Foundation

/// A calibration as one page for a browser and for paper.
///
/// What it comes to in one line, then what to do, figures, plots and where all of it came from.
/// Nothing is loaded from anywhere.
public struct CalibrationPage: Sendable {
    private var sections: [String] = []
    private var verdicts: [Verdict] = []
    private var tiles: [String] = []
    private let title: String
    private let subtitle: String

    /// An empty page; the subtitle says when and of what.
    public init(title: String, subtitle: String = "") {
        (self.title, self.subtitle) = (title, subtitle)
    }

    /// A section with a heading.
    mutating func add(_ heading: String, _ body: String) {
        sections.append("<section><h2>\(SVGPlot.escaped(heading))</h2>\(body)</section>")
    }

    /// A figure for the head of the page: the fewer the better.
    mutating func tile(_ name: String, _ value: String, _ unit: String) {
        tiles.append(
            "<div><b>\(SVGPlot.escaped(value))</b> <i>\(SVGPlot.escaped(unit))</i>"
                + "<span>\(SVGPlot.escaped(name))</span></div>")
    }

    /// Verdicts of a section, and of the page.
    mutating func list(_ verdicts: [Verdict]) -> String {
        self.verdicts += verdicts
        let order: [Verdict.Level] = [.fail, .warning, .pass]
        let rows = order.flatMap { level in verdicts.filter { $0.level == level } }.map { v in
            "<tr class='\(v.level.rawValue)'><td>\(v.level.rawValue)</td>"
                + "<td>\(SVGPlot.escaped(v.subject))</td><td>\(SVGPlot.escaped(v.finding))"
                + (v.advice.isEmpty ? "" : "<br><em>\(Self.sentence(v.advice))</em>")
                + "</td></tr>"
        }
        return "<table class='v'>\(rows.joined())</table>"
    }

    /// A sentence in which commands stand between backticks.
    private static func sentence(_ text: String) -> String {
        let parts = SVGPlot.escaped(text).components(separatedBy: "`")
        guard parts.count % 2 == 1 else { return SVGPlot.escaped(text) }
        return parts.enumerated().map { $0 % 2 == 1 ? "<code>\($1)</code>" : $1 }.joined()
    }

    /// A row of a table: what, how much, in what, and what is good.
    struct Row {
        var name: String
        var value: String
        var unit: String
        var note = ""
    }

    /// A table of figures with their units.
    static func table(_ rows: [Row]) -> String {
        let cells = rows.map { row in
            "<tr><th>\(SVGPlot.escaped(row.name))</th><td class='n'>\(SVGPlot.escaped(row.value))"
                + "</td><td>\(SVGPlot.escaped(row.unit))</td><td class='s'>"
                + "\(SVGPlot.escaped(row.note))</td></tr>"
        }
        return "<table class='f'>\(cells.joined())</table>"
    }

    /// A plot and what to read from it.
    static func figure(_ plot: SVGPlot, _ caption: String) -> String {
        "<figure>\(plot.svg)<figcaption>\(SVGPlot.escaped(caption))</figcaption></figure>"
    }

    /// What was done in a session, and what it came from.
    public mutating func add(_ record: SessionRecord) {
        let rows = record.entries.map { entry in
            let captures = entry.captures.map {
                "\(SVGPlot.escaped($0.path)) · \($0.files) \($0.files == 1 ? "file" : "files") · "
                    + "<code>\($0.sha256.prefix(16))…</code>"
            }.joined(separator: "<br>")
            let time = (entry.time ?? "").replacingOccurrences(of: "T", with: " ")
                .replacingOccurrences(of: "Z", with: " UTC")
            return "<tr><td>\(entry.step.rawValue)</td><td>\(entry.state.rawValue)</td>"
                + "<td>\(time)</td><td>\(captures)</td></tr>"
        }
        add(
            "Where it came from",
            "<table><tr><th>step</th><th>state</th><th>when</th><th>captures, and how their "
                + "SHA-256 begins</th></tr>" + rows.joined() + "</table>"
                + "<p class='s'>Stage file <code>\(record.stageFile.prefix(16))…</code></p>")
    }

    /// The page.
    public var html: String {
        let worst = verdicts.worst
        let name = SVGPlot.escaped(title)
        return "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
            + "<meta name='viewport' content='width=device-width, initial-scale=1'>"
            + "<title>\(name)</title><style>\(Self.style)</style></head><body>"
            + "<header class='\(worst.rawValue)'><h1>\(name)</h1>"
            + "<p class='s'>\(SVGPlot.escaped(subtitle))</p>"
            + "<p class='big'>\(SVGPlot.escaped(verdict))</p></header>"
            + (tiles.isEmpty ? "" : "<div class='tiles'>\(tiles.joined())</div>") + tasks
            + sections.joined() + "</body></html>\n"
    }

    /// The whole in one line.
    private var verdict: String {
        let (bad, doubtful) = (
            verdicts.filter { $0.level == .fail }, verdicts.filter { $0.level == .warning }
        )
        if let first = bad.first {
            return "Not to be used: \(first.subject)"
                + (bad.count > 1 ? " and \(bad.count - 1) more" : "")
        }
        guard let first = doubtful.first else { return "Good to use: everything passes" }
        return "Good to use, with \(doubtful.count) "
            + (doubtful.count == 1 ? "warning" : "warnings") + ": \(first.subject)"
            + (doubtful.count > 1 ? " and \(doubtful.count - 1) more" : "")
    }

    /// What would make it better, the worst first.
    private var tasks: String {
        let open = verdicts.filter { $0.level > .pass && !$0.advice.isEmpty }
            .sorted { $0.level > $1.level }
        guard !open.isEmpty else { return "" }
        let items = open.map {
            "<li class='\($0.level.rawValue)'><b>\(SVGPlot.escaped($0.subject))</b>: "
                + "\(Self.sentence($0.advice))</li>"
        }
        return "<section><h2>What would make it better</h2><ul>\(items.joined())</ul></section>"
    }

    /// Writes the page.
    public func write(to path: String) throws(CalibrationRefusal) {
        do { try Data(html.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw CalibrationRefusal(
                "\(path): cannot be written", advice: "check the folder and its free space")
        }
    }

    private static let style = """
        :root{--ink:#1b1f24;--soft:#59636e;--line:#d8dee4;--good:#1a7f37;--doubt:#9a6700;\
        --bad:#cf222e}*{box-sizing:border-box}\
        body{font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;max-width:1040px;\
        margin:32px auto;padding:0 20px;color:var(--ink);background:#fff}\
        header{border-left:8px solid var(--good);padding:2px 0 2px 18px}\
        header.warning{border-color:var(--doubt)}header.fail{border-color:var(--bad)}\
        h1{font-size:28px;line-height:1.2;margin:0}h2{font-size:19px;margin:34px 0 10px;\
        border-bottom:2px solid var(--ink);padding-bottom:4px}h3{font-size:15px;margin:18px 0 6px}\
        .s{color:var(--soft);font-size:13px;margin:4px 0}.big{font-size:21px;font-weight:600;\
        margin:8px 0 0;color:var(--good)}.warning .big{color:var(--doubt)}\
        .fail .big{color:var(--bad)}.tiles{display:grid;gap:12px;margin:22px 0;\
        grid-template-columns:repeat(auto-fit,minmax(170px,1fr))}\
        .tiles div{border:1px solid var(--line);border-radius:6px;padding:10px 14px}\
        .tiles b{font-size:26px;font-variant-numeric:tabular-nums}.tiles i{font-style:normal;\
        color:var(--soft)}.tiles span{display:block;font-size:13px;color:var(--soft)}\
        .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(440px,1fr));gap:18px;\
        margin:14px 0}figure{margin:0}figcaption{font-size:13px;color:var(--soft);margin-top:4px}\
        svg{display:block;width:100%;height:auto}svg text{font:12px system-ui,sans-serif;\
        fill:#444c56}svg .t{font-size:13px;font-weight:600;fill:var(--ink)}\
        svg .g{stroke:#e6eaee}svg .f{fill:none;stroke:#aab4bf}\
        table{border-collapse:collapse;margin:8px 0;width:100%}td,th{text-align:left;\
        padding:5px 12px 5px 0;border-bottom:1px solid var(--line);vertical-align:top;\
        font-variant-numeric:tabular-nums}th{font-weight:600}.f th{width:260px;font-weight:400}\
        .n{text-align:right;white-space:nowrap}.f td:nth-child(3){white-space:nowrap}\
        .v td:first-child{font-weight:600;width:80px}.v td:nth-child(2){width:150px}\
        .pass td:first-child{color:var(--good)}.warning td:first-child,li.warning b\
        {color:var(--doubt)}.fail td:first-child,li.fail b{color:var(--bad)}\
        em{color:var(--soft);font-style:normal}ul{margin:0;padding-left:20px}\
        .chips{display:flex;flex-wrap:wrap;gap:8px}.chip{width:74px;font-size:12px;\
        text-align:center}.chip i{display:block;height:34px}code{font-size:12px}\
        @page{margin:14mm}@media print{body{margin:0;max-width:none;font-size:11pt}\
        figure,tr,.tiles div{break-inside:avoid}h2{break-after:avoid}\
        .plots{grid-template-columns:1fr 1fr}*{print-color-adjust:exact}}
        """
}
