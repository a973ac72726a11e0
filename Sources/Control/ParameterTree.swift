import FrameModel
public import StageModel
import Tracking

/// Every parameter of one stage, by path.
///
/// Paths are case-insensitive. Names of walls, cameras and tracking sources are a step of the path:
/// in lower case, anything but letters, digits, `.`, `_` and `-` becomes `-`, and a name that is
/// taken gets `-2`.
public struct ParameterTree: Sendable {
    /// Every parameter, components after their whole, in the order they are listed.
    public let parameters: [Parameter]
    private let indices: [String: Int]

    /// The parameters of a stage.
    public init(stage: Stage) {
        var all: [Parameter] = []
        let walls = ParameterTree.steps(stage.walls.map(\.name))
        let cameras = ParameterTree.steps(stage.cameras.map(\.name))
        let sources = ParameterTree.steps(stage.sources.map(\.name))
        all += ParameterTree.stageFields() + [ParameterTree.takeMode()]
        all += ParameterTree.grade("all", LiveLayout.all, "the whole stage")
        for (i, name) in walls.enumerated() {
            all += ParameterTree.grade("wall/\(name)", LiveLayout.scope(wall: i), "this wall")
            all += ParameterTree.protection("wall/\(name)", i)
        }
        all += ParameterTree.grade(
            "outer", LiveLayout.outer, "what is outside every inner frustum")
        all += ParameterTree.quality(outerReduction: stage.outerReduction)
        for (i, name) in cameras.enumerated() {
            let scope = LiveLayout.scope(camera: i)
            all += ParameterTree.grade("inner/\(name)", scope, "this camera's inner frustum")
        }
        for (i, name) in cameras.enumerated() {
            all += ParameterTree.camera("camera/\(name)", LiveLayout.camera(i))
            all += ParameterTree.exposure("camera/\(name)", LiveLayout.camera(i))
            all += ParameterTree.choices("camera/\(name)", stage.cameras[i], LiveLayout.camera(i))
        }
        for (i, source) in stage.sources.enumerated() where source.transport.endpoint != nil {
            all += ParameterTree.source(
                "tracking/\(sources[i])", source, LiveLayout.source(i), rate: stage.rate)
        }
        for (i, name) in walls.enumerated() {
            all += ParameterTree.correction("correction/\(name)", i)
        }
        all += ParameterTree.scene() + ParameterTree.movies()
        all += ParameterTree.pattern(panels: stage.panels.count)
        all += ParameterTree.probe(walls: walls)
        all += StatusField.allCases.map(ParameterTree.status)
        for (i, name) in cameras.enumerated() {
            all += CameraStatusField.allCases.map { ParameterTree.status($0, name, camera: i) }
            all += ParameterTree.exposureStatus(name, camera: i)
        }
        for (i, name) in walls.enumerated() {
            all += WallStatusField.allCases.map { ParameterTree.status($0, name, wall: i) }
        }
        for (i, name) in sources.enumerated() {
            all += SourceStatusField.allCases.map { ParameterTree.status($0, name, source: i) }
        }
        for slot in 0..<ControlLimits.sceneSlots {
            all += SceneStatusField.allCases.map { ParameterTree.status($0, slot: slot) }
        }
        for movie in 0..<SceneLimits.movies {
            all += MovieStatusField.allCases.map { ParameterTree.status($0, movie: movie) }
        }
        let whole = all.flatMap { [$0] + ParameterTree.components(of: $0) }
        parameters = whole
        indices = Dictionary(
            uniqueKeysWithValues: whole.enumerated().map { ($1.path, $0) })
    }

    /// Index into `parameters` of a path, in any case and with or without a leading `/`.
    public func index(of path: String) -> Int? { indices[ParameterTree.canonical(path)] }

    /// The parameter of a path.
    public subscript(path: String) -> Parameter? { index(of: path).map { parameters[$0] } }

    /// Indices of the parameters at or under a path; "" is everything.
    ///
    /// Components are left out, but for the one asked for by its own path.
    public func indices(under path: String) -> [Int] {
        let path = ParameterTree.canonical(path)
        if let exact = indices[path] { return [exact] }
        let prefix = path.isEmpty ? "" : path + "/"
        return parameters.indices.filter {
            !parameters[$0].isComponent && parameters[$0].path.hasPrefix(prefix)
        }
    }

    static func canonical(_ path: String) -> String {
        var path = Substring(path.lowercased())
        while path.first == "/" { path.removeFirst() }
        while path.last == "/" { path.removeLast() }
        return String(path)
    }

    /// Names as steps of a path, all different.
    static func steps(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.map { name in
            var step = String(
                name.lowercased().map { c in
                    c.isASCII && (c.isLetter || c.isNumber) || "._-".contains(c) ? c : "-"
                })
            if step.isEmpty { step = "-" }
            var unique = step
            var number = 2
            while !taken.insert(unique).inserted {
                unique = "\(step)-\(number)"
                number += 1
            }
            return unique
        }
    }
}
