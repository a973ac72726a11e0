// swift-tools-version: 6.2
import PackageDescription

/// Path of libFuzzer as a library, when the fuzzers are asked for: then every edge is counted.
let fuzzer = Context.environment["CYCLORAMA_FUZZERS"]

/// Settings every target is built with.
let house: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableExperimentalFeature("Lifetimes"),
        .treatAllWarnings(as: .error),
    ] + (fuzzer == nil ? [] : [.unsafeFlags(["-sanitize=fuzzer"])])

/// A room of the house: its name and what it may import (Tests/TidyTests holds the same table).
func room(
    _ name: String, _ imports: [String] = [], products: [Target.Dependency] = [],
    path: String? = nil, settings: [SwiftSetting] = []
) -> Target {
    .target(
        name: name, dependencies: imports.map { .byName(name: $0) } + products, path: path,
        swiftSettings: house + settings)
}

/// A room of C: headers the rest of the house imports.
func cRoom(_ name: String) -> Target { .target(name: name, cSettings: [.unsafeFlags(["-O2"])]) }

/// A pixel kernel room: the one kernel source, built for one x86-64 level.
func kernels(_ name: String, march: String) -> Target {
    .target(
        name: name, dependencies: ["CLanes"],
        swiftSettings: house + [
            // Every function of CLanes is inlined, so no call has an ABI.
            .unsafeFlags(["-O", "-Xcc", "-march=\(march)", "-Xcc", "-Wno-psabi"])
        ])
}

func tests(_ name: String, _ imports: [String], products: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name, dependencies: (imports + ["TestSupport"]).map { .byName(name: $0) } + products,
        swiftSettings: house)
}

let values = ["Lanes", "Geometry", "Timing", "Color", "Tracking"]
let model = values + ["StageModel"]
let frame = model + ["FrameModel"]

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]

let everything = [
    "Rendering", "Output", "Media", "LookFiles", "Scenes", "StageConfig", "Control", "FrameLoop",
    "StageTwin", "Platform", "ControlServer", "StageCalibration", "StageRun",
]

/// Tests, one target a room, and those of the whole.
let testTargets: [Target] = [
    .target(name: "TestSupport", path: "Tests/Support", swiftSettings: house),
    tests("TidyTests", []),
    tests("LanesTests", ["Lanes"]),
    tests("GeometryTests", ["Geometry"]),
    tests("TimingTests", ["Timing"]),
    tests("ColorTests", ["Color", "Lanes"]),
    tests("TrackingTests", ["Tracking", "Geometry", "Timing"]),
    tests("StageModelTests", model),
    tests("RenderingTests", frame + ["Rendering", "Scenes"]),
    tests("OutputTests", frame + ["Output"]),
    tests("MediaTests", ["Media"]),
    tests("LookFilesTests", ["LookFiles", "Color", "Lanes"]),
    tests("ScenesTests", frame + ["Media", "Scenes"]),
    tests("StageConfigTests", model + ["StageConfig"]),
    tests("ControlTests", frame + ["Control"]),
    tests("FrameLoopTests", frame + ["FrameLoop", "Rendering", "Output", "Scenes"]),
    tests("StageTwinTests", frame + ["StageTwin"]),
    tests("PlatformTests", ["Platform", "Timing"]),
    tests("StageCalibrationTests", frame + ["StageCalibration", "LookFiles"]),
    tests("ControlServerTests", frame + ["Control", "ControlServer"]),
    tests("StageTests", frame + everything),
]

/// Programs of the tests, built only when asked for, so that a plain `swift build` stays clean.
let probes: [Target] =
    Context.environment["CYCLORAMA_PROBES"] == nil
    ? []
    : [
        .executableTarget(
            name: "framebuffer-probe",
            dependencies: ["Output", "Platform", "Color", "StageModel"],
            path: "Tests/Probes/FramebufferProbe", swiftSettings: house),
        .target(name: "CAllocationProbe", path: "Tests/Probes/CAllocationProbe"),
        .executableTarget(
            name: "allocation-probe",
            dependencies: (frame + everything + ["CAllocationProbe", "TestSupport"]).map {
                .byName(name: $0)
            },
            path: "Tests/Probes/AllocationProbe", swiftSettings: house),
    ]

/// The fuzzers, built only when asked for, by Tests/Fuzzers/fuzz.py.
let fuzzers: [Target] =
    fuzzer.map { library in
        [
            .target(name: "CFuzzer", path: "Tests/Fuzzers/CFuzzer"),
            .executableTarget(
                name: "tracking-fuzzer",
                dependencies: ["CFuzzer", "Tracking", "Geometry", "Timing"],
                path: "Tests/Fuzzers/TrackingFuzzer", swiftSettings: house,
                linkerSettings: [.unsafeFlags([library, "-lstdc++"])]),
        ]
    } ?? []

let package = Package(
    name: "Cyclorama",
    products: [.executable(name: "cyclorama", targets: ["cyclorama"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    ],
    targets: [
        // Floor 0
        cRoom("CLanes"),
        cRoom("CPlatform"),
        .systemLibrary(
            name: "CFFmpeg", pkgConfig: "libavformat libavcodec libavutil libswscale",
            providers: [
                .apt(["libavformat-dev", "libavcodec-dev", "libavutil-dev", "libswscale-dev"])
            ]),
        .systemLibrary(
            name: "CLAPACK", pkgConfig: "lapack", providers: [.apt(["liblapack-dev"])]),
        kernels("KernelsV3", march: "x86-64-v3"),
        kernels("KernelsV4", march: "x86-64-v4"),
        // Floor 1
        room("Lanes", ["CLanes", "KernelsV3", "KernelsV4"]),
        room("Geometry"),
        room("Timing"),
        // Floor 2
        room("Color", ["Lanes"]),
        room("Tracking", ["Geometry", "Timing"]),
        // Floor 3
        room("StageModel", values),
        room("FrameModel", model),
        // Floor 4
        room("Rendering", frame),
        room("Output", frame),
        room("Media", ["Lanes", "Color", "CFFmpeg"]),
        room("LookFiles", ["Color"]),
        room("Scenes", frame + ["Media"], products: [yams]),
        room("StageConfig", model, products: [yams]),
        room("Control", frame),
        // Floor 5
        room("FrameLoop", frame + ["Rendering", "Output"]),
        room("StageTwin", frame),
        // Floor 6
        room("Platform", ["CPlatform", "Timing"]),
        room("ControlServer", frame + ["Control"], products: nio),
        // Beside the floors: nothing of a running stage needs it.
        room(
            "StageCalibration", frame + ["Media", "LookFiles", "CLAPACK"],
            path: "Calibration/StageCalibration"),
        // Floor 7
        room(
            "StageRun",
            frame + everything.filter { $0 != "StageRun" }),
        // Floor 8
        .executableTarget(
            name: "cyclorama",
            dependencies: (frame + everything).map { .byName(name: $0) } + [argumentParser],
            swiftSettings: house),
    ] + testTargets + probes + fuzzers
)
