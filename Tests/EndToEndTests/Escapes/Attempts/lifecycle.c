// A server that wants to outlive its launcher: a daemon in a session of its own, a sibling in place of
// a child, and a process that no signal but one ends. `how` is "stay" or "leave".
#include "attempts.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void sleep_for_ever(void) {
  for (int number = 1; number < SIGRTMIN; number++) signal(number, SIG_IGN);
  closefrom(0);
  while (true) pause();
}

int outlive(const char *how) {
  if (fork() == 0) {
    setsid();
    if (fork() == 0) sleep_for_ever();
    _exit(0);
  }
  if (syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0) == 0) sleep_for_ever();
  if (fork() == 0) sleep_for_ever();
  usleep(100000);
  dprintf(2, "outliving\n");
  if (!strcmp(how, "leave")) return 0;
  // Until the end of the input, and beyond it.
  char block[64];
  while (read(0, block, sizeof block) > 0) continue;
  while (true) pause();
}
