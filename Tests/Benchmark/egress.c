// Traffic for the egress part: a server that eight processes serve, and clients that time themselves.
//
//   egress serve                            prints its port, serves until its standard input ends
//   egress bytes HOST PORT COUNT            one connection that receives COUNT bytes
//   egress connections HOST PORT COUNT AT   COUNT connections, AT at the same time, each with a
//                                           question and an answer of 64 bytes
//   egress concurrent HOST PORT COUNT       COUNT connections open at once, each asked twice
//
// Clients say on standard error how many nanoseconds it took.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <sys/epoll.h>

enum { SERVERS = 8, WORD = 64, PORTION = 1 << 17 };
static char portion[PORTION];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static int whole(int socket, void *bytes, size_t count) {
  while (count > 0) {
    ssize_t got = recv(socket, bytes, count, 0);
    if (got <= 0) return 0;
    bytes = (char *)bytes + got;
    count -= got;
  }
  return 1;
}

// A question's first eight bytes: how many bytes the answer has, 0 for one as long as the question.
static int answer(int client) {
  char word[WORD];
  ssize_t got = recv(client, word, WORD, MSG_WAITALL);
  if (got != WORD) return 0;
  uint64_t count;
  memcpy(&count, word, sizeof count);
  if (count == 0) return send(client, word, WORD, MSG_NOSIGNAL) == WORD;
  while (count > 0) {
    ssize_t sent = send(client, portion, count < PORTION ? count : PORTION, MSG_NOSIGNAL);
    if (sent <= 0) return 0;
    count -= sent;
  }
  return 1;
}

static void serve_all(int listener) {
  int epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.fd = listener};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) < 0) fail("epoll");
  for (;;) {
    struct epoll_event ready[64];
    int count = epoll_wait(epoll, ready, 64, -1);
    for (int i = 0; i < count; i++) {
      int socket = ready[i].data.fd;
      if (socket == listener) {
        socket = accept4(listener, 0, 0, 0);
        if (socket < 0) continue;
        event = (struct epoll_event){.events = EPOLLIN, .data.fd = socket};
        epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
      } else if (!answer(socket)) {
        close(socket);
      }
    }
  }
}

static int serve(void) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof name;
  if (bind(listener, (struct sockaddr *)&name, length) < 0) fail("bind");
  if (listen(listener, 4096) < 0) fail("listen");
  getsockname(listener, (struct sockaddr *)&name, &length);
  for (int i = 0; i < SERVERS; i++) {
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid < 0) fail("fork");
    if (pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (getppid() != parent) _exit(0);
      serve_all(listener);
    }
  }
  printf("%d\n", ntohs(name.sin_port));
  fflush(stdout);
  while (read(0, portion, PORTION) > 0) {
  }
  return 0;
}

static int dial(char **arguments) {
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[1]))};
  if (inet_pton(AF_INET, arguments[0], &name.sin_addr) != 1) fail(arguments[0]);
  int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(client, (struct sockaddr *)&name, sizeof name) < 0) fail("connect");
  return client;
}

static void ask(int client, uint64_t count) {
  char word[WORD] = {0};
  memcpy(word, &count, sizeof count);
  if (send(client, word, WORD, MSG_NOSIGNAL) != WORD) fail("send");
}

static void bytes(char **arguments) {
  int client = dial(arguments);
  uint64_t count = strtoull(arguments[2], 0, 10);
  ask(client, count);
  while (count > 0) {
    ssize_t got = recv(client, portion, PORTION, 0);
    if (got <= 0) fail("receive");
    count -= got;
  }
}

static void connections(char **arguments) {
  int count = atoi(arguments[2]), at = atoi(arguments[3]);
  for (int i = 0; i < at; i++) {
    if (fork()) continue;
    for (int n = i; n < count; n += at) {
      int client = dial(arguments);
      char word[WORD];
      ask(client, 0);
      if (!whole(client, word, WORD)) fail("receive");
      close(client);
    }
    _exit(0);
  }
  for (int i = 0; i < at; i++) {
    int status;
    wait(&status);
    if (status != 0) exit(1);
  }
}

static void concurrent(char **arguments) {
  int count = atoi(arguments[2]);
  int *clients = calloc(count, sizeof *clients);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  for (int i = 0; i < count; i++) clients[i] = dial(arguments);
  for (int turn = 0; turn < 2; turn++) {
    char word[WORD];
    for (int i = 0; i < count; i++) ask(clients[i], 0);
    for (int i = 0; i < count; i++)
      if (!whole(clients[i], word, WORD)) fail("receive");
  }
}

int main(int count, char **arguments) {
  if (count == 2 && !strcmp(arguments[1], "serve")) return serve();
  if (count < 5) return 64;
  uint64_t before = now();
  if (!strcmp(arguments[1], "bytes")) bytes(arguments + 2);
  if (!strcmp(arguments[1], "connections") && count == 6) connections(arguments + 2);
  if (!strcmp(arguments[1], "concurrent")) concurrent(arguments + 2);
  uint64_t after = now();
  fprintf(stderr, "nanoseconds %llu\n", (unsigned long long)(after - before));
  return 0;
}
