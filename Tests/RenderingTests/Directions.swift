import Geometry
import Glibc

/// The direction of an azimuth and elevation (Dome's convention).
func direction(_ azimuth: Double, _ elevation: Double) -> Vector3 {
    Vector3(sin(azimuth) * cos(elevation), cos(azimuth) * cos(elevation), sin(elevation))
}

/// Where a ray from inside a sphere meets it, as a direction from the sphere's centre.
func onSphere(eye: Vector3, towards d: Vector3, radius: Double, center: Vector3) -> Vector3 {
    let q = eye - center
    let u = d.normalized
    let b = q.dot(u)
    let t = -b + (b * b - q.dot(q) + radius * radius).squareRoot()
    return (q + t * u).normalized
}
