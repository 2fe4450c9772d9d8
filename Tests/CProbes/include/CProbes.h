// Probes: a child that asks the kernel for one thing and tells what it got.
//
// The test process has threads, so between fork and _exit a child makes raw system calls only.
#ifndef CPROBES_H
#define CPROBES_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

struct probe_result {
  int reached;   // the child came as far as the probe (the filter was installed)
  int64_t value; // what the call returned
  int error;     // its errno, where value is -1
  int signal;    // the signal that ended the child, or 0
  int status;    // its exit status
};

// One system call, in a child, under a filter; count 0 means no filter.
struct probe_result probe_call(
    const uint64_t *_Nullable words, size_t count, long number, const int64_t arguments[_Nonnull 6]);

// A program, under a filter; its output goes to /dev/null.
struct probe_result probe_program(
    const uint64_t *_Nullable words, size_t count, const char *path,
    const char *_Nullable const *_Nonnull arguments);

// getpid by the foreign ABIs of x86-64: 1 for int 0x80, 2 for x32. reached is 0 elsewhere.
struct probe_result probe_foreign_abi(const uint64_t *_Nullable words, size_t count, int which);

// A child that installs the filter with a listener, sends that over the socket and makes the call `times`
// times. The child runs on: its answers are somebody else's business until probe_end.
struct probe_child {
  struct probe_result *_Nullable shared;
  int pid;
};
struct probe_child probe_begin_listening(
    const uint64_t *words, size_t count, long number, const int64_t arguments[_Nonnull 6], long times,
    int socket);
struct probe_result probe_end(struct probe_child child);

#pragma clang assume_nonnull end
#endif
