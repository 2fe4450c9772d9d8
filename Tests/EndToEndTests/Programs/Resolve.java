import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Looks names up as Java does; the lines are those of Egress/Clients/resolve.mjs, unsorted. */
final class Resolve {
  public static void main(String[] names) {
    for (String name : names) System.out.println(name + " " + resolve(name));
  }

  private static String resolve(String name) {
    try {
      return Arrays.stream(InetAddress.getAllByName(name)).map(InetAddress::getHostAddress)
          .distinct().collect(Collectors.joining(" "));
    } catch (UnknownHostException problem) {
      String words = String.valueOf(problem.getMessage());
      return words.endsWith("Name or service not known")
          || words.endsWith("No address associated with hostname") ? "missing" : "failed " + words;
    }
  }
}
