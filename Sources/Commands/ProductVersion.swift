/// What `cordon --version` prints.
public enum ProductVersion {
  public static let current = "0.1.0"
}
