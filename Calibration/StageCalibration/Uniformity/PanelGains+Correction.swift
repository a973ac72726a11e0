import Color
public import LookFiles
public import StageModel

extension PanelGains {
    /// The gains and the view angle as the running stage takes them, a file for each wall of which
    /// a panel was read.
    /// - Parameters:
    ///   - captures: what they were solved from.
    ///   - headroom: how far a panel may be raised, as a fraction.
    public func correctionFiles(
        _ captures: GeometryCaptures, of stage: Stage, headroom: Double,
        from source: WallCorrectionFile.Source
    ) -> [WallCorrectionFile] {
        let groups = PanelGroups(
            stage, dots: captures.dots, groups: captures.groups, except: Set(unread ?? []))
        let corrections = corrections(headroom: headroom)
        return stage.walls.compactMap { wall in
            guard wall.panels.contains(where: { groups.groups[$0] != nil }) else { return nil }
            var file = WallCorrectionFile(wall: wall.name)
            file.sources = [source]
            file.panels = wall.panels.map { panel in
                let group = groups.nearest(to: panel, of: stage)
                let gain = group.map { corrections[$0] } ?? ColorTriple(1, 1, 1)
                return WallCorrectionFile.Panel(
                    name: stage.panels[panel].name, gain: [gain.x, gain.y, gain.z])
            }
            file.viewAngle = WallCorrectionFile.Angle(
                terms: viewAngle.map { [$0.x, $0.y, $0.z] },
                widestDegrees: min(max(widestAngle * 180 / .pi, 1), 85))
            file.residuals = ["panelSpread": spread, "panelScatter": residual]
            file.verdicts = verdicts.findings
            let unread = wall.panels.count { groups.groups[$0] == nil }
            if unread > 0 {
                file.verdicts.append(
                    WallCorrectionFile.Finding(
                        subject: "panels", level: "warning",
                        finding: "\(unread) panels of \(wall.name) were not read: they take their "
                            + "neighbours' gains", advice: "put dots on every panel"))
            }
            return file
        }
    }
}
