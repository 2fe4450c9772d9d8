// Thunks for what Glibc's Swift module cannot express: variadic calls, macros, system calls
// without a wrapper, and everything that must run between clone and exec.
//
// Every function returns what the call returns; the caller reads errno on the very next line.
#ifndef CLINUX_H
#define CLINUX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "bytes.h"

#pragma clang assume_nonnull begin

// errno.c: errno is a macro over thread-local storage.
int clinux_errno(void);
void clinux_clear_errno(void);
const char *_Nullable clinux_errno_name(int code);
const char *_Nullable clinux_errno_text(int code);

// arguments.c: Swift reads them from /proc, which a machine may not have mounted.
size_t clinux_argument_count(void);
const char *_Nullable clinux_argument(size_t index);

// O_PATH is a macro that Glibc's module drops.
extern const int clinux_o_path;
// descriptors.c: variadic calls, and calls that the Glibc module lacks.
int clinux_open(const char *path, int flags, uint32_t mode);
int clinux_openat(int directory, const char *path, int flags, uint32_t mode);
// openat2's flags: no link on the way, ordinary or of /proc; never out of the directory; and onto no
// other mount.
extern const uint64_t clinux_without_links;
extern const uint64_t clinux_beneath;
extern const uint64_t clinux_on_one_mount;
// Whether an open file is the memory device of this name: null, zero, full, random or urandom.
int clinux_is_memory_device(int descriptor, const char *name);
// Returns 1 where an exec of the file gives capabilities, 0 where not, -1 for an error.
int clinux_has_file_capabilities(const char *path);
int clinux_open_beneath(int directory, const char *path, int flags, uint64_t resolve);
// getdents64: names with their inodes and kinds, and no stat for each.
ssize_t clinux_read_directory(int descriptor, void *entries, size_t size);
int clinux_fcntl_int(int descriptor, int command, int argument);
// ioctl takes its arguments as `...`; of its commands only this one is wanted.
int clinux_bytes_waiting(int descriptor);
int clinux_pipe(int ends[_Nonnull 2], int flags);
int clinux_close_range(unsigned first, unsigned last, unsigned flags);
int clinux_flock(int descriptor, int operation);
int clinux_memfd_create(const char *name, unsigned flags);
ssize_t clinux_pwritev2_nowait(int descriptor, const void *bytes, size_t count);

// polling.c: epoll, signalfd, timerfd, inotify.
#define CLINUX_READABLE 1u
#define CLINUX_WRITABLE 2u
#define CLINUX_HANGUP 4u
#define CLINUX_CHANGES 8u
#define CLINUX_LAST 16u
struct clinux_event {
  uint64_t token;
  uint32_t flags;
};
int clinux_epoll_create(void);
int clinux_epoll_set(int epoll, int operation, int descriptor, uint32_t interest, uint64_t token);
int clinux_epoll_wait(int epoll, struct clinux_event *events, int capacity, int timeout_ms);
int clinux_signal_descriptor(const int *signals, size_t count);
int clinux_block_signals(const int *signals, size_t count);
int clinux_read_signal(int descriptor);
int clinux_inotify_create(void);
int clinux_inotify_watch(int descriptor, const char *path);
#define CLINUX_EPOLL_ADD 1
#define CLINUX_EPOLL_DELETE 2
#define CLINUX_EPOLL_MODIFY 3

// sockets.c: control messages need macros that Swift cannot import.
int clinux_stream_pair(int ends[_Nonnull 2]);
ssize_t clinux_send(int descriptor, const void *bytes, size_t count, int nowait);
ssize_t clinux_send_descriptors(
    int socket, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count);
ssize_t clinux_receive_descriptors(
    int socket, void *bytes, size_t count, int *descriptors, size_t capacity,
    size_t *descriptor_count);

// internet.c: addresses and messages of sockets, which are unions and macros in C.
struct clinux_endpoint {
  uint8_t length;                // 4 or 16; 0 where it is not known
  uint8_t bytes[16];             // in network order
  uint16_t port;
};
// The accepted socket does not block.
int clinux_accept(int listener);
int clinux_local_endpoint(int socket, struct clinux_endpoint *endpoint);
// Where a connection went before the kernel redirected it.
int clinux_original_endpoint(int socket, struct clinux_endpoint *endpoint);
// TCP, and does not block.
int clinux_stream_socket(int is_v6);
int clinux_connect(int socket, const struct clinux_endpoint *endpoint);
int clinux_bind(int socket, const struct clinux_endpoint *endpoint);
// IPv6 alone needs it to bind to an address that only a route makes local.
int clinux_bind_freely(int socket);
// The socket's error, which is gone from it then; 0 for none.
int clinux_socket_error(int socket);
// Closing ends the connection with a reset from here on.
int clinux_reset_on_close(int socket);
int clinux_no_delay(int socket);
int clinux_keep_alive(int socket, int idle_seconds, int interval_seconds, int count);
// One of both is a pipe. Never waits for it.
ssize_t clinux_splice(int from, int to, size_t count);
// Datagrams are received with the address that they were sent to.
int clinux_tell_destination(int socket);
// 0 also for a datagram that was longer than count. to->port stays 0.
ssize_t clinux_receive_datagram(
    int socket, void *bytes, size_t count, struct clinux_endpoint *from,
    struct clinux_endpoint *to);
