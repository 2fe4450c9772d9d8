import CProbes
import FilterCompiler
import Glibc
import Kernel
import SystemCallFilter
import Testing

/// Every denial is asked of the real kernel, after the same probe got its way without the filter.
@Suite struct ServerFilterTests {
  struct Denial: Sendable, CustomTestStringConvertible {
    let probe: Probe
    let errno: Int32
    /// What the kernel itself may say where it lacks the facility or the caller the right.
    let outside: Set<Int32>
    var testDescription: String { probe.testDescription }

    init(_ probe: Probe, _ errno: Int32, orOutside outside: Set<Int32> = []) {
      self.probe = probe
      self.errno = errno
      self.outside = outside
    }
  }

  static let upper: Int64 = 1 << 32
  static let raw: Set<Int32> = [EPERM, EPROTONOSUPPORT]

  static let denials: [Denial] = [
    // Namespaces
    Denial(Probe("unshare", 0x1000_0000, note: "user namespace"), EPERM),
    Denial(Probe("clone", 0x1000_0000 | 17, note: "user namespace"), EPERM),
    Denial(Probe("clone", upper | 0x1000_0000 | 17, note: "upper bits"), EPERM),
    Denial(Probe("clone3", 0, 0, note: "no arguments"), ENOSYS, orOutside: [EINVAL, EFAULT]),
    // Other processes and the kernel's own machines
    Denial(Probe("ptrace", 0, note: "traceme"), EPERM),
    Denial(Probe("kcmp", 1, 1, 0), EPERM, orOutside: [EPERM, ESRCH]),
    Denial(Probe("io_uring_setup", 1, 0), ENOSYS, orOutside: [EFAULT]),
    Denial(Probe("userfaultfd", 1, note: "user mode"), EPERM),
    Denial(Probe("bpf", 0, 0, 0), EPERM, orOutside: [EPERM, EINVAL]),
    Denial(Probe("perf_event_open", 0, 0, -1, -1, 0), EPERM, orOutside: [EFAULT]),
    Denial(Probe("keyctl", 0, -3, 0, note: "session keyring"), EPERM, orOutside: [ENOKEY]),
    Denial(Probe("memfd_secret", 0), EPERM, orOutside: [ENOSYS]),
    Denial(Probe("open_by_handle_at", -100, 0, 0), EPERM, orOutside: [EPERM, EFAULT]),
    Denial(Probe("fsopen", 0, 0), ENOSYS, orOutside: [EPERM, EFAULT]),
    Denial(Probe("open_tree", -100, 0, 0), ENOSYS, orOutside: [EFAULT]),
    Denial(Probe("mount_setattr", -1, 0, 0, 0, 0), ENOSYS, orOutside: [EINVAL]),
    Denial(Probe("setns", -1, 0), EPERM, orOutside: [EBADF]),
    Denial(Probe("chroot", 0), EPERM, orOutside: [EFAULT, EPERM]),
    Denial(Probe("mount", 0, 0, 0, 0, 0), EPERM, orOutside: [EFAULT, EPERM]),
    Denial(Probe("move_mount", -1, 0, -1, 0, 0), ENOSYS, orOutside: [EFAULT, EPERM]),
    Denial(Probe("pivot_root", 0, 0), EPERM, orOutside: [EFAULT, EPERM]),
    Denial(Probe("umount2", 0, 0), EPERM, orOutside: [EFAULT, EPERM]),
    Denial(Probe("io_setup", 1, 0), ENOSYS, orOutside: [EFAULT]),
    Denial(Probe("process_vm_readv", -1, 0, 0, 0, 0, 0, note: "nobody"), EPERM),
    Denial(Probe("process_madvise", -1, 0, 0, 0, 0), EPERM, orOutside: [EBADF, EINVAL]),
    Denial(Probe("pidfd_getfd", -1, 0, 0), EPERM, orOutside: [EBADF]),
    Denial(Probe("ptrace", 0x4206, 1, 0, 0, note: "seize PID 1"), EPERM, orOutside: [EPERM, EIO]),
    Denial(Probe("add_key", 0, 0, 0, 0, 0), EPERM, orOutside: [EFAULT]),
    Denial(Probe("request_key", 0, 0, 0, 0), EPERM, orOutside: [EFAULT]),
    Denial(
      Probe("kexec_load", 0, 0, 0, -1, note: "no such flags"), EPERM,
      orOutside: [EPERM, EINVAL, ENOSYS]),
    Denial(Probe("init_module", 0, 0, 0), EPERM, orOutside: [EPERM, EFAULT, ENOEXEC, ENOSYS]),
    Denial(
      Probe("fanotify_init", -1, 0, note: "no such flags"), EPERM, orOutside: [EPERM, EINVAL]),
    Denial(Probe("name_to_handle_at", -1, 0, 0, 0, 0), EPERM, orOutside: [EFAULT, EBADF]),
    Denial(Probe("sethostname", 0, -1), EPERM, orOutside: [EPERM, EINVAL]),
    Denial(Probe("set_mempolicy", 0, 0, 0), EPERM),
    Denial(Probe("modify_ldt", 0, 0, 0), EPERM),
    Denial(Probe("personality", 0x40_0000, note: "read implies execute"), EPERM),
    Denial(Probe("personality", 0x4_0000, note: "no address randomisation"), EPERM),
    // Pages between descriptors
    Denial(Probe("splice", -1, 0, -1, 0, 0, 0, note: "nothing"), EINVAL),
    Denial(Probe("tee", -1, -1, 0, 0, note: "nothing"), ENOSYS),
    Denial(Probe("vmsplice", -1, 0, 0, 0), ENOSYS, orOutside: [EBADF]),
    Denial(Probe("sendfile", -1, -1, 0, 0), EINVAL, orOutside: [EBADF]),
    // Sockets
    Denial(Probe("socket", 40, 1, 0, note: "vsock"), EAFNOSUPPORT),
    Denial(Probe("socket", upper | 40, 1, 0, note: "vsock, upper bits"), EAFNOSUPPORT),
    Denial(Probe("socket", 17, 3, 0, note: "packet"), EAFNOSUPPORT, orOutside: [EPERM]),
    Denial(Probe("socket", 2, 3, 1, note: "raw"), EPERM, orOutside: [EPERM]),
    Denial(Probe("socket", 2, upper | 3, 1, note: "raw, upper bits"), EPERM, orOutside: [EPERM]),
    Denial(Probe("socket", 2, 1, 262, note: "multipath TCP"), EPROTONOSUPPORT),
    Denial(Probe("socket", 2, 2, 136, note: "UDP-Lite"), EPROTONOSUPPORT),
    Denial(
      Probe("socket", 2, 5, 0, note: "packets in order"), ESOCKTNOSUPPORT,
      orOutside: [ESOCKTNOSUPPORT]),
    Denial(Probe("socket", 16, 3, 6, note: "netlink XFRM"), EPROTONOSUPPORT),
    Denial(Probe("socket", 16, 3, 9, note: "netlink audit"), EPROTONOSUPPORT),
    Denial(Probe("socket", 16, 3, 12, note: "netlink netfilter"), EPROTONOSUPPORT),
    Denial(Probe("socket", 16, 3, upper | 12, note: "netlink, upper bits"), EPROTONOSUPPORT),
    Denial(
      Probe("socketpair", 30, 1, 0, 0, note: "TIPC"), EAFNOSUPPORT,
      orOutside: [EAFNOSUPPORT, EFAULT]),
    // Controls: on no descriptor at all the kernel says EBADF, so the filter's answer stands out
    Denial(Probe("ioctl", -1, 0x5412, 0, note: "TIOCSTI"), EPERM, orOutside: [EBADF]),
    Denial(
      Probe("ioctl", -1, upper | 0x5412, 0, note: "TIOCSTI, upper bits"), EPERM,
      orOutside: [EBADF]),
    Denial(Probe("ioctl", -1, 0x541C, 0, note: "TIOCLINUX"), EPERM, orOutside: [EBADF]),
    Denial(Probe("ioctl", -1, 0x4B33, 0, note: "console"), ENOTTY, orOutside: [EBADF]),
    Denial(Probe("prctl", 35, 0, 0, 0, 0, note: "PR_SET_MM"), EPERM, orOutside: [EPERM, EINVAL]),
    Denial(Probe("prctl", 28, 0, note: "securebits"), EPERM, orOutside: [EPERM]),
    Denial(Probe("prctl", 24, 0, note: "bounding set"), EPERM, orOutside: [EPERM]),
    Denial(Probe("prctl", 47, 4, 0, 0, 0, note: "clear ambient"), EPERM),
    Denial(Probe("prctl", upper | 47, 4, 0, 0, 0, note: "clear ambient, upper bits"), EPERM),
    Denial(Probe("prctl", 0x5961_6D61, -1, note: "ptracer"), EINVAL, orOutside: [EINVAL]),
    Denial(Probe("setsockopt", -1, 1, 60, 0, 0, note: "zero copy"), EOPNOTSUPP, orOutside: [EBADF]),
    Denial(
      Probe("setsockopt", -1, 1, upper | 26, 0, 0, note: "packet filter"), EPERM,
      orOutside: [EBADF]),
    Denial(Probe("setsockopt", -1, 6, 31, 0, 0, note: "kernel TLS"), ENOENT, orOutside: [EBADF]),
    Denial(Probe("setsockopt", -1, 0, 64, 0, 0, note: "netfilter"), EPERM, orOutside: [EBADF]),
    Denial(
      Probe("prctl", 53, 0, 2, 0, 0, note: "mitigation off"), EPERM,
      orOutside: [EPERM, EINVAL, ENODEV, ENXIO, ERANGE]),
    Denial(
      Probe("mknodat", -1, 0, 0x6000, 0, note: "block device"), EPERM,
      orOutside: [EFAULT, EPERM]),
    Denial(
      Probe("mknodat", -1, 0, upper | 0x2000, 0, note: "character device"), EPERM,
      orOutside: [EFAULT, EPERM]),
    Denial(Probe("seccomp", 1, 8, 0, note: "listener"), EPERM, orOutside: [EFAULT]),
  ]

