public import Kernel

/// One layer of the sandbox that was really tried on this machine, in processes that are gone.
public struct Trial: Equatable, Sendable {
  /// The layer: a word that stays the same over versions.
  public let layer: String
  /// The step that failed; nil where the layer is to be had.
  public let failure: SystemError?

  public init(_ layer: String, _ failure: SystemError?) {
    self.layer = layer
    self.failure = failure
  }

  /// Tries it here and now.
  public static func of(_ layer: String, _ body: () throws(SystemError) -> Void) -> Trial {
    do throws(SystemError) {
      try body()
      return Trial(layer, nil)
    } catch {
      return Trial(layer, error)
    }
  }
}
