import FrameModel
import Glibc

/// The clearing's pictures and what its things are made of.
enum ClearingTextures {
    static func all() -> [MeshTexture] {
        [
            MeshTexture(picture: ground()), MeshTexture(picture: bark()),
            MeshTexture(picture: stone()),
            MeshTexture(picture: leaf(), wrapU: .clamp, wrapV: .clamp),
            MeshTexture(picture: grass(), wrapU: .clamp, wrapV: .clamp),
        ]
    }

    /// In the order of `Clearing.Stuff`.
    static func materials() -> [MeshMaterial] {
        [
            MeshMaterial(name: "ground", baseTexture: 0),
            MeshMaterial(name: "bark", baseTexture: 1),
            MeshMaterial(name: "stone", baseTexture: 2),
            MeshMaterial(
                name: "leaves", baseTexture: 3, alpha: .mask(cutoff: 0.5), isTwoSided: true),
            MeshMaterial(
                name: "grass", baseTexture: 4, alpha: .mask(cutoff: 0.5), isTwoSided: true),
            MeshMaterial(name: "lamp", base: SIMD4(0, 0, 0, 1), emission: light(16, 9, 3.5)),
            MeshMaterial(
                name: "glass", base: SIMD4(light(0.5, 0.42, 0.3), 0.3), alpha: .blend,
                isTwoSided: true),
        ]
    }

    private static func ground() -> Picture {
        let (noise, spots) = (Noise(seed: 41), Noise(seed: 42))
        return Pattern.paint(512) { u, v in
            let n = Pattern.seamless(noise, u * 9, v * 9, size: SIMD2(9, 9), octaves: 6)
            let s = Pattern.seamless(spots, u * 24, v * 24, size: SIMD2(24, 24), octaves: 3)
            let soil = mix(light(0.10, 0.075, 0.05), light(0.27, 0.21, 0.13), n)
            return SIMD4(mix(soil, light(0.12, 0.17, 0.05), step(0.48, 0.66, s)), 1)
        }
    }

    static func bark() -> Picture {
        let noise = Noise(seed: 43)
        return Pattern.paint(256) { u, v in
            let n = Pattern.seamless(noise, u * 14, v * 4, size: SIMD2(14, 4), octaves: 5)
            return SIMD4(
                mix(light(0.045, 0.035, 0.028), light(0.32, 0.25, 0.19), step(0.3, 0.75, n)), 1)
        }
    }

    private static func stone() -> Picture {
        let noise = Noise(seed: 44)
        return Pattern.paint(512) { u, v in
            let n = Pattern.seamless(noise, u * 7, v * 7, size: SIMD2(7, 7), octaves: 7)
            let moss = step(
                0.55, 0.7, Pattern.seamless(noise, u * 3, v * 3, size: SIMD2(3, 3), octaves: 4))
            let gray = light(0.42, 0.40, 0.36) * (0.6 + 0.8 * n)
            return SIMD4(mix(gray, light(0.16, 0.2, 0.09), moss * 0.7), 1)
        }
    }

    /// A twig of five leaves.
    static func leaf() -> Picture {
        let veins = Noise(seed: 45)
        let leaves: [(x: Float, y: Float, turn: Float)] = [
            (0.5, 0.24, 0), (0.27, 0.40, -0.9), (0.74, 0.42, 0.9), (0.3, 0.70, -1.3),
            (0.7, 0.72, 1.3),
        ]
        return Pattern.paint(256) { u, v in
            var (cover, tone) = (Float(0), Float(0))
            for leaf in leaves {
                let (x, y) = (u - leaf.x, v - leaf.y)
                let along = x * sinf(leaf.turn) - y * cosf(leaf.turn)
                let across = x * cosf(leaf.turn) + y * sinf(leaf.turn)
                let half = 0.12 * (1 - (along / 0.24) * (along / 0.24))
                let depth = half - abs(across)
                cover = max(cover, limited(depth * 160 + 0.5))
                if depth > 0 { tone = max(tone, 0.5 + depth * 4) }
            }
            let stem = 0.012 - abs(u - 0.5)
            if v > 0.3 { cover = max(cover, limited(stem * 160 + 0.5)) }
            let green = mix(light(0.05, 0.10, 0.02), light(0.21, 0.33, 0.07), limited(tone))
            let vein = 0.8 + 0.4 * veins.fractal(u * 30, v * 30, octaves: 3)
            return SIMD4(green * vein, 1) * cover
        }
    }

    /// A tuft of blades.
    static func grass() -> Picture {
        var numbers = NumberStream(seed: 46)
        let blades = (0..<22).map { _ in
            (
                foot: numbers.next(0.15...0.85), bend: numbers.next(-0.25...0.25),
                tall: numbers.next(0.5...0.98), tone: numbers.next()
            )
        }
        return Pattern.paint(256) { u, v in
            let up = 1 - v
            var (cover, tone) = (Float(0), Float(0))
            for blade in blades where up < blade.tall {
                let t = up / blade.tall
                let center = blade.foot + blade.bend * t * t
                let depth = 0.022 * (1 - t) + 0.003 - abs(u - center)
                if depth > -0.004 {
                    cover = max(cover, limited(depth * 200 + 0.5))
                    tone = blade.tone
                }
            }
            let green = mix(light(0.10, 0.15, 0.03), light(0.36, 0.38, 0.12), tone)
            return SIMD4(green * (0.5 + 0.6 * up), 1) * cover
        }
    }
}
