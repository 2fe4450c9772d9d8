// Attempts to get out of a sandbox: one small function each, one file for each family.
//
// The same program runs outside, where an attempt has to succeed (or the kernel has to say that it
// lacks the thing), and inside Cordon and its peers, where it has to fail with the answer that the
// table names.
#ifndef ATTEMPTS_H
#define ATTEMPTS_H

#include <stdbool.h>
#include <stddef.h>

// There was nothing to be had: the attempt met no refusal, and found nothing of the host's either.
#define NOTHING (-2L)

// Whom the kernel lets do it outside.
enum rights {
  ANYONE,
  ROOT,      // an ordinary user may be refused by the kernel itself
  RESOURCE,  // root too, where it lacks CAP_SYS_RESOURCE
};

struct attempt {
  const char *name;
  const char *class;     // CVEs, or the kind of escape
  const char *what;      // in a few words
  const char *expected;  // the answers that count as denied inside: errno names, a signal, "nothing"
  // -1 with errno: refused. NOTHING: nothing to be had. Otherwise it got through.
  long (*make)(void);
  // The answers that count as well where something is granted: every address leads to a socket of the
  // sandbox's own then, which refuses later.
  const char *granted;
  const char *lacking;   // answers outside that tell that this kernel or machine does not have it
  enum rights rights;
  // Outside it would change the machine: made as root of namespaces of its own there.
  bool own_namespaces;
};

struct family {
  const char *title;
  const struct attempt *attempts;
  size_t count;
};

#define FAMILY(identifier, words)                 \
  const struct family identifier = {              \
      .title = words,                             \
      .attempts = attempts,                       \
      .count = sizeof attempts / sizeof *attempts, \
  }

// What the test says on the command line, as KEY=VALUE. A key that is missing is an error.
const char *given(const char *key);
long given_number(const char *key);

bool is_outside(void);

// Adds words to the result.
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

// The process that holds the sandbox together: PID 1 inside, outside a process of the test's. -1 with
// ESRCH where the program itself is PID 1.
int keeper(void);

// A path below the keeper's directory in /proc.
const char *of_keeper(const char *name);

// A directory to write in: outside one of the test's, and in namespaces of its own a new tmpfs there.
const char *place(void);

// A path below place().
const char *at_place(const char *name);

// Got as far as an answer that only a process which may do it gets, such as EINVAL for an argument
// that is wrong on purpose so that nothing happens.
long beyond(long value, int error);

// Opens a path and closes it again: `flags` as open() takes them.
long opens(const char *path, int flags);

// A child that waits until it is killed, and its end.
int waiting_child(void);
void end_child(int pid);

// Collects the answers of attempts of one kind. The outcome is the first that got through, else the
// first errno that differs from `usual`, else `usual`.
struct tally {
  int usual;
  int other;
  long through;
};
void count(struct tally *tally, long value, int which);
long outcome(const struct tally *tally);

// What the host's services say to whoever reaches one.
#define GREETING "the host's"

// The other things this program can be: see the files.
int be_victim(void);          // victim.c
int be_careless_host(int argc, char **argv);  // host.c
int be_neighbour(void);       // neighbours.c
int exhaust(const char *what);  // exhaustion.c
int outlive(const char *how);   // lifecycle.c

#endif
