#include "CLinux.h"

#include <errno.h>
#include <linux/prctl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// Younger than the headers of Debian 12.
#ifndef PR_SET_MEMORY_MERGE
#define PR_SET_MEMORY_MERGE 67
#define PR_GET_MEMORY_MERGE 68
#endif

const int clinux_timer_slack_set = PR_SET_TIMERSLACK, clinux_timer_slack_get = PR_GET_TIMERSLACK,
          clinux_huge_pages_disable = PR_SET_THP_DISABLE,
          clinux_huge_pages_disabled = PR_GET_THP_DISABLE,
          clinux_memory_merge_set = PR_SET_MEMORY_MERGE,
          clinux_memory_merge_get = PR_GET_MEMORY_MERGE;

// prctl is variadic. The calls made through this take one number and want zeros behind it.
int clinux_prctl(int option, unsigned long argument) {
  return prctl(option, argument, 0ul, 0ul, 0ul);
}

int clinux_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }

// The kernel's structure: the C library keeps two signals to itself and refuses to touch them.
struct kernel_action {
  void (*handler)(int);
  unsigned long flags;
  void (*restorer)(void);
  uint64_t mask;
};

int clinux_reset_signals(void) {
  struct kernel_action plain;
  memset(&plain, 0, sizeof plain);
  for (int number = 1; number <= 64; number++) {
    if (number == SIGKILL || number == SIGSTOP) continue;
    if (syscall(SYS_rt_sigaction, number, &plain, (void *)0, sizeof plain.mask) != 0) return -1;
  }
  uint64_t none = 0;
  return (int)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, (void *)0, sizeof none);
}

int clinux_personality(unsigned long value) { return (int)syscall(SYS_personality, value); }

int clinux_scheduler(void) { return sched_getscheduler(0); }

int clinux_schedule_normally(void) {
  struct sched_param parameters = {.sched_priority = 0};
  return sched_setscheduler(0, SCHED_OTHER, &parameters);
}

int clinux_niceness(int *niceness) {
  // The kernel's own answer is 20 - niceness, so that -1 is an error and nothing else.
  long answer = syscall(SYS_getpriority, PRIO_PROCESS, 0);
  if (answer < 0) return -1;
  *niceness = 20 - (int)answer;
  return 0;
}

int clinux_set_niceness(int niceness) { return setpriority(PRIO_PROCESS, 0, niceness); }

// 1 is IOPRIO_WHO_PROCESS; the class stands above bit 13. Neither is in the C library's headers.
int clinux_io_priority(void) { return (int)syscall(SYS_ioprio_get, 1, 0); }
int clinux_set_io_priority(int value) { return (int)syscall(SYS_ioprio_set, 1, 0, value); }

// 0 is MPOL_DEFAULT.
int clinux_reset_memory_policy(void) {
  return (int)syscall(SYS_set_mempolicy, 0, (void *)0, 0ul);
}
int clinux_memory_policy(void) {
  int mode = 0;
  return syscall(SYS_get_mempolicy, &mode, (void *)0, 0ul, 0ul, 0ul) == 0 ? mode : -1;
}
