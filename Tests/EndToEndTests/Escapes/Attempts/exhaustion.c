// A server that takes without end, up to a bound that does no harm where nothing stops it. It writes
// how far it got and what stopped it: "exhausted WHAT COUNT ERRNO".
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PROCESSES = 600, MEBIBYTES = 600, FILES = 100000 };

static long fork_without_end(void) {
  for (long i = 0; i < PROCESSES; i++)
    if (waiting_child() < 0) return i;
  return PROCESSES;
}

static void *wait_here(void *none) {
  pause();
  return none;
}
static long start_threads(void) {
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 65536);
  for (long i = 0; i < PROCESSES; i++) {
    pthread_t thread;
    if ((errno = pthread_create(&thread, &small, wait_here, NULL))) return i;
  }
  return PROCESSES;
}

static long fill(const char *directory) {
  static char block[1 << 20];
  memset(block, 'x', sizeof block);
  char path[300];
  snprintf(path, sizeof path, "%s/fill", directory);
  int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return 0;
  unlink(path);
  for (long i = 0; i < MEBIBYTES; i++)
    if (write(descriptor, block, sizeof block) != (ssize_t)sizeof block) return i;
  return MEBIBYTES;
}

static long make_files(const char *directory) {
  char path[300];
  long made = 0;
  int error = 0;
  snprintf(path, sizeof path, "%s/many", directory);
  if (mkdir(path, 0700) || chdir(path)) return 0;
  for (; made < FILES && !error; made++) {
    snprintf(path, sizeof path, "%ld", made);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    error = descriptor < 0 ? errno : 0;
    close(descriptor);
  }
  for (long i = 0; i < made; i++) {
    snprintf(path, sizeof path, "%ld", i);
    unlink(path);
  }
  errno = error;
  return made;
}

static long take_memory(void) {
  for (long i = 0; i < MEBIBYTES; i++) {
    char *block = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) return i;
    memset(block, 'x', 1 << 20);
    if (i % 16 == 15) dprintf(2, "taken %ld\n", i + 1);
  }
  return MEBIBYTES;
}

int exhaust(const char *what) {
  const char *home = getenv("HOME") ? getenv("HOME") : "/tmp";
  errno = 0;
  long count = -1;
  if (!strcmp(what, "processes")) count = fork_without_end();
  if (!strcmp(what, "threads")) count = start_threads();
  if (!strcmp(what, "temporary")) count = fill("/tmp");
  if (!strcmp(what, "shared")) count = fill("/dev/shm");
  if (!strcmp(what, "home")) count = fill(home);
  if (!strcmp(what, "files")) count = make_files("/tmp");
  if (!strcmp(what, "memory")) count = take_memory();
  if (count < 0) return 64;
  const char *name = errno ? strerrorname_np(errno) : "nothing";
  dprintf(2, "exhausted %s %ld %s\n", what, count, name);
  // The children end with this process; so do the threads.
  return 0;
}
