import java.io.*;
import java.net.*;
import java.nio.*;
import java.nio.channels.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.*;

/**
 * What servers on a Java virtual machine do besides messages: threads, garbage, children, files,
 * sockets. Prints one line for each, so that two runs can be compared.
 */
public final class Workers {
  public static void main(String[] arguments) throws Exception {
    threads();
    garbage();
    children();
    files();
    sockets();
    System.out.println("processors " + (Runtime.getRuntime().availableProcessors() > 0));
    System.out.println("user " + !System.getProperty("user.name").isEmpty());
  }

  static void threads() throws Exception {
    AtomicLong sum = new AtomicLong();
    ExecutorService pool = Executors.newFixedThreadPool(12);
    List<Future<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      int index = i;
      results.add(pool.submit(() -> {
        for (int n = 0; n < 1000; n++) sum.addAndGet(index);
        return index * index;
      }));
    }
    List<Integer> squares = new ArrayList<>();
    for (Future<Integer> result : results) squares.add(result.get());
    pool.shutdown();
    System.out.println("threads " + sum + " " + squares);
    System.out.println("parallel " + IntStream.range(0, 100000).parallel().mapToLong(n -> n).sum());
    ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    System.out.println("timer " + timer.schedule(() -> "came", 20, TimeUnit.MILLISECONDS).get());
    timer.shutdown();
  }

  static void garbage() {
    Deque<byte[]> kept = new ArrayDeque<>();
    long made = 0;
    for (int i = 0; i < 40000; i++) {
      byte[] block = new byte[10000 + i % 1000];
      made += block.length;
      kept.add(block);
      if (kept.size() > 2000) kept.removeFirst();
    }
    System.gc();
    System.out.println("garbage " + made + " " + kept.size());
  }

  static void children() throws Exception {
    Process shell = new ProcessBuilder("/bin/sh", "-c", "echo $((6 * 7)); exit 3").start();
    String words = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    System.out.println("exit " + shell.waitFor() + " " + words);
    Process cat = new ProcessBuilder("cat").start();
    byte[] data = "through a pipe ".repeat(10000).getBytes(StandardCharsets.UTF_8);
    Thread feeder = new Thread(() -> {
      try (OutputStream input = cat.getOutputStream()) { input.write(data); } catch (IOException e) { }
    });
    feeder.start();
    System.out.println("pipe " + Arrays.equals(cat.getInputStream().readAllBytes(), data));
    Process sleeper = new ProcessBuilder("sleep", "100").start();
    sleeper.destroy();
    System.out.println("killed " + sleeper.waitFor() + " " + sleeper.toHandle().isAlive());
    try {
      new ProcessBuilder("/no/such/program").start();
    } catch (IOException missing) {
      System.out.println("missing");
    }
  }

  static void files() throws Exception {
    Path folder = Files.createDirectories(Path.of("a/b/c")).getParent().getParent();
    byte[] data = "abc".repeat(100000).getBytes(StandardCharsets.UTF_8);
    Path one = Files.write(folder.resolve("one"), data);
    Path two = Files.copy(one, folder.resolve("two"));
    System.out.println("copy " + Files.mismatch(one, two));
    Path far = Path.of("/usr/share/common-licenses/GPL-3"); // another file system
    System.out.println("far " + Files.mismatch(far, Files.copy(far, folder.resolve("far"))));
    try (FileChannel from = FileChannel.open(one);
        FileChannel to = FileChannel.open(folder.resolve("three"), StandardOpenOption.CREATE,
            StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = to.lock()) {
      System.out.println("transfer " + from.transferTo(0, data.length, to) + " " + lock.isValid());
      MappedByteBuffer map = to.map(FileChannel.MapMode.READ_WRITE, 0, data.length);
      map.put(0, (byte) 'X');
      map.force();
      System.out.println("mapped " + (char) map.get(0));
    }
    Files.createSymbolicLink(folder.resolve("link"), Path.of("one"));
    Files.move(two, folder.resolve("moved"), StandardCopyOption.ATOMIC_MOVE);
    try (Stream<Path> walk = Files.walk(folder)) {
      System.out.println("walk " + walk.map(Path::toString).sorted().collect(Collectors.toList()));
    }
    try (WatchService watch = folder.getFileSystem().newWatchService()) {
      folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      Files.createFile(folder.resolve("new"));
      System.out.println("watch " + watch.poll(10, TimeUnit.SECONDS).pollEvents().get(0).context());
    }
  }

  static void sockets() throws Exception {
    for (String host : List.of("127.0.0.1", "::1")) {
      try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getByName(host))) {
        Thread echo = new Thread(() -> {
          try (Socket peer = listener.accept()) { peer.getInputStream().transferTo(peer.getOutputStream()); }
          catch (IOException e) { }
        });
        echo.start();
        try (Socket peer = new Socket(host, listener.getLocalPort())) {
          peer.setTcpNoDelay(true);
          peer.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
          peer.shutdownOutput();
          System.out.println("echo " + host + ": " + new String(peer.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
        echo.join();
      } catch (SocketException unavailable) {
        System.out.println("echo " + host + ": " + unavailable.getMessage());
      }
    }
    // A file through a channel to a socket: sendfile, and what follows where that is missing.
    try (Selector selector = Selector.open(); ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress("127.0.0.1", 0)).configureBlocking(false);
      listener.register(selector, SelectionKey.OP_ACCEPT);
      SocketChannel client = SocketChannel.open(listener.getLocalAddress());
      selector.select(5000);
      SocketChannel accepted = listener.accept();
      try (FileChannel file = FileChannel.open(Path.of("a/one"))) {
        System.out.println("sent " + file.transferTo(0, 10000, accepted));
      }
      accepted.close();
      ByteBuffer buffer = ByteBuffer.allocate(20000);
      while (client.read(buffer) >= 0) { }
      client.close();
      System.out.println("received " + buffer.position());
    }
    Path name = Path.of("socket");
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(name));
      try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(name))) {
        System.out.println("local " + client.isConnected());
      }
    }
  }
}
