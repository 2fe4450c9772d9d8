"""Answers a call with as many characters as it asks for."""

import minimal


def act(identifier, arguments):
    body = b'{"jsonrpc":"2.0","id":%d,"result":{"content":[{"type":"text","text":"' % identifier
    minimal.write(body + b"x" * arguments["characters"] + b'"}]}}\n')


minimal.serve(act)
