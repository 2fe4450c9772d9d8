#include "CLinux.h"

#include <errno.h>
#include <string.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

const int clinux_rlimit_as = RLIMIT_AS;

int clinux_contains(const void *bytes, size_t count, const void *word, size_t length) {
  return memmem(bytes, count, word, length) != 0;
}

// Returns 1 where the process has capabilities left in any of its own three sets, else 0.
int clinux_has_capabilities(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
  if (syscall(SYS_capget, &header, data) != 0) return -1;
  for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
    if (data[i].effective | data[i].permitted | data[i].inheritable) return 1;
  }
  return 0;
}

// The bounding set can be lowered only by who has CAP_SETPCAP; without it nothing is there to lose,
// because no_new_privs and the filter rule every later exec out.
int clinux_drop_capabilities(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
  if (syscall(SYS_capget, &header, data) != 0) return -1;
  if (data[CAP_TO_INDEX(CAP_SETPCAP)].effective & CAP_TO_MASK(CAP_SETPCAP)) {
    for (int number = 0; number < 64; number++) {
      int present = prctl(PR_CAPBSET_READ, number, 0, 0, 0);
      if (present < 0) break;  // EINVAL: beyond the last one that this kernel knows
      if (present == 1 && prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0) return -1;
    }
  }
  // EINVAL: a kernel without ambient capabilities has none to clear.
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL) return -1;
  header = (struct __user_cap_header_struct){.version = _LINUX_CAPABILITY_VERSION_3};
  data[0] = data[1] = (struct __user_cap_data_struct){0};
  return (int)syscall(SYS_capset, &header, data);
}

int clinux_landlock_version(void) {
  return (int)syscall(SYS_landlock_create_ruleset, (void *)0, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

// Takes away every access to files by path that this kernel's Landlock knows of.
// Returns 0 when done, 1 where the kernel has no Landlock, -1 for an error. Needs no_new_privs.
int clinux_landlock_nothing(void) {
  int version = clinux_landlock_version();
  if (version < 0) return errno == ENOSYS || errno == EOPNOTSUPP ? 1 : -1;
  // The rights of the first version, which every later one knows too.
  struct landlock_ruleset_attr rules = {.handled_access_fs = (1ull << 13) - 1};
  int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules.handled_access_fs, 0);
  if (ruleset < 0) return -1;
  int result = (int)syscall(SYS_landlock_restrict_self, ruleset, 0);
  int saved = errno;
  close(ruleset);
  errno = saved;
  return result;
}
