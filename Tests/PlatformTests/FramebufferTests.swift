import Platform
import Testing

@Suite struct FramebufferTests {
    @Test func `a device that is none is refused in one line with what to do`() {
        #expect {
            try Framebuffer(device: "/dev/null")
        } throws: {
            let line = "\($0)"
            return line.hasPrefix("framebuffer /dev/null: is not a framebuffer: ")
                && line.contains("see `cat /proc/fb`") && !line.contains("\n")
        }
        #expect {
            try Framebuffer(device: "/dev/no-such-framebuffer")
        } throws: {
            "\($0)".hasPrefix("framebuffer /dev/no-such-framebuffer: cannot be opened: ")
        }
        #expect {
            try Console(device: "/dev/null")
        } throws: {
            "\($0)".hasPrefix("console /dev/null: cannot be put into graphics mode: ")
        }
        #expect(!Console.restore(device: "/dev/no-such-console"))
    }
}