ssize_t clinux_send_datagram(
    int socket, const void *bytes, size_t count, const struct clinux_endpoint *to,
    const struct clinux_endpoint *from);

// process.c: everything between clone and exec, and process control by pidfd.
// The steps that can fail there: the second word of the launch's report.
#define CLINUX_STEP_DEATH_SIGNAL 1
#define CLINUX_STEP_GATE 2
#define CLINUX_STEP_GROUPS 3
#define CLINUX_STEP_GID 4
#define CLINUX_STEP_UID 5
#define CLINUX_STEP_AMBIENT 6
#define CLINUX_STEP_DESCRIPTORS 7
#define CLINUX_STEP_SIGNALS 8
#define CLINUX_STEP_EXEC 9
#define CLINUX_STEP_CGROUP 10
#define CLINUX_STEP_CGROUP_NAMESPACE 11
struct clinux_launch {
  uint64_t namespaces;           // CLONE_NEW* flags; 0 for a plain child
  int gate;                      // read end; one byte opens it, its end of file ends the child; or -1
  int gate_writer;               // write end: the child closes its copy, which would hold it open
  int executable;                // descriptor of the program
  const char *_Nullable const *_Nullable arguments;
  const int *_Nullable descriptors;        // descriptors[i] becomes descriptor i of the program; -1: none
  size_t descriptor_count;
  int clear_groups;              // setgroups(0): impossible where the group map denies it
  int raise_ambient;             // keep the new user namespace's capabilities over the exec
  int64_t uid;                   // UID and GID to take before the exec; -1 keeps the present ones
  int64_t gid;
  // The cgroups to enter: of version 1 a descriptor of each one's `tasks`, of version 2 one of the
  // group, −1 for none. With any of them the cgroup namespace is made once the child is inside, so
  // that it shows nothing above.
  const int *_Nullable tasks;
  size_t task_count;
  int group;
  int report;                    // write end: errno of a failed step, as two 32-bit words
};
pid_t clinux_start(const struct clinux_launch *launch, int *pidfd);
pid_t clinux_namespace_holder(uint64_t namespaces, int gate, int *pidfd);
pid_t clinux_fork(void);
// Of a child that is not reaped yet: readable once it has ended.
int clinux_pidfd_open(pid_t pid);
int clinux_pidfd_signal(int pidfd, int signal);
// status: the exit code, or the signal's number with *signalled set.
pid_t clinux_wait(pid_t pid, int *status, int *signalled, int no_hang);
int clinux_parent_death_signal(int signal);
int clinux_not_dumpable(void);
int clinux_no_new_privileges(void);
// The identity that this process's file accesses are judged by, without the capabilities of root.
int clinux_take_file_identity(uint32_t uid, uint32_t gid);
int clinux_execve(
    const char *path, const char *_Nullable const *_Nonnull arguments,
    const char *_Nullable const *_Nonnull environment);

// namespaces.c
extern const uint64_t clinux_sandbox_namespaces;
extern const uint64_t clinux_user_namespace;
extern const uint64_t clinux_cgroup_namespace;
// The flag of one namespace by its name in /proc/PID/ns; 0 for a name that is none.
uint64_t clinux_namespace_flag(const char *name);
int clinux_unshare(uint64_t namespaces);
int clinux_join_session_keyring(void);
int clinux_set_rlimit(int resource, uint64_t soft, uint64_t hard);
extern const int clinux_rlimit_core, clinux_rlimit_nofile, clinux_rlimit_nproc,
    clinux_rlimit_msgqueue, clinux_rlimit_memlock, clinux_rlimit_sigpending, clinux_rlimit_fsize,
    clinux_rlimit_data;
// The limit as it is now. 0, or −1 with errno.
int clinux_get_rlimit(int resource, uint64_t *soft, uint64_t *hard);
int clinux_loopback_up(void);
struct clinux_interface {
  char name[16];                 // IFNAMSIZ, ended by NUL
  int up;
  int addressed;                 // has an address of IPv4 or IPv6
};
// Returns how many there are; -1 with E2BIG where more than capacity.
int clinux_interfaces(struct clinux_interface *list, size_t capacity);
int clinux_set_groups_empty(void);
int clinux_group_count(void);
int clinux_set_uid(uint32_t uid);
int clinux_set_gid(uint32_t gid);
int clinux_sethostname(const char *name);
int clinux_connect_probe(int datagram_socket);

// relay.c: what only the relay needs.
extern const int clinux_rlimit_as;
int clinux_contains(const void *bytes, size_t count, const void *word, size_t length);

