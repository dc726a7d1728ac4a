// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

func library(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A library that reads what strangers wrote: every unsafe expression in it is marked as such.
func reader(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .target(
    name: name, dependencies: dependencies, swiftSettings: settings + [.strictMemorySafety()])
}

func tests(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: settings)
}

let package = Package(
  name: "Fovea",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Fovea", targets: ["Fovea"]),
    // What reads files, without the engine.
    .library(name: "FoveaReaders", targets: ["FoveaFormats", "FoveaPictures"]),
    .executable(name: "fovea", targets: ["FoveaCommand"]),
  ],
  targets: [
    // The engine's C side. Only FoveaRuntime may import these.
    .systemLibrary(
      name: "CDNNL", providers: [.apt(["libdnnl-dev"]), .brew(["onednn"])]),
    .target(
      name: "COneDNN", dependencies: ["CDNNL"], linkerSettings: [.linkedLibrary("dnnl")]),
    .target(
      name: "CKernels",
      linkerSettings: [
        .linkedLibrary("gomp", .when(platforms: [.linux])),
        .linkedLibrary("m", .when(platforms: [.linux])),
      ]),

    // What readers of files are built on. Only FoveaFormats may import it.
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),

    // The picture codecs. Only FoveaPictures may import these.
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng",
      providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CTurboJPEG", pkgConfig: "libturbojpeg",
      providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]),
    .target(name: "CPictures", dependencies: ["CPNG"]),

    // What the system gives: the bytes of files, the size of memory, text that is safe to print.
    reader("FoveaSystem"),

    // What is said, what it becomes, what runs it.
    library("FoveaTensor"),
    library("FoveaCompiler", "FoveaTensor"),
    library("FoveaRuntime", "FoveaSystem", "FoveaTensor", "FoveaCompiler", "COneDNN", "CKernels"),

    // What people use.
    library("FoveaNN", "FoveaTensor"),
    library("FoveaZoo", "FoveaTensor", "FoveaNN"),
    reader("FoveaFormats", "FoveaSystem", "FoveaTensor", "CZlib"),
    reader(
      "FoveaPictures", "FoveaSystem", "FoveaTensor", "FoveaZoo", "CPictures", "CTurboJPEG"),
    library("FoveaTraining", "FoveaTensor", "FoveaNN", "FoveaRuntime"),
    library(
      "Fovea", "FoveaTensor", "FoveaNN", "FoveaZoo", "FoveaFormats", "FoveaPictures",
      "FoveaRuntime",
      "FoveaTraining"),

    // The command line. The kit knows nothing of networks, so its tests need none.
    library("FoveaCommandKit", "FoveaSystem"),
    .executableTarget(
      name: "FoveaCommand", dependencies: ["Fovea", "FoveaCommandKit"], swiftSettings: settings),

    // One test target per room, and what they share.
    .target(
      name: "FoveaTestSupport", dependencies: ["FoveaTensor", "FoveaNN"],
      path: "Tests/FoveaTestSupport", swiftSettings: settings),
    tests("COneDNNTests", "COneDNN"),
    tests("CKernelsTests", "CKernels"),
    tests("CKernelsConvTests", "CKernels"),
    tests("CKernelsNNTests", "CKernels"),
    tests("FoveaSystemTests", "FoveaSystem"),
    tests("FoveaTensorTests", "FoveaTensor", "FoveaTestSupport"),
    tests("FoveaCompilerTests", "FoveaTensor", "FoveaCompiler", "FoveaTestSupport"),
    tests(
      "FoveaRuntimeTests", "FoveaTensor", "FoveaCompiler", "FoveaNN", "FoveaZoo", "FoveaRuntime",
      "FoveaTestSupport"),
    tests(
      "FoveaNNTests", "FoveaTensor", "FoveaNN", "FoveaZoo", "FoveaRuntime", "FoveaTestSupport"),
    tests(
      "FoveaFormatsTests", "FoveaTensor", "FoveaNN", "FoveaFormats", "FoveaTestSupport", "CZlib"),
    tests(
      "FoveaZooTests", "FoveaTensor", "FoveaNN", "FoveaZoo", "FoveaFormats", "FoveaPictures",
      "FoveaRuntime", "FoveaTraining"),
    tests(
      "FoveaTrainingTests", "FoveaTensor", "FoveaCompiler", "FoveaNN", "FoveaZoo", "FoveaRuntime",
      "FoveaTraining", "FoveaTestSupport"),
    tests("FoveaPicturesTests", "FoveaTensor", "FoveaZoo", "FoveaPictures", "FoveaTestSupport"),
    tests("FoveaCommandTests", "FoveaCommandKit"),
    tests("FoveaVerbTests", "Fovea", "FoveaCommandKit", "FoveaCommand"),

    // What others can do: this target sees only what is public, through the product.
    .testTarget(
      name: "ExtensionTests", dependencies: ["Fovea"], path: "Tests/ExtensionTests",
      packageAccess: false, swiftSettings: settings),
  ]
)
