// Sixteen bytes looked at together. Swift's SIMD types compare as well, but have no operation that
// turns the outcome into one bit for each byte, which both processors have.
#ifndef CLINUX_BYTES_H
#define CLINUX_BYTES_H

#include <stdint.h>

#pragma clang assume_nonnull begin

typedef int8_t clinux_lanes __attribute__((vector_size(16)));
typedef _Bool clinux_lane_bits __attribute__((ext_vector_type(16)));

// One bit for each lane that is not 0, the first lane lowest.
static inline uint32_t clinux_lane_mask(clinux_lanes lanes) {
  clinux_lane_bits bits = __builtin_convertvector(lanes, clinux_lane_bits);
  uint16_t mask;
  __builtin_memcpy(&mask, &bits, sizeof mask);
  return mask;
}

// What does not stand for itself in a JSON string, or is not ASCII. As signed numbers the bytes from
// 0x80 on are below 0x20 too.
static inline clinux_lanes clinux_special_lanes(clinux_lanes x) {
  return (x == '"') | (x == '\\') | (x < 0x20);
}

// A bit for each of 16 bytes that is a quote, a backslash, a control character or not ASCII.
static inline uint32_t clinux_special_16(const void *bytes) {
  clinux_lanes lanes;
  __builtin_memcpy(&lanes, bytes, sizeof lanes);
  return clinux_lane_mask(clinux_special_lanes(lanes));
}

// The same for 64 bytes.
static inline uint64_t clinux_special_64(const void *bytes) {
  clinux_lanes lanes[4];
  __builtin_memcpy(lanes, bytes, sizeof lanes);
  uint64_t mask = 0;
  for (int part = 3; part >= 0; part--)
    mask = mask << 16 | clinux_lane_mask(clinux_special_lanes(lanes[part]));
  return mask;
}

// 16 bytes of a string with escapes, a bit for each byte of a kind.
struct clinux_string_block {
  uint32_t quotes;
  uint32_t backslashes;
  uint32_t letters;  // what may follow a backslash, but for u
  uint32_t others;   // control characters, and what is not ASCII
};

static inline struct clinux_string_block clinux_string_block(const void *bytes) {
  clinux_lanes x;
  __builtin_memcpy(&x, bytes, sizeof x);
  clinux_lanes quotes = x == '"', backslashes = x == '\\';
  clinux_lanes letters = quotes | backslashes | (x == '/') | (x == 'b') | (x == 'f') | (x == 'n') |
                         (x == 'r') | (x == 't');
  struct clinux_string_block block = {clinux_lane_mask(quotes), clinux_lane_mask(backslashes),
                                      clinux_lane_mask(letters), clinux_lane_mask(x < 0x20)};
  return block;
}

#pragma clang assume_nonnull end

#endif
