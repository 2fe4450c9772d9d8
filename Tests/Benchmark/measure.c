// Plays the client and measures, in nanoseconds, one number on each line of standard output.
//
//   measure launch -- COMMAND…                    from spawn to the first answer
//   measure calls COUNT CHARACTERS -- COMMAND…    each call after the handshake, of which the first
//                                                 tenth is not reported
//   measure lists COUNT -- COMMAND…               so many lists of tools after the handshake
#define _GNU_SOURCE
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static int to_server, from_server;
static char *buffer;
static const size_t capacity = 1 << 20;

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void fail(const char *words) {
  perror(words);
  exit(1);
}

static void send_line(const char *text) {
  size_t length = strlen(text);
  if (write(to_server, text, length) != (ssize_t)length) fail("write");
}

// Reads to the end of a line; the client sends nothing before it has the answer to what it sent.
static void receive_line(void) {
  for (;;) {
    ssize_t count = read(from_server, buffer, capacity);
    if (count <= 0) fail("the server has ended");
    if (buffer[count - 1] == '\n') return;
  }
}

static pid_t start(char **argv) {
  int in[2], out[2];
  if (pipe2(in, 02000000) || pipe2(out, 02000000)) fail("pipe2");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  pid_t child;
  if (posix_spawnp(&child, argv[0], &actions, NULL, argv, environ)) fail(argv[0]);
  close(in[0]);
  close(out[1]);
  to_server = in[1];
  from_server = out[0];
  return child;
}

static const char *hello =
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
    "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"bench\",\"version\":\"1\"}}}\n";

int main(int argc, char **argv) {
  signal(SIGPIPE, SIG_IGN);
  if (!(buffer = malloc(capacity))) return 1;
  int calls = argc > 2 && !strcmp(argv[1], "calls");
  int count = calls ? atoi(argv[2]) : 0;
  int lists = argc > 2 && !strcmp(argv[1], "lists");
  if (lists) count = atoi(argv[2]);
  int words = calls ? 5 : lists ? 4 : 3;
  char **command = argv + words;
  if (argc <= words) return 64;

  long long begin = now();
  pid_t child = start(command);
  send_line(hello);
  receive_line();
  if (!calls && !lists) printf("%lld\n", now() - begin);
  if (calls || lists)
    send_line("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n");
  for (int index = 0; lists && index < count; index++) {
    char request[128];
    snprintf(request, sizeof request, "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/list\"}\n",
             index + 2);
    // As a host that asks now and then does: what the last list left to do is done.
    usleep(20000);
    begin = now();
    send_line(request);
    receive_line();
    printf("%lld\n", now() - begin);
  }
  if (calls) {
    send_line("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}\n");
    receive_line();
    char call[512];
    for (int index = 0; index < count; index++) {
      snprintf(call, sizeof call,
               "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":"
               "\"act\",\"arguments\":{\"characters\":%s}}}\n", index + 3, argv[3]);
      begin = now();
      send_line(call);
      receive_line();
      if (index >= count / 10) printf("%lld\n", now() - begin);
    }
  }
  close(to_server);
  waitpid(child, NULL, 0);
  return 0;
}
