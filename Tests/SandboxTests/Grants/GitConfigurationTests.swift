import Testing

@testable import Sandbox

@Suite struct GitConfigurationTests {
  @Test(
    arguments: [
      ("[core]\n\thooksPath = .husky/_\n", ".husky/_"),
      ("[Core]\nHOOKSPATH=\"my hooks\"\n", "my hooks"),
      ("[core]\n\tbare = false\n[remote \"x\"]\n\thooksPath = no\n", nil),
      ("[core]\nhooksPath = a\n[user]\nname = x\n[core]\nhooksPath = b\n", "b"),
      ("[core]\nhooksPath =\n", nil), ("", nil), ("hooksPath = x\n", nil),
      ("[core]\r\n  hooksPath = /abs\r\n", "/abs"),
    ] as [(String, String?)])
  func whereHooksAre(text: String, path: String?) {
    #expect(GitConfiguration.hooksPath(in: Array(text.utf8)) == path)
  }
}
