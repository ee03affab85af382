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
    .library(name: "FoveaArray", targets: ["FoveaArray"])
  ],
  targets: [
    // Row 0: values at rest, C libraries.
    .target(name: "FoveaArray", swiftSettings: settings),
    .systemLibrary(
      name: "CMedia",
      providers: [.apt(["libavcodec-dev", "libavutil-dev", "libswscale-dev", "zlib1g-dev"])]),

    // Row 1: data and numbers about results; neither sees a graph.
    .target(name: "FoveaData", dependencies: ["FoveaArray", "CMedia"], swiftSettings: settings),
    .target(name: "FoveaMetrics", dependencies: ["FoveaArray"], swiftSettings: settings),

    .testTarget(name: "FoveaArrayTests", dependencies: ["FoveaArray"], swiftSettings: common),
    .testTarget(
      name: "FoveaDataTests", dependencies: ["FoveaData", "FoveaArray"], swiftSettings: common),
    .testTarget(
      name: "FoveaMetricsTests", dependencies: ["FoveaMetrics", "FoveaArray"],
      swiftSettings: common),
  ]
)
