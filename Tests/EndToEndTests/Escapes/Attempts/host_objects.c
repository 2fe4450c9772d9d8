// Things of the host's: files, services, devices, and the kernel's own files. Services are stand-ins
// that the test started; nothing is written to any device or file of the kernel's.
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static long secret(void) { return opens(given("secret"), O_RDONLY); }
static long home(void) { return opens(given("home"), O_RDONLY | O_DIRECTORY); }
static long shadow(void) { return opens("/etc/shadow", O_RDONLY); }
static long root_home(void) { return opens("/root/.", O_RDONLY | O_DIRECTORY); }
static long logs(void) { return opens("/var/log", O_RDONLY | O_DIRECTORY); }
static long libraries(void) { return opens("/var/lib/dpkg", O_RDONLY | O_DIRECTORY); }
static long users(void) {
  FILE *file = fopen("/etc/passwd", "re");
  if (!file) return -1;
  int lines = 0;
  for (int c; (c = getc(file)) != EOF;) lines += c == '\n';
  note("%d users", lines);
  return lines > 4 ? 0 : NOTHING;
}

static long talks_to(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return connect(descriptor, (struct sockaddr *)&address, sizeof address);
}
static long docker(void) { return talks_to("/run/docker.sock"); }
static long docker_var(void) { return talks_to("/var/run/docker.sock"); }
static long system_bus(void) { return talks_to("/run/dbus/system_bus_socket"); }
static long agent(void) { return talks_to(given("agent")); }
static long session_bus(void) {
  char path[108];
  snprintf(path, sizeof path, "/run/user/%ld/bus", given_number("uid"));
  return talks_to(path);
}

#define OPENS(function, path, flags) \
  static long function(void) { return opens(path, flags); }
OPENS(memory, "/dev/mem", O_RDONLY)
OPENS(messages, "/dev/kmsg", O_RDONLY)
OPENS(user_files, "/dev/fuse", O_RDONLY)
OPENS(machines, "/dev/kvm", O_RDONLY)
OPENS(vsock_device, "/dev/vsock", O_RDONLY)
OPENS(tunnel, "/dev/net/tun", O_RDONLY)
OPENS(input, "/dev/uinput", O_RDONLY)
OPENS(loop, "/dev/loop-control", O_RDONLY)
OPENS(mapper, "/dev/mapper/control", O_RDONLY)
OPENS(core_pattern, "/proc/sys/kernel/core_pattern", O_WRONLY)
OPENS(modprobe, "/proc/sys/kernel/modprobe", O_WRONLY)
OPENS(overcommit, "/proc/sys/vm/overcommit_memory", O_WRONLY)
OPENS(magic_keys, "/proc/sysrq-trigger", O_WRONLY)
OPENS(formats, "/proc/sys/fs/binfmt_misc/register", O_WRONLY)
OPENS(core, "/proc/kcore", O_RDONLY)
OPENS(memory_interfaces, "/proc/irq/default_smp_affinity", O_WRONLY)
OPENS(event_helper, "/sys/kernel/uevent_helper", O_WRONLY)
OPENS(release_agent, "/sys/fs/cgroup/pids/release_agent", O_WRONLY)
OPENS(cgroups, "/sys/fs/cgroup/.", O_RDONLY | O_DIRECTORY)
OPENS(debug, "/sys/kernel/debug/.", O_RDONLY | O_DIRECTORY)
OPENS(firmware, "/sys/firmware/.", O_RDONLY | O_DIRECTORY)
static long disk(void) { return opens(given("disk"), O_RDONLY); }

#define DEVICE .rights = ROOT, .lacking = "ENOENT ENXIO ENODEV EPERM EBUSY"

static const struct attempt attempts[] = {
    {"secret", "~/.ssh and the like", "open a key of the caller's", "ENOENT", secret},
    {"home", "the caller's home", "open it", "ENOENT", home},
    {"shadow", "the host's files", "open /etc/shadow", "ENOENT", shadow, .rights = ROOT},
    {"root-home", "the host's files", "open /root", "ENOENT", root_home, .rights = ROOT},
    {"logs", "the host's files", "open /var/log", "ENOENT", logs},
    {"state", "the host's files", "open /var/lib/dpkg", "ENOENT", libraries,
     .lacking = "ENOENT"},
    {"users", "the host's users", "the list of users", "nothing", users},
    {"docker", "docker.sock", "connect to /run/docker.sock", "ENOENT", docker},
    {"docker-var", "docker.sock", "connect to /var/run/docker.sock", "ENOENT", docker_var,
     .lacking = "ENOENT"},
    {"system-bus", "D-Bus", "connect to the system's bus", "ENOENT", system_bus},
    {"session-bus", "D-Bus", "connect to the user's bus", "ENOENT", session_bus},
    {"agent", "ssh-agent", "connect to SSH_AUTH_SOCK", "ENOENT", agent},
    {"disk", "the host's disk", "open a block device", "ENOENT", disk, DEVICE},
    {"memory-device", "the host's memory", "open /dev/mem", "ENOENT", memory, DEVICE},
    {"messages-device", "the kernel's log", "open /dev/kmsg", "ENOENT", messages, DEVICE},
    {"fuse-device", "file systems", "open /dev/fuse", "ENOENT", user_files, DEVICE},
    {"kvm-device", "virtual machines", "open /dev/kvm", "ENOENT", machines, DEVICE},
    {"vsock-device", "the hypervisor", "open /dev/vsock", "ENOENT", vsock_device, DEVICE},
    {"tunnel-device", "interfaces", "open /dev/net/tun", "ENOENT", tunnel, DEVICE},
    {"input-device", "keys forged", "open /dev/uinput", "ENOENT", input, DEVICE},
    {"loop-device", "block devices", "open /dev/loop-control", "ENOENT", loop, DEVICE},
    {"mapper-device", "block devices", "open /dev/mapper/control", "ENOENT", mapper, DEVICE},
    {"core-pattern", "CVE-2022-0492 helpers", "open core_pattern to write", "ENOENT",
     core_pattern, DEVICE},
    {"modprobe-path", "programs that the kernel runs", "open modprobe to write", "ENOENT",
     modprobe, DEVICE},
    {"overcommit", "the machine", "open overcommit_memory to write", "ENOENT", overcommit,
     DEVICE},
    {"magic-keys", "the machine", "open sysrq-trigger to write", "ENOENT", magic_keys, DEVICE},
    {"formats", "programs that the kernel runs", "open binfmt_misc to write", "ENOENT", formats,
     DEVICE},
    {"kernel-memory", "the host's memory", "open /proc/kcore", "ENOENT", core, DEVICE},
    {"interrupt-affinity", "the machine", "open an IRQ's affinity to write", "ENOENT",
     memory_interfaces, DEVICE},
    {"event-helper", "programs that the kernel runs", "open uevent_helper to write", "ENOENT",
     event_helper, DEVICE},
    {"release-agent", "CVE-2022-0492", "open release_agent to write", "ENOENT", release_agent,
     DEVICE},
    {"cgroups", "CVE-2022-0492", "open /sys/fs/cgroup", "ENOENT", cgroups, .lacking = "ENOENT"},
    {"debug", "the kernel's insides", "open /sys/kernel/debug", "ENOENT", debug, DEVICE},
    {"firmware", "the machine", "open /sys/firmware", "ENOENT", firmware, .lacking = "ENOENT"},
};
FAMILY(host_objects, "The host's objects");
