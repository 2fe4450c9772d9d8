// The terminal that the launcher was started from is where the user types next.
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

static long type(void) { return ioctl(0, TIOCSTI, "x"); }
static long type_upper(void) { return syscall(SYS_ioctl, 0, 1UL << 32 | TIOCSTI, "x"); }
static long paste(void) { return ioctl(0, TIOCLINUX, "\x03"); }
static long paste_upper(void) { return syscall(SYS_ioctl, 0, 1UL << 32 | TIOCLINUX, "\x03"); }
static long discipline(void) { return ioctl(0, TIOCSETD, &(int){0}); }
static long settings(void) {
  struct termios now;
  return ioctl(0, TCGETS, &now);
}
static long controlling(void) { return opens("/dev/tty", O_RDWR); }
static long by_name(void) { return opens(given("terminal"), O_RDWR); }
static long console(void) { return opens("/dev/console", O_WRONLY); }
static long new_terminal(void) { return opens("/dev/ptmx", O_RDWR); }
static long new_terminal_mount(void) { return opens("/dev/pts/ptmx", O_RDWR); }

static const struct attempt attempts[] = {
    {"type", "CVE-2017-5226", "ioctl(TIOCSTI)", "EPERM", type, .lacking = "EIO"},
    {"type-upper-bits", "CVE-2019-10063, CVE-2019-7303", "ioctl(TIOCSTI | 1<<32)", "EPERM",
     type_upper, .lacking = "EIO"},
    {"paste", "CVE-2023-28100", "ioctl(TIOCLINUX)", "EPERM", paste, .lacking = "ENOTTY"},
    {"paste-upper-bits", "CVE-2023-28100", "ioctl(TIOCLINUX | 1<<32)", "EPERM", paste_upper,
     .lacking = "ENOTTY"},
    {"line-discipline", "CVE-2017-2636", "ioctl(TIOCSETD)", "EPERM", discipline},
    {"terminal-kept", "keys read", "ioctl(TCGETS) on standard input", "ENOTTY", settings},
    {"controlling-terminal", "keys read", "open /dev/tty", "ENOENT", controlling},
    {"terminal-by-name", "keys read", "open the host's terminal", "ENOENT", by_name},
    {"console", "CVE-2025-52565", "open /dev/console", "ENOENT", console, .rights = ROOT,
     .lacking = "ENOENT ENODEV EIO ENXIO"},
    {"new-terminal", "CVE-2025-52565", "open /dev/ptmx", "ENOENT", new_terminal,
     .lacking = "ENOENT"},
    {"new-terminal-mount", "CVE-2025-52565", "open /dev/pts/ptmx", "ENOENT", new_terminal_mount,
     .lacking = "EACCES ENOENT", .rights = ROOT},
};
FAMILY(terminal, "Terminal");
