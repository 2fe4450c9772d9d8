"""Ends before its handshake, with the status that its first argument names."""

import sys

print("cannot find my configuration", file=sys.stderr)
sys.exit(int(sys.argv[1]))
