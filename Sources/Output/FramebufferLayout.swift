/// Where a framebuffer keeps the components of a pixel, as its driver reports them.
public struct FramebufferLayout: BitwiseCopyable, Sendable, Hashable {
    /// A component's place in the pixel, counted from the least significant bit.
    public struct Field: BitwiseCopyable, Sendable, Hashable {
        /// Bits below it.
        public var offset: Int
        /// Its bits, 0 for none.
        public var length: Int

        /// A field of some bits at an offset.
        public init(offset: Int, length: Int) {
            self.offset = offset
            self.length = length
        }
    }

    /// Bits of a pixel: 16, 24 or 32; 15 reported by old drivers is 16 here.
    public var bitsPerPixel: Int
    /// Red.
    public var red: Field
    /// Green.
    public var green: Field
    /// Blue.
    public var blue: Field
    /// Alpha, written opaque where there is one.
    public var alpha: Field

    /// A packing of components into pixels.
    public init(bitsPerPixel: Int, red: Field, green: Field, blue: Field, alpha: Field) {
        self.bitsPerPixel = bitsPerPixel
        self.red = red
        self.green = green
        self.blue = blue
        self.alpha = alpha
    }

    /// 32 bits with blue lowest: what most drivers report.
    public static var xrgb8888: FramebufferLayout {
        FramebufferLayout(
            bitsPerPixel: 32, red: Field(offset: 16, length: 8), green: Field(offset: 8, length: 8),
            blue: Field(offset: 0, length: 8), alpha: Field(offset: 0, length: 0))
    }

    /// Octets of a pixel.
    public var octetsPerPixel: Int { bitsPerPixel / 8 }

    /// Refuses packings that are not 16, 24 or 32 bits with components of 1 … 12 bits inside.
    func check() throws(WireFormatError) {
        guard [16, 24, 32].contains(bitsPerPixel) else {
            throw .framebuffer("\(bitsPerPixel) bits a pixel – 16, 24 or 32 can be written")
        }
        for (name, field) in [("red", red), ("green", green), ("blue", blue)] {
            guard (1...12).contains(field.length), field.offset >= 0,
                field.offset + field.length <= bitsPerPixel
            else {
                throw .framebuffer(
                    "\(name) of \(field.length) bits at bit \(field.offset) – a true-color mode "
                        + "has 1 to 12 bits inside the pixel")
            }
        }
        guard alpha.length >= 0, alpha.offset >= 0, alpha.offset + alpha.length <= bitsPerPixel
        else { throw .framebuffer("alpha lies outside the pixel") }
    }

    /// Bits that are always set.
    var ones: UInt32 {
        alpha.length == 0 ? 0 : UInt32((1 << UInt64(alpha.length)) - 1) << UInt32(alpha.offset)
    }
}
