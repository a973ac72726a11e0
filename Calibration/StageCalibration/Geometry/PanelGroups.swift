public import Geometry
public import StageModel

/// Which group of captured dots each panel of a stage hangs with.
public struct PanelGroups: Sendable {
    /// Of each of the stage's panels; nil: no dot is on it.
    public let groups: [Int?]

    /// Deeper before or behind a panel than this a dot is another panel's, metres.
    private static let depth = 0.05

    /// By where dots, stage metres, lie on the panels: a panel goes with most of its own, but with
    /// none of some groups.
    public init(
        _ stage: Stage, dots: [Vector3], groups: [Int], except unread: Set<Int> = []
    ) {
        self.groups = stage.panels.map { panel in
            let product = stage.products[panel.product]
            let panelFromStage = panel.stageFromPanel.inverse
            var counts: [Int: Int] = [:]
            for (dot, group) in zip(dots, groups) where !unread.contains(group) {
                let at = panelFromStage * dot
                guard abs(at.x) <= product.width / 2, abs(at.z) <= product.height / 2,
                    abs(at.y) <= PanelGroups.depth
                else { continue }
                counts[group, default: 0] += 1
            }
            return counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
        }
    }

    /// The group of a panel or, where no dot is on it, of the nearest panel of its wall with one.
    public func nearest(to panel: Int, of stage: Stage) -> Int? {
        if let group = groups[panel] { return group }
        let here = stage.panels[panel].stageFromPanel.translation
        let others = stage.walls[stage.panels[panel].wall].panels.filter { groups[$0] != nil }
        let near = others.min {
            (stage.panels[$0].stageFromPanel.translation - here).length
                < (stage.panels[$1].stageFromPanel.translation - here).length
        }
        return near.flatMap { groups[$0] }
    }
}
