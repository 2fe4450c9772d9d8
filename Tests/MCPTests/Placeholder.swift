// Replaced by this target's first source.
