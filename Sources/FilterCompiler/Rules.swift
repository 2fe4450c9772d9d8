import CSeccomp

/// One rule as libseccomp takes it: an action where every comparison holds.
struct Rule {
  let action: Action
  let comparisons: [scmp_arg_cmp]

  /// A decision as rules.
  ///
  /// libseccomp tests the comparison with the wider mask first, whatever the order of the rules
  /// (`db_chain_lt` in its src/db.h). So a match's rest is a pair of rules that between them match
  /// every value by one bit of the mask: they are reached when none of the values matched. A test
  /// runs the compiled programs against `Decision.action(for:)` to hold libseccomp to it.
  static func rules(for decision: Decision, under: [scmp_arg_cmp] = []) -> [Rule] {
    switch decision {
    case .action(let action):
      return [Rule(action: action, comparisons: under)]
    case .match(let argument, let mask, let cases, let rest):
      let bit = mask & (~mask &+ 1)
      let named = cases.flatMap { item in
        item.values.flatMap { value in
          rules(for: item.decision, under: under + [equal(argument, mask, value)])
        }
      }
      // Where the mask is a single bit a case can be one half of the pair itself.
      let halves = [0, bit].filter { half in
        mask != bit || !cases.contains { $0.values.contains(half) }
      }
      let others = halves.flatMap { value in
        rules(for: rest, under: under + [equal(argument, bit, value)])
      }
      return named + others
    }
  }

  private static func equal(_ argument: UInt32, _ mask: UInt32, _ value: UInt32) -> scmp_arg_cmp {
    scmp_arg_cmp(
      arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: UInt64(mask), datum_b: UInt64(value))
  }
}
