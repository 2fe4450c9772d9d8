import Foundation

/// Copies of a program that is to be executed.
enum CopiedProgram {
  /// Another process writes the file: were it this one, a child that some other test forks at that
  /// moment would inherit the descriptor, and executing the copy fails with ETXTBSY while it lives.
  static func make(of program: String, at path: String) throws {
    let done = try Finished.run(["/bin/cp", program, path], environment: [:])
    guard done.status == 0 else { throw Failure(description: "cp \(path): \(done.errors)") }
  }

  private struct Failure: Error, CustomStringConvertible {
    let description: String
  }
}
