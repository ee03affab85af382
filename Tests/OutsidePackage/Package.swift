// swift-tools-version: 6.2
import PackageDescription

// Somebody else's package: it knows Fovea by a tag of a repository and by its public names only.
// SwiftPM refuses unsafe flags in a dependency that is named by version, and takes them by path, so
// that a version is what shows that Fovea has none.
let repository =
  Context.environment["FOVEA_REPOSITORY"]
  ?? "file://\(Context.packageDirectory)/../.."

let package = Package(
  name: "OutsidePackage",
  dependencies: [.package(url: repository, from: "0.1.0")],
  targets: [
    .executableTarget(
      name: "outside", dependencies: [.product(name: "Fovea", package: "Fovea")],
      swiftSettings: [.swiftLanguageMode(.v6)]),
    .executableTarget(
      name: "server", dependencies: [.product(name: "FoveaInference", package: "Fovea")],
      swiftSettings: [
        .swiftLanguageMode(.v6), .enableUpcomingFeature("MemberImportVisibility"),
      ]),
  ]
)
