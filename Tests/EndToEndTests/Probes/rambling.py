"""Says things that are not messages before it answers a call: what the call names, or all of them."""

import minimal

UTTERANCES = {
    "prose": b"Starting up...",
    "empty": b"",
    "broken": b'{"jsonrpc":"2.0","id":1',
    "array": b'[{"jsonrpc":"2.0","method":"notifications/message","params":{}}]',
    "duplicate": b'{"jsonrpc":"2.0","method":"ping","method":"tools/list","id":7}',
    "latin-1": b'{"jsonrpc":"2.0","method":"caf\xe9"}',
    "deep": b'{"jsonrpc":"2.0","method":"x","params":' + b"[" * 200 + b"]" * 200 + b"}",
    "unasked": b'{"jsonrpc":"2.0","id":"nobody asked","result":{}}',
    "null-id": b'{"jsonrpc":"2.0","id":null,"method":"ping"}',
    "fraction-id": b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
    "surrogate": b'{"jsonrpc":"2.0","method":"x","params":{"a":"\\ud800"}}',
    "two": b'{"jsonrpc":"2.0","method":"a"}{"jsonrpc":"2.0","method":"b"}',
}


def act(identifier, arguments):
    for name in arguments.get("say", UTTERANCES):
        minimal.write(UTTERANCES[name] + b"\n")
    # A raw carriage return between tokens is JSON, and splits a line for some readers.
    minimal.write(
        b'{"jsonrpc":"2.0","id":%d,\r"result":{"content":[{"type":"text",\r'
        b'"text":"said\xe2\x80\xa8it"}]}}\r\n' % identifier)


minimal.serve(act)
