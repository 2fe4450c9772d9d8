#include "CLinux.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <unistd.h>

int clinux_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int clinux_epoll_set(int epoll, int operation, int descriptor, uint32_t interest, uint64_t token) {
  struct epoll_event event = {.data.u64 = token};
  if (interest & CLINUX_READABLE) event.events |= EPOLLIN;
  if (interest & CLINUX_WRITABLE) event.events |= EPOLLOUT;
  if (interest & CLINUX_CHANGES) event.events |= EPOLLET | EPOLLRDHUP;
  return epoll_ctl(epoll, operation, descriptor, &event);
}

int clinux_epoll_wait(int epoll, struct clinux_event *events, int capacity, int timeout_ms) {
  struct epoll_event ready[32];
  if (capacity > 32) capacity = 32;
  int count = epoll_wait(epoll, ready, capacity, timeout_ms);
  for (int i = 0; i < count; i++) {
    uint32_t flags = 0;
    if (ready[i].events & EPOLLIN) flags |= CLINUX_READABLE;
    if (ready[i].events & EPOLLOUT) flags |= CLINUX_WRITABLE;
    if (ready[i].events & (EPOLLHUP | EPOLLERR)) flags |= CLINUX_HANGUP;
    if (ready[i].events & EPOLLRDHUP) flags |= CLINUX_LAST;
    events[i].token = ready[i].data.u64;
    events[i].flags = flags;
  }
  return count;
}

static void set_of(sigset_t *set, const int *signals, size_t count) {
  sigemptyset(set);
  for (size_t i = 0; i < count; i++) sigaddset(set, signals[i]);
}

int clinux_signal_descriptor(const int *signals, size_t count) {
  sigset_t set;
  set_of(&set, signals, count);
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int clinux_block_signals(const int *signals, size_t count) {
  sigset_t set;
  set_of(&set, signals, count);
  return sigprocmask(SIG_BLOCK, &set, 0);
}

int clinux_read_signal(int descriptor) {
  struct signalfd_siginfo info;
  ssize_t count = read(descriptor, &info, sizeof info);
  return count == (ssize_t)sizeof info ? (int)info.ssi_signo : -1;
}

int clinux_inotify_create(void) { return inotify_init1(IN_CLOEXEC | IN_NONBLOCK); }

int clinux_inotify_watch(int descriptor, const char *path) {
  return inotify_add_watch(
      descriptor, path, IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE | IN_DELETE);
}
