import COneDNN

/// A status other than success, with the words of the shim.
struct OneDNNError: Error, CustomStringConvertible {
  let status: UInt32
  let description: String
}

func check(_ status: Int32) throws {
  if status != 0 {
    throw OneDNNError(
      status: UInt32(bitPattern: status), description: String(cString: odn_last_error()))
  }
}

/// Runs a creation function and returns what it left in its last argument.
func made(_ create: (inout OpaquePointer?) -> Int32) throws -> OpaquePointer {
  var result: OpaquePointer?
  let status = create(&result)
  if status != 0, result != nil {
    throw OneDNNError(status: 0, description: "a failure left a result")
  }
  try check(status)
  guard let result else { throw OneDNNError(status: 0, description: "success without a result") }
  return result
}
