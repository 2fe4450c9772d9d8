// Shared memory, queues and semaphores of the host's.
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

static key_t key(void) { return (key_t)given_number("key"); }

static long shared(void) { return shmget(key(), 0, 0); }
static long semaphores(void) { return semget(key(), 0, 0); }
static long messages(void) { return msgget(key(), 0); }
static long shared_by_number(void) {
  struct shmid_ds status;
  return shmctl((int)given_number("segment"), IPC_STAT, &status);
}
static long attach_by_number(void) {
  return shmat((int)given_number("segment"), NULL, SHM_RDONLY) == (void *)-1 ? -1 : 0;
}
static long segments(void) {
  struct shm_info info;
  if (shmctl(0, SHM_INFO, (struct shmid_ds *)&info) < 0) return -1;
  note("%d segments", info.used_ids);
  return info.used_ids ? 0 : NOTHING;
}
static long table(void) { return opens("/proc/sysvipc/shm", O_RDONLY); }
static long queue(void) { return mq_open(given("queue"), O_RDONLY); }
static long posix_shared(void) { return shm_open(given("queue"), O_RDONLY, 0); }
static long queue_file(void) {
  char path[300];
  snprintf(path, sizeof path, "/dev/mqueue%s", given("queue"));
  return opens(path, O_RDONLY);
}

static const struct attempt attempts[] = {
    {"shared-memory", "System V IPC", "shmget(the host's key)", "ENOENT", shared},
    {"semaphores", "System V IPC", "semget(the host's key)", "ENOENT", semaphores},
    {"messages", "System V IPC", "msgget(the host's key)", "ENOENT", messages},
    {"shared-by-number", "System V IPC", "shmctl(the host's number)", "EINVAL",
     shared_by_number},
    {"attach-by-number", "System V IPC", "shmat(the host's number)", "EINVAL", attach_by_number},
    {"segments", "System V IPC", "segments that exist", "nothing", segments},
    {"ipc-table", "System V IPC", "open /proc/sysvipc/shm", "ENOENT", table},
    {"queue", "POSIX IPC", "mq_open(the host's queue)", "ENOENT", queue},
    {"queue-file", "POSIX IPC", "open /dev/mqueue/…", "ENOENT", queue_file,
     .lacking = "ENOENT"},
    {"posix-shared-memory", "POSIX IPC", "shm_open(the host's name)", "ENOENT", posix_shared},
};
FAMILY(ipc, "IPC");
