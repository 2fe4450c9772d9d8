#include "CLinux.h"

#include <errno.h>
#include <string.h>

int clinux_errno(void) { return errno; }
// For the calls that tell an error by errno alone.
void clinux_clear_errno(void) { errno = 0; }
const char *clinux_errno_name(int code) { return strerrorname_np(code); }
const char *clinux_errno_text(int code) { return strerrordesc_np(code); }
