// swift-tools-version: 6.2
import PackageDescription

/// Settings for every Swift target.
let common: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Every target but the kernels says where it leaves the memory-safe language.
let settings = common + [.strictMemorySafety()]

let package = Package(
  name: "Fovea",
  products: [
    .library(name: "Fovea", targets: ["Fovea"]),
    .library(name: "FoveaInference", targets: ["FoveaInference"]),
    .executable(name: "fovea", targets: ["FoveaCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // Row 0: values at rest, C libraries.
    .target(name: "FoveaArray", swiftSettings: settings),
    .systemLibrary(
      name: "CMedia",
      providers: [.apt(["libavcodec-dev", "libavutil-dev", "libswscale-dev", "zlib1g-dev"])]),

    .systemLibrary(
      name: "CCairo", providers: [.apt(["libcairo2-dev", "libpango1.0-dev"])]),
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
    .target(
      name: "CKernels", linkerSettings: [.linkedLibrary("gomp"), .linkedLibrary("m")]),

    // Row 1: the only unsafe code; it states so once, for the whole folder.
    .target(
      name: "FoveaKernels", dependencies: ["FoveaArray", "COneDNN", "CKernels"],
      swiftSettings: common),

    // Row 1: data and numbers about results; neither sees a graph.
    .target(name: "FoveaData", dependencies: ["FoveaArray", "CMedia"], swiftSettings: settings),
    .target(name: "FoveaMetrics", dependencies: ["FoveaArray"], swiftSettings: settings),

    // Row 2: tensors, ops, gradients, compiler, plan, session.
    .target(
      name: "FoveaGraph", dependencies: ["FoveaArray", "FoveaKernels"], swiftSettings: settings),

    // Row 3: modules, layers, attention, models.
    .target(
      name: "FoveaNN", dependencies: ["FoveaArray", "FoveaGraph", "FoveaKernels"],
      swiftSettings: settings),

    // Row 4: the files of a run.
    .target(
      name: "FoveaRuns", dependencies: ["FoveaArray", "FoveaData", "FoveaNN"],
      swiftSettings: settings),

    // Row 5: loading a run, predicting, evaluating: what a server links.
    .target(
      name: "FoveaInference",
      dependencies: ["FoveaRuns", "FoveaNN", "FoveaData", "FoveaMetrics", "FoveaKernels"],
      swiftSettings: settings),

    // Row 5: what people see of a highlight.
    .target(
      name: "FoveaDrawing", dependencies: ["FoveaArray", "FoveaData", "CCairo"],
      swiftSettings: settings),

    // Row 6: optimisers, trainer, comparison.
    .target(
      name: "FoveaTrain",
      dependencies: ["FoveaInference", "FoveaRuns", "FoveaNN", "FoveaData", "FoveaMetrics", "FoveaKernels"],
      swiftSettings: settings),

    // Row 7: what most users import.
    .target(
      name: "Fovea",
      dependencies: [
        "FoveaArray", "FoveaData", "FoveaInference", "FoveaMetrics", "FoveaNN", "FoveaRuns",
        "FoveaTrain",
      ], swiftSettings: settings),

    // Row 8: one file a verb.
    .executableTarget(
      name: "FoveaCLI",
      dependencies: [
        "Fovea", "FoveaArray", "FoveaData", "FoveaGraph", "FoveaInference", "FoveaMetrics",
        "FoveaNN", "FoveaRuns", "FoveaTrain",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),

    .target(
      name: "FoveaTestSupport", dependencies: ["FoveaArray", "FoveaGraph"],
      path: "Tests/FoveaTestSupport", swiftSettings: common),
    .testTarget(
      name: "FoveaGraphTests",
      dependencies: ["FoveaGraph", "FoveaKernels", "FoveaArray", "FoveaTestSupport"],
      swiftSettings: common),
    .testTarget(name: "FoveaArrayTests", dependencies: ["FoveaArray"], swiftSettings: common),
    .testTarget(
      name: "FoveaKernelsTests", dependencies: ["FoveaKernels", "FoveaArray", "CKernels"],
      swiftSettings: common),
    .testTarget(
      name: "FoveaDataTests", dependencies: ["FoveaData", "FoveaArray"], swiftSettings: common),
    .testTarget(
      name: "FoveaDrawingTests", dependencies: ["FoveaDrawing", "FoveaData", "FoveaArray"],
      swiftSettings: common),
    .testTarget(
      name: "FoveaMetricsTests", dependencies: ["FoveaMetrics", "FoveaArray"],
      swiftSettings: common),
  ]
)