// landlock.c: system calls without a wrapper.
// The version of its interface that the kernel has; -1 where it has none.
int clinux_landlock_version(void);
// A set of rules, as a descriptor. What it handles is denied but for what its rules allow.
int clinux_landlock_create(uint64_t file_system, uint64_t network, uint64_t scoped);
int clinux_landlock_allow(int ruleset, int path, uint64_t access);
int clinux_landlock_allow_port(int ruleset, uint64_t access, uint16_t port);
// Binds a TCP socket of its own to the loopback's port 0, or connects it there. −1 and errno: EACCES
// under rules that do not allow it.
int clinux_tcp_probe(int connects);
// quiet: denials of this program, before its next exec, are not the audit system's business.
int clinux_landlock_restrict(int ruleset, int quiet);

// state.c: what fork and exec hand on, and how it is set to known values.
extern const int clinux_timer_slack_set, clinux_timer_slack_get, clinux_huge_pages_disable,
    clinux_huge_pages_disabled, clinux_memory_merge_set, clinux_memory_merge_get;
int clinux_prctl(int option, unsigned long argument);
int clinux_dumpable(void);
// Every handler back to its default and an empty mask: what a new program should find.
int clinux_reset_signals(void);
int clinux_personality(unsigned long value);
int clinux_scheduler(void);
int clinux_schedule_normally(void);
int clinux_niceness(int *niceness);
int clinux_set_niceness(int niceness);
int clinux_io_priority(void);
int clinux_set_io_priority(int value);
int clinux_reset_memory_policy(void);
int clinux_memory_policy(void);

// mounts.c: the mount API that Glibc's module lacks.
#define CLINUX_MOUNT_READ_ONLY 1u
#define CLINUX_MOUNT_NO_SUID 2u
#define CLINUX_MOUNT_NO_DEVICES 4u
#define CLINUX_MOUNT_NO_EXECUTE 8u
#define CLINUX_MOUNT_PRIVATE 16u
int clinux_mount_private_root(void);
int clinux_open_tree(int directory, const char *path, int recursive);
int clinux_mount_attributes(int mount, const char *path, uint32_t attributes, int recursive);
int clinux_mount_id_map(int mount, int user_namespace);
int clinux_move_mount(int mount, int directory, const char *path);
int clinux_new_file_system(const char *type, const char *_Nullable const *_Nonnull options, size_t count,
                           uint32_t attributes);
int clinux_pivot_root_here(void);
// 1 where a file system has no block or no inode left for anybody but root, 0 where it has.
int clinux_is_full(int descriptor);
int clinux_mount_probe(const char *target);

// removal.c: what removing a hostile tree of files needs.
extern const uint64_t clinux_on_this_mount;
int clinux_rename_to_new(
    int old_directory, const char *old_name, int new_directory, const char *new_name);

// seccomp.c: takes a compiled filter, one struct sock_filter per word. Needs no_new_privs before.
int clinux_seccomp_install(const uint64_t *words, size_t count);
// Fails under the filters of Cordon's own parts, and nowhere else: what shows that one is there.
pid_t clinux_parent_process(void);

// witness.c: seccomp's notifications, and looking as another process would.
struct clinux_notification {
  uint64_t id;
  int32_t pid;     // of the thread that made the call
  int32_t number;
  uint32_t architecture;
  uint64_t instruction_pointer;
  uint64_t arguments[6];
};
// 1 where the kernel has notifications as they are used here (Linux 5.19), else 0.
int clinux_can_listen(void);
// Installs a filter and returns the descriptor of its notifications.
int clinux_seccomp_listen(const uint64_t *words, size_t count);
void clinux_notification_prefer_same_cpu(int listener);
// ENOENT: the thread has ended meanwhile.
int clinux_notification_receive(int listener, struct clinux_notification *notification);
int clinux_notification_refuse(int listener, uint64_t id, int error);
int clinux_notification_let_go_on(int listener, uint64_t id);
// Whether the thread still waits: what was read from its memory before was its own then.
int clinux_notification_is_valid(int listener, uint64_t id);
#define CLINUX_FIRST_READABLE 1
#define CLINUX_FIRST_ENDED 2
#define CLINUX_SECOND_READABLE 4
// Waits for a notification, for anything on the second, or to write; writable −1 watches two.
int clinux_wait_readable(int first, int second, int writable, int *ready);
ssize_t clinux_read_memory(pid_t pid, uint64_t address, void *bytes, size_t count);
// path: bytes that end with a NUL, which need not be UTF-8.
int clinux_may_access(const void *path, int mode, int follow);
ssize_t clinux_read_link(const void *path, void *bytes, size_t count);
// Files are looked at with this identity from here on; signals and tracing keep the process's own.
int clinux_set_file_identity(uint32_t uid, uint32_t gid);

#pragma clang assume_nonnull end
#endif
