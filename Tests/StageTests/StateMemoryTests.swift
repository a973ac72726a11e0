import StageRun
import Testing

@Suite struct `The state memory` {
    @Test func `a child that inherits it reads what was last written`() throws {
        let supervisor = try StateMemory()
        #expect(supervisor.read() == nil)
        for number in 0..<10 {
            supervisor.write(Array("state \(number)".utf8))
            let child = try StateMemory(inherited: supervisor.descriptor)
            #expect(child.read() == Array("state \(number)".utf8))
        }
    }

    @Test func `a child goes on where the one before it stopped`() throws {
        let supervisor = try StateMemory()
        let first = try StateMemory(inherited: supervisor.descriptor)
        first.write([1])
        first.write([2])
        let second = try StateMemory(inherited: supervisor.descriptor)
        second.write([3])
        #expect(supervisor.read() == [3])
    }

    @Test func `a state that is too large is not written and loses nothing`() throws {
        let memory = try StateMemory()
        memory.write([7])
        memory.write([UInt8](repeating: 0, count: StateMemory.sizeMax + 1))
        #expect(memory.read() == [7])
    }
}
