/// The version of the command and the library; CHANGELOG.md says what it holds.
let version = "0.1.0"
