// What the process that removes a server's files needs beside openat2 and unlinkat.
#include "CLinux.h"

#include <linux/fs.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

// Never onto another mount, and no link on the way.
const uint64_t clinux_on_this_mount =
    RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_BENEATH;

// Fails with EEXIST where the new name is taken, whatever by: rename(2) would replace it.
int clinux_rename_to_new(
    int old_directory, const char *old_name, int new_directory, const char *new_name) {
  return (int)syscall(
      SYS_renameat2, old_directory, old_name, new_directory, new_name, RENAME_NOREPLACE);
}
