// The C library hands every constructor what main gets. Swift's own CommandLine reads /proc/self/maps
// and searches the stack for it, which takes a quarter of a millisecond in each part.
#include "CLinux.h"

static int argument_count;
static char **arguments;

__attribute__((constructor)) static void keep(int count, char **vector) {
  argument_count = count;
  arguments = vector;
}

size_t clinux_argument_count(void) { return argument_count > 0 ? (size_t)argument_count : 0; }

const char *clinux_argument(size_t index) {
  return index < clinux_argument_count() ? arguments[index] : 0;
}