  @Test(arguments: denials)
  func isDenied(_ denial: Denial) throws {
    let outside = try denial.probe.run(under: nil)
    if denial.outside.isEmpty {
      #expect(outside == .succeeded)
    } else if case .failed(let errno) = outside {
      #expect(denial.outside.contains(errno.code), "\(errno)")
    }
    #expect(try denial.probe.run(under: .server) == .failed(Errno(denial.errno)))
  }

  static let permitted: [Probe] = [
    Probe("getpid"),
    Probe("clone", 17, note: "fork"),
    Probe("socket", 1, 1, 0, note: "local"),
    Probe("socket", 1, 0x80801, 0, note: "local, flags"),
    Probe("socket", 2, 1, 0, note: "TCP"),
    Probe("socket", 2, 1, 6, note: "TCP by name"),
    Probe("socket", 10, 2, 17, note: "UDP 6"),
    Probe("socket", upper | 2, upper | 1, upper | 6, note: "upper bits that the kernel ignores"),
    Probe("socket", 16, 3, 0, note: "route"),
    Probe("prctl", 38, 1, 0, 0, 0, note: "no new privileges"),
    Probe("prctl", 47, 1, 0, 0, 0, note: "ambient is set"),
    Probe("personality", 0xFFFF_FFFF, note: "question"),
    Probe("setsockopt", -1, 1, 9, 0, 0, note: "keep alive"),
    Probe("seccomp", 2, 0, 0, note: "question"),
    Probe("memfd_create", 0),
  ]

