package import Control
package import Scenes

/// The scene a run begins with, and what else is to be got ready at once.
package struct SceneBeginning {
    /// What it is loaded from.
    package var source: String
    /// It, where it is there already.
    package var asset: SceneAsset?
    /// Sources of the scenes to get ready beside it.
    package var warm: [String]

    /// A run's first scene.
    /// - Parameter held: what else a person named; the scene itself is passed over.
    package init(source: String, asset: SceneAsset? = nil, held: [String]) {
        (self.source, self.asset) = (source, asset)
        warm = []
        for other in held where other != source && !warm.contains(other) { warm.append(other) }
    }

    /// What is shown after a fault: the scene that was on the wall, or another.
    ///
    /// The first that has a good bake is shown, for reading it takes no time; else the first that
    /// can be baked, a set of our own at last. So no broken file keeps the wall black.
    /// - Parameters:
    ///   - scenes: what the last run had on the wall and held.
    ///   - sources: all that are known.
    ///   - named: those a person named, for a run that held none.
    ///   - kept: a scene that need not be decoded, nil where it has no good bake.
    ///   - load: a scene, decoded and baked.
    ///   - isStopping: somebody has asked the run to end.
    ///   - say: takes a line for the operator.
    /// - Throws: what is wrong with a set of our own, or with any when the run is to end.
    package init(
        afterFault scenes: SavedScenes, sources: [String], named: [String],
        kept: (String) -> SceneAsset?, load: (String) throws -> SceneAsset,
        isStopping: () -> Bool = { false }, say: (String) -> Void
    ) throws {
        let wanted = scenes.shown?.source ?? sources[0]
        let held = [wanted] + (scenes.held.isEmpty ? named : scenes.held)
        func begin(_ source: String, _ asset: SceneAsset) -> SceneBeginning {
            if source != wanted {
                say(
                    "\(wanted): was on the wall and has no good bake – \(source) is shown "
                        + "meanwhile")
            }
            return SceneBeginning(source: source, asset: asset, held: held)
        }
        let candidates = SceneBeginning(source: wanted, held: held + sources)
        for source in [wanted] + candidates.warm {
            guard let asset = kept(source) else { continue }
            self = begin(source, asset)
            return
        }
        for source in [wanted] + candidates.warm + [SceneSources.ownScene] {
            do {
                self = begin(source, try load(source))
                return
            } catch {
                if isStopping() || source == SceneSources.ownScene { throw error }
                let line = "\(error)".split(separator: "\n").first.map(String.init) ?? source
                say("\(line) – the next scene is tried")
            }
        }
        preconditionFailure("the last one is shown or throws")
    }
}
