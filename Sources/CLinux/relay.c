#include "CLinux.h"

#include <string.h>
#include <sys/resource.h>

const int clinux_rlimit_as = RLIMIT_AS;

long clinux_offset(const void *bytes, size_t count, const void *word, size_t length) {
  const char *found = memmem(bytes, count, word, length);
  return found == 0 ? -1 : found - (const char *)bytes;
}

int clinux_contains(const void *bytes, size_t count, const void *word, size_t length) {
  return memmem(bytes, count, word, length) != 0;
}
