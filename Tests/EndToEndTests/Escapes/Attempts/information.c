// What tells one machine, or its other users, from another.
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#define OPENS(function, path) \
  static long function(void) { return opens(path, O_RDONLY); }
OPENS(boot, "/proc/sys/kernel/random/boot_id")
OPENS(machine, "/etc/machine-id")
OPENS(command_line, "/proc/cmdline")
OPENS(keys, "/proc/keys")
OPENS(locks, "/proc/locks")
OPENS(modules, "/proc/modules")
OPENS(symbols, "/proc/kallsyms")
OPENS(interrupts, "/proc/interrupts")
OPENS(timers, "/proc/timer_list")
OPENS(pressure, "/proc/pressure/cpu")
OPENS(hardware, "/sys/class/dmi/id/product_uuid")

static long facts(void) {
  static const char *const names[] = {"version", "cpuinfo", "meminfo", "uptime",    "loadavg",
                                      "stat",    "vmstat",  "swaps",   "diskstats", "partitions",
                                      "crypto",  "devices", "iomem",   "zoneinfo",  "softirqs"};
  struct tally tally = {.usual = ENOENT};
  for (int i = 0; i < (int)(sizeof names / sizeof *names); i++) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s", names[i]);
    count(&tally, opens(path, O_RDONLY), i);
  }
  return outcome(&tally);
}
static long host_name(void) {
  struct utsname names;
  if (uname(&names)) return -1;
  note("%s", names.nodename);
  return strcmp(names.nodename, given("hostname")) ? NOTHING : 0;
}
static long cgroup_path(void) {
  FILE *file = fopen("/proc/self/cgroup", "re");
  if (!file) return -1;
  char line[512];
  while (fgets(line, sizeof line, file)) {
    const char *path = strrchr(line, ':');
    if (path && strcmp(path, ":/\n")) return note("%s", path + 1), 0;
  }
  return NOTHING;
}

static const struct attempt attempts[] = {
    {"boot-number", "fingerprints", "open boot_id", "ENOENT", boot},
    {"machine-number", "fingerprints", "open /etc/machine-id", "ENOENT", machine,
     .lacking = "ENOENT"},
    {"hardware-number", "fingerprints", "open the DMI UUID", "ENOENT", hardware,
     .lacking = "ENOENT", .rights = ROOT},
    {"host-name-told", "fingerprints", "uname's node name", "nothing", host_name},
    {"command-line", "the kernel's parameters", "open /proc/cmdline", "ENOENT", command_line},
    {"keys-told", "keys of other users", "open /proc/keys", "ENOENT", keys, .lacking = "ENOENT"},
    {"locks-told", "other users' locks", "open /proc/locks", "ENOENT", locks,
     .lacking = "ENOENT"},
    {"modules-told", "kernel surface", "open /proc/modules", "ENOENT", modules,
     .lacking = "ENOENT"},
    {"symbols-told", "addresses told", "open /proc/kallsyms", "ENOENT", symbols,
     .lacking = "ENOENT"},
    {"interrupts-told", "side channels", "open /proc/interrupts", "ENOENT", interrupts},
    {"timers-told", "side channels", "open /proc/timer_list", "ENOENT", timers,
     .lacking = "ENOENT", .rights = ROOT},
    {"pressure-told", "side channels", "open /proc/pressure/cpu", "ENOENT", pressure,
     .lacking = "ENOENT EOPNOTSUPP"},
    {"machine-told", "fingerprints", "open 15 files of /proc", "ENOENT", facts},
    {"cgroup-told", "the host's cgroups", "a path in /proc/self/cgroup", "nothing", cgroup_path,
     .lacking = "nothing"},
};
FAMILY(information, "What is told of the machine");
