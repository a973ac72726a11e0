import ArgumentParser
import Color
import LookFiles

/// `cyclorama look`: looks at look files and writes them in another form.
struct LookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "look",
        abstract: "Check or convert look files (.cube, .clf) and corrections (.cdl, .ccc, .cc).",
        discussion: """
            Says what is in a file, or what is wrong with it, with the line:

              cyclorama look day.cube
              cyclorama look day.cube --out day.clf
              cyclorama look shots.ccc --named A012 --out shot.cc
            """)

    @Argument(help: "A .cube, .clf, .cdl, .ccc or .cc.")
    var file: String

    @Option(name: .customLong("out"), help: "Write it to this file, in the form its ending says.")
    var out: String?

    @Option(name: .customLong("named"), help: "The correction of this id.")
    var name: String?

    func run() throws {
        do throws(LookComplaint) {
            let ending = file.split(separator: ".").last?.lowercased()
            if ["cdl", "ccc", "cc"].contains(ending) {
                try corrections()
            } else {
                try look()
            }
        } catch {
            print(error.description)
            throw ExitCode.failure
        }
    }

    private func look() throws(LookComplaint) {
        let look = try LookFile.read(file)
        print("\(file): \(look.title.isEmpty ? "no title" : look.title)")
        for step in look.steps { print("  \(LookCommand.text(of: step))") }
        if let out {
            try LookFile.write(look, to: out)
            print("wrote \(out)")
        }
    }

    private func corrections() throws(LookComplaint) {
        let all = name == nil ? try CorrectionFile.read(file) : []
        let one = name != nil || out != nil ? try CorrectionFile.read(file, name: name) : nil
        for correction in one.map({ [$0] }) ?? all { print(LookCommand.text(of: correction)) }
        if let out, let one {
            try CorrectionFile.write(one, to: out)
            print("wrote \(out)")
        }
    }

    private static func text(of correction: NamedCDL) -> String {
        func row(_ v: ColorTriple) -> String { "\(v.x) \(v.y) \(v.z)" }
        let cdl = correction.cdl
        return "\(correction.name.isEmpty ? "(no id)" : correction.name): slope \(row(cdl.slope)), "
            + "offset \(row(cdl.offset)), power \(row(cdl.power)), saturation \(cdl.saturation)"
    }

    private static func text(of step: LookStep) -> String {
        switch step {
        case .matrix: "matrix"
        case .curves(let curves): "curves of \(curves.points.count) points"
        case .cube(let cube): "3D table of \(cube.side) points an edge"
        case .range(let range): "range\(range.isClamped ? ", clamped" : "")"
        case .log(_, _, _, let isInverse): isInverse ? "log to light" : "light to log"
        case .exponent(_, _, _, let isInverse): isInverse ? "power, inverse" : "power"
        case .cdl(_, let isClamped, let isInverse):
            "CDL\(isClamped ? "" : ", no-clamp")\(isInverse ? ", inverse" : "")"
        }
    }
}
