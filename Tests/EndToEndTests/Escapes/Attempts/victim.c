// What a host's machine holds: a process, services, IPC objects. It tells their names and numbers in
// one line, waits for the end of its input, and takes away what it made.
#include "attempts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void failed(const char *what) {
  dprintf(2, "victim: %s: %s\n", what, strerror(errno));
  exit(70);
}

static void serve(const char *path, bool abstract) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t length = strlen(path);
  memcpy(address.sun_path + abstract, path, length);
  if (!abstract) unlink(path);
  int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + abstract + length +
                               !abstract);
  if (bind(descriptor, (struct sockaddr *)&address, size) || listen(descriptor, 64)) failed(path);
}

static struct pollfd ports[8];
static nfds_t port_count;

// On every address of the network that the test made. Port 0: any that is free.
static int serve_port(int type, int port) {
  int descriptor = socket(AF_INET6, type | SOCK_CLOEXEC, 0), zero = 0;
  setsockopt(descriptor, SOL_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
  socklen_t size = sizeof address;
  if (bind(descriptor, (struct sockaddr *)&address, size)) failed("bind");
  if (type == SOCK_STREAM) {
    if (listen(descriptor, 64)) failed("listen");
    setsockopt(descriptor, IPPROTO_TCP, 23, &(int){8}, sizeof(int));  // TCP_FASTOPEN
  }
  getsockname(descriptor, (struct sockaddr *)&address, &size);
  ports[port_count++] = (struct pollfd){.fd = descriptor, .events = POLLIN};
  return ntohs(address.sin6_port);
}

// Takes what is sent to a group too. Only the addresses of the loopback are there to join on.
static void serve_group(const char *group, int port) {
  serve_port(SOCK_DGRAM, port);
  struct ip_mreqn request = {.imr_ifindex = 1};
  inet_pton(AF_INET, group, &request.imr_multiaddr);
  if (setsockopt(ports[port_count - 1].fd, SOL_IP, IP_ADD_MEMBERSHIP, &request, sizeof request))
    failed("IP_ADD_MEMBERSHIP");
}

// A child that says what it is to whoever reaches one of the ports.
static pid_t answer(void) {
  pid_t child = fork();
  if (child) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  close(0);
  close(1);
  while (poll(ports, port_count, -1) > 0) {
    for (nfds_t i = 0; i < port_count; i++) {
      if (!ports[i].revents) continue;
      struct sockaddr_in6 from;
      socklen_t size = sizeof from;
      char bytes[64];
      int connection = accept4(ports[i].fd, NULL, NULL, SOCK_CLOEXEC);
      if (connection >= 0) {
        send(connection, GREETING, sizeof GREETING - 1, MSG_NOSIGNAL);
        close(connection);
      } else if (recvfrom(ports[i].fd, bytes, sizeof bytes, MSG_DONTWAIT, (struct sockaddr *)&from,
                          &size) >= 0) {
        sendto(ports[i].fd, GREETING, sizeof GREETING - 1, 0, (struct sockaddr *)&from, size);
      }
    }
  }
  _exit(70);
}

// Goes on in a process with a number that no process inside a young PID namespace has.
static void take_high_number(void) {
  while (getpid() < 3000) {
    pid_t child = fork();
    if (child < 0) failed("fork");
    if (child == 0 && getpid() < 3000) _exit(0);
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      return;
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (child >= 3000) exit(WIFEXITED(status) ? WEXITSTATUS(status) : 70);
  }
}

int be_victim(void) {
  take_high_number();
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
  key_t key = (key_t)(0x43000000 | getpid());
  int segment = shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0666);
  int semaphores = semget(key, 1, IPC_CREAT | IPC_EXCL | 0666);
  int messages = msgget(key, IPC_CREAT | IPC_EXCL | 0666);
  char name[64], bus[108];
  snprintf(name, sizeof name, "/cordon-victim-%d", getpid());
  umask(0);
  mqd_t queue = mq_open(name, O_CREAT | O_RDWR, 0666, NULL);
  int shared = shm_open(name, O_CREAT | O_RDWR, 0666);
  if (segment < 0 || semaphores < 0 || messages < 0 || queue < 0 || shared < 0) failed("IPC");
  serve(name + 1, true);
  serve("/tmp/.X11-unix/X0", true);
  mkdir("/run/dbus", 0777);
  snprintf(bus, sizeof bus, "/run/user/%u", getuid());
  mkdir("/run/user", 0777);
  mkdir(bus, 0700);
  strcat(bus, "/bus");
  const char *services[] = {"/run/docker.sock", "/run/dbus/system_bus_socket", bus,
                            given("agent")};
  for (size_t i = 0; i < sizeof services / sizeof *services; i++) serve(services[i], false);
  int port = serve_port(SOCK_STREAM, 0);
  serve_port(SOCK_STREAM, 80);
  serve_port(SOCK_STREAM, 443);
  serve_port(SOCK_DGRAM, 53);
  serve_port(SOCK_DGRAM, 443);
  serve_group("239.192.0.53", 5353);
  pid_t answering = answer();
  if (answering < 0) failed("fork");
  printf("victim=%d port=%d key=%d segment=%d queue=%s abstract=%s\n", getpid(), port, key,
         segment, name, name + 1);
  fflush(stdout);
  char byte;
  while (read(0, &byte, 1) > 0) continue;
  kill(answering, SIGKILL);
  waitpid(answering, NULL, 0);
  shmctl(segment, IPC_RMID, NULL);
  semctl(semaphores, 0, IPC_RMID);
  msgctl(messages, IPC_RMID, NULL);
  mq_unlink(name);
  shm_unlink(name);
  for (size_t i = 0; i < sizeof services / sizeof *services; i++) unlink(services[i]);
  return 0;
}
