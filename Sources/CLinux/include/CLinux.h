#ifndef CLINUX_H
#define CLINUX_H
#include <stddef.h>
#include <stdint.h>
#pragma clang assume_nonnull begin
int clinux_errno(void);
#pragma clang assume_nonnull end
#endif
