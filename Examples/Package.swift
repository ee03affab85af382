// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Examples",
  dependencies: [.package(name: "Fovea", path: "..")],
  targets: [
    "train-on-scenes", "load-and-predict", "compare-own-attention", "read-texts", "classify-sounds",
    "classify-texts", "hear-words",
  ].map { name in
    .executableTarget(
      name: name, dependencies: [.product(name: "Fovea", package: "Fovea")], path: name,
      swiftSettings: [.swiftLanguageMode(.v6)])
  }
)
