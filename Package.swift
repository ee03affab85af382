// swift-tools-version: 6.2
import PackageDescription

/// `make check` asks for this; nobody else's build fails for a warning that a later compiler knows.
let warnings: [SwiftSetting] =
  Context.environment["FOVEA_WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)]

/// Settings for every Swift target.
let common: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + warnings

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
      providers: [
        .apt([
          "libavcodec-dev", "libavformat-dev", "libavutil-dev", "libswresample-dev",
          "libswscale-dev", "zlib1g-dev",
        ])
      ]),

    .systemLibrary(
      name: "CCairo", providers: [.apt(["libcairo2-dev", "libpango1.0-dev"])]),
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
    .target(
      name: "CKernels", linkerSettings: [.linkedLibrary("gomp"), .linkedLibrary("m")]),

    // Row 1: the only unsafe code; it states so once, for the whole folder.
    .target(
      name: "FoveaKernels", dependencies: ["FoveaArray", "COneDNN", "CKernels"],
      swiftSettings: common),

    // Row 1: text as characters, tokens, words and sentences.
    .target(name: "FoveaText", dependencies: ["FoveaArray"], swiftSettings: settings),

    // Row 1: numbers about results, and data, whose checks need some; neither sees a graph.
    .target(name: "FoveaMetrics", dependencies: ["FoveaArray"], swiftSettings: settings),
    .target(
      name: "FoveaData", dependencies: ["FoveaArray", "FoveaMetrics", "FoveaText", "CMedia"],
      swiftSettings: settings),

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

    // Row 5: highlights and their scores.
    .target(
      name: "FoveaExplain",
      dependencies: [
        "FoveaArray", "FoveaData", "FoveaGraph", "FoveaKernels", "FoveaMetrics", "FoveaNN",
        "FoveaRuns", "FoveaText",
      ], swiftSettings: settings),

    // Row 6: what people see of a highlight.
    .target(
      name: "FoveaDrawing", dependencies: ["FoveaArray", "FoveaData", "FoveaExplain", "CCairo"],
      swiftSettings: settings),

    // Row 6: loading a run, predicting, evaluating, explaining: what a server links.
    .target(
      name: "FoveaInference",
      dependencies: [
        "FoveaArray", "FoveaExplain", "FoveaRuns", "FoveaNN", "FoveaData", "FoveaMetrics",
        "FoveaKernels", "FoveaText",
      ],
      swiftSettings: settings),

    // Row 7: optimisers, trainer, comparison.
    .target(
      name: "FoveaTrain",
      dependencies: [
        "FoveaArray", "FoveaExplain", "FoveaGraph", "FoveaInference", "FoveaRuns", "FoveaNN",
        "FoveaData", "FoveaMetrics", "FoveaKernels",
      ],
      swiftSettings: settings),

    // Row 7: from values to a page; sees no trainer.
    .target(
      name: "FoveaReport",
      dependencies: ["FoveaArray", "FoveaData", "FoveaMetrics", "FoveaNN", "FoveaRuns"],
      swiftSettings: settings),

    // Row 8: what most users import.
    .target(
      name: "Fovea",
      dependencies: [
        "FoveaArray", "FoveaData", "FoveaDrawing", "FoveaExplain", "FoveaInference",
        "FoveaMetrics", "FoveaNN", "FoveaReport", "FoveaRuns", "FoveaText", "FoveaTrain",
      ], swiftSettings: settings),

    // Row 9: one file a verb.
    .executableTarget(
      name: "FoveaCLI",
      dependencies: [
        "Fovea", "FoveaArray", "FoveaData", "FoveaDrawing", "FoveaExplain",
        "FoveaInference", "FoveaKernels", "FoveaMetrics", "FoveaNN", "FoveaReport", "FoveaRuns",
        "FoveaText", "FoveaTrain",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),

    .target(
      name: "FoveaTestSupport", dependencies: ["FoveaArray", "FoveaGraph", "FoveaKernels"],
      path: "Tests/FoveaTestSupport", swiftSettings: common),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    // Not a product: reads damaged files of every kind until one ends the process.
    .executableTarget(
      name: "FoveaFuzz",
      dependencies: [
        "FoveaArray", "FoveaData", "FoveaDrawing", "FoveaExplain", "FoveaInference",
        "FoveaMetrics", "FoveaRuns", "FoveaText", "FoveaTrain",
      ], path: "Tests/Fuzz", swiftSettings: common),
    .testTarget(
      name: "FoveaGraphTests",
      dependencies: [
        "FoveaGraph", "FoveaKernels", "FoveaArray", "FoveaTestSupport", "CAllocationCounter",
      ],
      swiftSettings: common),
    .testTarget(
      name: "FoveaNNTests",
      dependencies: [
        "FoveaTrain", "FoveaInference", "FoveaRuns", "FoveaNN", "FoveaGraph", "FoveaKernels",
        "FoveaData", "FoveaArray", "FoveaTestSupport", "CAllocationCounter",
      ],
      swiftSettings: common),
    .testTarget(
      name: "FoveaTextTests", dependencies: ["FoveaText", "FoveaArray", "FoveaTestSupport"],
      swiftSettings: common),
    .testTarget(
      name: "FoveaInferenceTests",
      dependencies: [
        "FoveaInference", "FoveaGraph", "FoveaKernels", "FoveaNN", "FoveaRuns", "FoveaText",
        "FoveaArray", "FoveaTestSupport",
      ], swiftSettings: common),
    .testTarget(name: "FoveaArrayTests", dependencies: ["FoveaArray"], swiftSettings: common),
    .testTarget(
      name: "FoveaKernelsTests", dependencies: ["FoveaKernels", "FoveaArray", "CKernels"],
      swiftSettings: common),
    .testTarget(
      name: "FoveaDataTests",
      dependencies: ["FoveaData", "FoveaText", "FoveaArray", "FoveaTestSupport"],
      swiftSettings: common),
    .testTarget(
      name: "FoveaRunsTests",
      dependencies: [
        "FoveaRuns", "FoveaArray", "FoveaData", "FoveaNN", "FoveaText", "FoveaTestSupport",
      ],
      swiftSettings: common),
    .testTarget(
      name: "FoveaTrainTests",
      dependencies: [
        "FoveaTrain", "FoveaExplain", "FoveaInference", "FoveaRuns", "FoveaArray", "FoveaData",
        "FoveaNN",
        "FoveaKernels", "FoveaMetrics", "FoveaTestSupport",
      ], swiftSettings: common),
    .testTarget(
      name: "FoveaCLITests",
      dependencies: [
        "FoveaCLI", "FoveaRuns", "FoveaArray", "FoveaData", "FoveaNN", "FoveaTestSupport",
      ],
      swiftSettings: common),
    // Calls with bad input, which tests run in processes of their own.
    .executableTarget(
      name: "FoveaBadInput", dependencies: ["Fovea"], path: "Tests/BadInput",
      swiftSettings: common),
    .testTarget(
      name: "FoveaTests",
      dependencies: [
        "Fovea", "FoveaBadInput", "FoveaArray", "FoveaData", "FoveaDrawing", "FoveaExplain",
        "FoveaMetrics",
        "FoveaTestSupport",
      ],
      swiftSettings: common),
    .testTarget(
      name: "FoveaExplainTests",
      dependencies: [
        "FoveaExplain", "FoveaInference", "FoveaNN", "FoveaGraph", "FoveaData", "FoveaArray",
        "FoveaMetrics", "FoveaRuns", "FoveaTestSupport", "FoveaText",
      ],
      swiftSettings: common),
    .testTarget(
      name: "FoveaDrawingTests",
      dependencies: ["FoveaDrawing", "FoveaExplain", "FoveaData", "FoveaArray"],
      swiftSettings: common),
    .testTarget(
      name: "FoveaMetricsTests", dependencies: ["FoveaMetrics", "FoveaArray"],
      swiftSettings: common),
    .testTarget(
      name: "FoveaReportTests",
      dependencies: [
        "FoveaReport", "FoveaArray", "FoveaData", "FoveaMetrics", "FoveaNN", "FoveaRuns",
      ], swiftSettings: common),
  ]
)
