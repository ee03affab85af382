// swift-tools-version: 6.2
import PackageDescription

// Somebody else's package: it knows Fovea by its path and its public names only. That it builds
// shows that Fovea uses no unsafe flags, which SwiftPM refuses in a dependency.
let package = Package(
  name: "OutsidePackage",
  dependencies: [.package(name: "Fovea", path: "../..")],
  targets: [
    .executableTarget(
      name: "outside", dependencies: [.product(name: "Fovea", package: "Fovea")],
      swiftSettings: [.swiftLanguageMode(.v6)])
  ]
)
