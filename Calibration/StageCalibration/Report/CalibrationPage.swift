import Foundation

/// A calibration as one page for a browser: figures, plots and verdicts, nothing loaded from
/// anywhere.
public struct CalibrationPage: Sendable {
    private var sections: [String] = []
    private var verdicts: [Verdict] = []
    private let title: String

    /// An empty page.
    public init(title: String) { self.title = title }

    /// A section with a heading.
    mutating func add(_ heading: String, _ body: String) {
        sections.append("<section><h2>\(SVGPlot.escaped(heading))</h2>\(body)</section>")
    }

    /// Verdicts of a section, and of the page.
    mutating func list(_ verdicts: [Verdict]) -> String {
        self.verdicts += verdicts
        let order: [Verdict.Level] = [.fail, .warning, .pass]
        let rows = order.flatMap { level in verdicts.filter { $0.level == level } }.map { v in
            "<tr class='\(v.level.rawValue)'><td>\(v.level.rawValue)</td>"
                + "<td>\(SVGPlot.escaped(v.subject))</td><td>\(SVGPlot.escaped(v.finding))"
                + (v.advice.isEmpty ? "" : "<br><em>\(SVGPlot.escaped(v.advice))</em>")
                + "</td></tr>"
        }
        return "<table class='v'>\(rows.joined())</table>"
    }

    /// A table of named figures.
    static func table(_ rows: [(String, String)]) -> String {
        "<table>"
            + rows.map {
                "<tr><th>\(SVGPlot.escaped($0.0))</th><td>\(SVGPlot.escaped($0.1))</td></tr>"
            }.joined() + "</table>"
    }

    /// What was done in a session, and what it came from.
    public mutating func add(_ record: SessionRecord) {
        let rows = record.entries.map { entry in
            let captures = entry.captures.map {
                "\(SVGPlot.escaped($0.path)) · \($0.files) files · "
                    + "<code>\($0.sha256.prefix(16))…</code>"
            }.joined(separator: "<br>")
            return "<tr><td>\(entry.step.rawValue)</td><td>\(entry.state.rawValue)</td>"
                + "<td>\(entry.time ?? "")</td><td>\(captures)</td></tr>"
        }
        add(
            "Session",
            "<table><tr><th>step</th><th></th><th>when</th><th>captures and their SHA-256</th></tr>"
                + rows.joined() + "</table>")
    }

    /// The page.
    public var html: String {
        let worst = verdicts.worst
        let word =
            switch worst {
            case .pass: "Everything passes"
            case .warning: "Usable, with warnings"
            case .fail: "Not to be used"
            }
        let head =
            "<h1>\(SVGPlot.escaped(title))</h1><p class='big \(worst.rawValue)'>\(word)</p>"
        return "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
            + "<meta name='viewport' content='width=device-width, initial-scale=1'>"
            + "<title>\(SVGPlot.escaped(title))</title><style>\(Self.style)</style></head><body>"
            + head + sections.joined() + "</body></html>\n"
    }

    /// Writes the page.
    public func write(to path: String) throws(CalibrationRefusal) {
        do { try Data(html.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw CalibrationRefusal(
                "\(path): cannot be written", advice: "check the folder and its free space")
        }
    }

    private static let style = """
        body{font:15px/1.45 system-ui,sans-serif;max-width:1000px;margin:24px auto;padding:0 16px;\
        color:#1d2126;background:#fff}h1{font-size:26px;margin:0 0 8px}h2{font-size:19px;\
        margin:28px 0 8px;border-bottom:1px solid #ccd2d9;padding-bottom:4px}\
        h3{font-size:15px;margin:16px 0 4px}\
        .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(420px,1fr));gap:14px}\
        svg{width:100%;height:auto;background:#f6f8fa;border-radius:6px}\
        svg text{font:12px system-ui,sans-serif;fill:#444c56}svg .t{font-weight:600;fill:#1d2126}\
        svg .g{stroke:#dde3e9}svg .f{fill:none;stroke:#aab4bf}\
        table{border-collapse:collapse;margin:8px 0;width:100%}td,th{text-align:left;padding:4px \
        10px 4px 0;border-bottom:1px solid #e6eaee;vertical-align:top;font-variant-numeric:\
        tabular-nums}th{font-weight:600}.v td:first-child{font-weight:600;width:70px}\
        .pass td:first-child,.big.pass{color:#1a7f37}.warning td:first-child,.big.warning\
        {color:#9a6700}.fail td:first-child,.big.fail{color:#cf222e}.big{font-size:20px;\
        font-weight:600;margin:0 0 8px}.chips{display:flex;flex-wrap:wrap;gap:6px}\
        .chip{width:74px;font-size:12px;text-align:center}.chip i{display:block;height:34px}\
        code{font-size:12px}@media print{section{break-inside:avoid}}
        """
}
