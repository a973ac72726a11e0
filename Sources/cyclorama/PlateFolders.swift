import Foundation
import Media
import StageRun
import StageTwin

/// Where a replay's clean plates and mattes go, a file a frame.
struct PlateFolders {
    private let plates: String?
    private let mattes: String?

    /// Folders, made where they are not there; nil: not wanted.
    init(plates: String?, mattes: String?) throws {
        for folder in [plates, mattes].compactMap(\.self) { try makeFolder(folder) }
        (self.plates, self.mattes) = (plates, mattes)
    }

    /// Writes a plate, its matte, or both; the frame's number from 1.
    func write(_ plate: TakePlate, number: Int) throws {
        let picture = plate.picture
        let name = String(format: "%06d", number)
        if let plates {
            let linear = LinearPicture(
                width: picture.width, height: picture.height, pixels: picture.pixels)
            try EXRFile.write(linear, to: "\(plates)/\(name).exr")
        }
        if let mattes {
            let gray = picture.matte.flatMap { (level: UInt8) -> [UInt8] in
                [level, level, level, 255]
            }
            let path = "\(mattes)/\(name).png"
            guard
                let bytes = PNGFile.bytes(
                    width: picture.width, height: picture.height, pixels: gray),
                FileManager.default.createFile(atPath: path, contents: Data(bytes))
            else { throw RunError("\(path): the matte cannot be written – make room") }
        }
    }
}