  @Test(arguments: permitted)
  func isPermitted(_ probe: Probe) throws {
    let outside = try probe.run(under: nil)
    #expect(try probe.run(under: .server) == outside)
  }

  #if arch(x86_64)
    @Test(arguments: [Int32(1), 2])
    func foreignABIIsFatal(_ which: Int32) {
      let outside = outcome(of: probe_foreign_abi(nil, 0, which))
      if which == 1 { #expect(outside == .succeeded) }  // a kernel may lack x32, as most do
      let words = FilterProgram.server.words
      #expect(
        unsafe outcome(of: probe_foreign_abi(words, words.count, which)) == .signal(SIGSYS))
    }
  #endif

  static let programs: [[String]] = [
    ["/bin/sh", "-c", "ls -la / | cat > /dev/null && mkdir -p /tmp && [ -d /usr ]"],
    [
      "/usr/bin/python3", "-c",
      """
      import socket, subprocess, threading, tempfile, os, json, ssl, asyncio, shutil
      t = threading.Thread(target=lambda: None); t.start(); t.join()
      subprocess.run(["/bin/true"], check=True)
      a, b = socket.socketpair(); a.send(b"x"); assert b.recv(1) == b"x"
      async def main():
          p = await asyncio.create_subprocess_exec("/bin/true"); assert await p.wait() == 0
      asyncio.run(main())
      with tempfile.TemporaryDirectory() as d:
          open(os.path.join(d, "a"), "w").write("x")
          shutil.copyfile(os.path.join(d, "a"), os.path.join(d, "b"))
          os.mkfifo(os.path.join(d, "f"))
      """,
    ],
  ]

  @Test(arguments: programs)
  func runtimesRun(_ command: [String]) throws {
    try run(command)
  }

  @Test(.enabled(if: Files.exists("/usr/bin/node"), "Node.js is not installed"))
  func nodeRuns() throws {
    try run([
      "/usr/bin/node", "-e",
      """
      const os = require('os'), fs = require('fs'), cp = require('child_process');
      os.userInfo(); os.networkInterfaces(); fs.readdirSync('/');
      cp.execFileSync('/bin/true');
      new (require('worker_threads').Worker)('1', {eval: true}).on('exit', c => process.exit(c));
      """,
    ])
  }

  private func run(_ command: [String]) throws {
    let words = FilterProgram.server.words
    var copies = unsafe command.map { unsafe UnsafePointer(strdup($0)) }
    unsafe copies.append(nil)
    let result = unsafe probe_program(words, words.count, command[0], copies)
    #expect(result.reached == 1)
    #expect(result.signal == 0)
    #expect(result.status == 0)
  }
}
