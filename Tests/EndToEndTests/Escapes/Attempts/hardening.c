// What guards a process, taken off again: execution domains, attributes, filters, foreign ABIs.
#include "attempts.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static long executable_data(void) { return personality(READ_IMPLIES_EXEC); }
static long fixed_addresses(void) { return personality(ADDR_NO_RANDOMIZE); }
static long fixed_addresses_upper(void) {
  return syscall(SYS_personality, 1UL << 32 | ADDR_NO_RANDOMIZE);
}
static long zero_page(void) { return personality(MMAP_PAGE_ZERO); }

static long lowest_page(void) {
  void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  return page == MAP_FAILED ? -1 : 0;
}

static long memory_map(void) {
  unsigned size = 0;
  return prctl(PR_SET_MM, PR_SET_MM_MAP_SIZE, &size, 0, 0);
}
static long memory_map_upper(void) {
  unsigned size = 0;
  return syscall(SYS_prctl, 1UL << 32 | PR_SET_MM, PR_SET_MM_MAP_SIZE, &size, 0, 0);
}
static long invite_tracer(void) { return prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0); }
static long secure_bits(void) { return prctl(PR_SET_SECUREBITS, 1, 0, 0, 0); }
static long drop_bound(void) { return prctl(PR_CAPBSET_DROP, 7, 0, 0, 0); }
static long keep_capabilities(void) { return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0); }
static long own_dispatch(void) { return prctl(59, 1, 0, 0, 0); }  // PR_SET_SYSCALL_USER_DISPATCH
static long share_core(void) { return prctl(62, 0, 0, 0, &(unsigned long){0}); }  // PR_SCHED_CORE
static long flush_first(void) { return prctl(57, 1, 0, 0, 0); }  // PR_SET_IO_FLUSHER
static long no_time_stamps(void) { return prctl(PR_SET_TSC, PR_TSC_ENABLE, 0, 0, 0); }
static long machine_checks(void) {
  return prctl(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_DEFAULT, 0, 0);
}

static long own_listener(void) {
  struct sock_filter allow = {.code = BPF_RET | BPF_K, .k = SECCOMP_RET_ALLOW};
  struct sock_fprog program = {.len = 1, .filter = &allow};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}
static long own_listener_upper(void) {
  struct sock_filter allow = {.code = BPF_RET | BPF_K, .k = SECCOMP_RET_ALLOW};
  struct sock_fprog program = {.len = 1, .filter = &allow};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                 1UL << 32 | SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

#if defined(__x86_64__)
static long call_i386(void) {
  long number = 20;  // getpid
  __asm__ volatile("int $0x80" : "+a"(number) : : "memory", "cc");
  if (number >= 0) return number;
  errno = (int)-number;
  return -1;
}
static long socket_i386(void) {
  // socketcall(SYS_SOCKET, {AF_ALG, SOCK_SEQPACKET, 0}): the argument lies where i386 can reach it
  // only by chance, so that outside the answer is EFAULT, from a kernel that takes the call.
  long number = 102;
  __asm__ volatile("int $0x80" : "+a"(number) : "b"(1L), "c"(0L) : "memory", "cc");
  if (number >= 0) return number;
  errno = (int)-number;
  return beyond(-1, EFAULT);
}
static long call_x32(void) { return syscall(0x40000000 | SYS_getpid); }
#endif

static const struct attempt attempts[] = {
    {"executable-data", "protection undone", "personality(READ_IMPLIES_EXEC)", "EPERM",
     executable_data},
    {"fixed-addresses", "protection undone", "personality(ADDR_NO_RANDOMIZE)", "EPERM",
     fixed_addresses},
    {"fixed-addresses-upper-bits", "CVE-2019-10063, upper halves",
     "personality(ADDR_NO_RANDOMIZE | 1<<32)", "EPERM", fixed_addresses_upper},
    {"zero-page", "protection undone", "personality(MMAP_PAGE_ZERO)", "EPERM", zero_page},
    {"lowest-page", "protection undone", "mmap at address 0", "EPERM", lowest_page,
     .rights = ROOT},
    {"memory-map", "CVE-2016-9962 helpers", "prctl(SET_MM)", "EPERM", memory_map,
     .lacking = "EINVAL EPERM"},
    {"memory-map-upper-bits", "CVE-2019-10063, upper halves", "prctl(SET_MM | 1<<32)", "EPERM",
     memory_map_upper, .lacking = "EINVAL EPERM"},
    {"invite-tracer", "ptrace", "prctl(SET_PTRACER)", "EINVAL", invite_tracer,
     .lacking = "EINVAL"},
    {"secure-bits", "capabilities", "prctl(SET_SECUREBITS)", "EPERM", secure_bits,
     .own_namespaces = true},
    {"drop-bound", "capabilities", "prctl(CAPBSET_DROP)", "EPERM", drop_bound,
     .own_namespaces = true},
    {"keep-capabilities", "capabilities", "prctl(SET_KEEPCAPS)", "EPERM", keep_capabilities},
    {"own-dispatch", "filters avoided", "prctl(SET_SYSCALL_USER_DISPATCH)", "EINVAL",
     own_dispatch, .lacking = "EINVAL"},
    {"share-core", "side channels", "prctl(SCHED_CORE)", "EINVAL", share_core,
     .lacking = "EINVAL ENODEV"},
    {"flush-first", "memory reserves", "prctl(SET_IO_FLUSHER)", "EINVAL", flush_first,
     .rights = RESOURCE},
    {"time-stamps", "kernel surface", "prctl(SET_TSC)", "EINVAL", no_time_stamps,
     .lacking = "EINVAL"},
    {"machine-checks", "kernel surface", "prctl(MCE_KILL)", "EINVAL", machine_checks,
     .lacking = "EINVAL"},
    {"own-listener", "filters answered by oneself", "seccomp(NEW_LISTENER)", "EPERM",
     own_listener},
    {"own-listener-upper-bits", "CVE-2019-10063, upper halves", "seccomp(NEW_LISTENER | 1<<32)",
     "EPERM", own_listener_upper},
#if defined(__x86_64__)
    {"i386", "CVE-2014-4508", "int 0x80, getpid", "SIGSYS", call_i386, .lacking = "SIGSEGV"},
    {"i386-socket", "CVE-2014-4508, socketcall", "int 0x80, socketcall", "SIGSYS", socket_i386,
     .lacking = "SIGSEGV"},
    {"x32", "CVE-2014-4508", "x32 getpid", "SIGSYS", call_x32, .lacking = "ENOSYS"},
#endif
};
FAMILY(hardening, "Hardening undone");
