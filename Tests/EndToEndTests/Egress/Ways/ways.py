"""Tries the ways out, each once: python3 ways.py list | try where=outside|inside socket=PATH."""

import addresses
import encrypted
import kinds
import names
import plain
import resolved
import table

assert addresses and encrypted and kinds and names and plain and resolved
table.main()
