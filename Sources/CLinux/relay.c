#include "CLinux.h"

#include <string.h>
#include <sys/resource.h>

const int clinux_rlimit_as = RLIMIT_AS;

int clinux_contains(const void *bytes, size_t count, const void *word, size_t length) {
  return memmem(bytes, count, word, length) != 0;
}
