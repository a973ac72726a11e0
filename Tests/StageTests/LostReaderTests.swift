import Foundation
import StageRun
import Testing

@Suite struct `A reader that is gone` {
    @Test func `a line nobody can take stops nothing`() throws {
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        tell("the disk is full", to: full)
        #expect(throws: (any Error).self) { try full.write(contentsOf: Data([10])) }
    }
}
