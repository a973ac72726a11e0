import CLanes

/// Sets a cluster's triangles up on a block; reference: `MeshReference.at` and `edges` of its
/// corners.
/// - Frame path: yes
func placeMesh(
    _ data: UnsafePointer<cyc_mesh_data>, _ cluster: UInt32, _ object: UInt32,
    _ view: UnsafePointer<cyc_mesh_view>, _ triangles: UnsafeMutablePointer<cyc_mesh_triangle>,
    _ colors: UnsafeMutablePointer<cyc_mesh_colors>, _ room: Int32
) -> Int32 {
    cyc_mesh_place(data, cluster, object, view, triangles, colors, room)
}

/// One triangle into the samples of a region; reference: `MeshReference.edges` and `coverage`.
/// - Frame path: yes
func rasterMesh(
    _ data: UnsafePointer<cyc_mesh_data>, _ triangle: UnsafePointer<cyc_mesh_triangle>,
    _ id: UInt32, _ region: cyc_region, _ samples: cyc_mesh_samples
) {
    cyc_mesh_raster(data, triangle, id, region, samples)
}

/// Bit 0: some sample of a region sees something; bit 1: all do.
/// - Frame path: yes
func filled(_ region: cyc_region, _ samples: cyc_mesh_samples) -> Int32 {
    var some: Int32 = 0
    var all: Int32 = 2
    var row: Int32 = 0
    while row < region.height {
        let found = cyc_mesh_filled(region, samples, region.y &+ row)
        some |= found & 1
        all &= found
        row &+= 1
    }
    return some | all
}

/// What the samples of a region see, over the target; reference: `MeshReference.light`.
/// - Frame path: yes
func shadeMesh(
    _ data: UnsafePointer<cyc_mesh_data>, _ triangles: UnsafePointer<cyc_mesh_triangle>,
    _ colors: UnsafePointer<cyc_mesh_colors>, _ region: cyc_region, _ samples: cyc_mesh_samples,
    _ blends: Int32, _ target: cyc_planes
) {
    cyc_mesh_shade(data, triangles, colors, region, samples, blends, target)
}

/// How much of each pixel has nothing nearer than a plane.
/// - Frame path: yes
func unhidden(
    _ perW: cyc_linear, _ region: cyc_region, _ samples: cyc_mesh_samples,
    _ weights: UnsafeMutablePointer<Float>, _ stride: Int32
) {
    let end = region.x &+ region.width
    var row: Int32 = 0
    while row < region.height {
        let y = region.y &+ row
        let own = weights + Int(row &* stride)
        if samples.per_pixel == 1 {
            var x = region.x & ~15
            while x < end {
                cyc_mesh_unhidden_single(perW, x, y, region, samples, own)
                x &+= 16
            }
        } else {
            var x = region.x & ~3
            while x < end {
                cyc_mesh_unhidden(perW, x, y, region, samples, own)
                x &+= 4
            }
        }
        row &+= 1
    }
}

/// Lays a picture over another by weights.
/// - Frame path: yes
func mix(
    _ region: cyc_region, _ from: cyc_planes, _ weights: UnsafePointer<Float>, _ to: cyc_planes
) {
    var row: Int32 = 0
    while row < region.height {
        var column: Int32 = 0
        let start = Int64(row) &* Int64(from.stride)
        let target = Int64(row) &* Int64(to.stride)
        while column < region.width {
            cyc_mix_step(
                from, weights, start &+ Int64(column), to, target &+ Int64(column),
                region.width &- column)
            column &+= 16
        }
        row &+= 1
    }
}

/// Kernels of meshes.
func meshKernels() -> cyc_mesh_kernels {
    cyc_mesh_kernels(
        place: placeMesh, raster: rasterMesh, filled: filled, shade: shadeMesh, unhidden: unhidden,
        mix: mix)
}
