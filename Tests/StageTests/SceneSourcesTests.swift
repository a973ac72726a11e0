import Foundation
import StageRun
import Testing

@Suite struct `Where a stage's scenes are` {
    @Test func `folders with a scene file, scene files and pictures are scenes, bakes are none`()
        throws
    {
        let folder = FileManager.default.temporaryDirectory.path + "/cyclorama-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let manager = FileManager.default
        for name in ["quay", "empty"] {
            try manager.createDirectory(
                atPath: "\(folder)/scenes/\(name)", withIntermediateDirectories: true)
        }
        let files = [
            "quay/scene.yaml", "quay/scene.baked", "lake.yaml", "lake.baked",
            "lake.baked.new", "notes.txt", "sky.HDR", ".hidden.yaml",
        ]
        for file in files {
            #expect(manager.createFile(atPath: "\(folder)/scenes/\(file)", contents: Data()))
        }
        let sources = SceneSources(stageFile: folder + "/stage.yaml")
        let names = sources.all(after: []).map { ($0 as NSString).lastPathComponent }
        #expect(names == ["lake.yaml", "quay", "sky.HDR"])
    }
}
