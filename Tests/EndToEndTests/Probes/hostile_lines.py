"""Lines that try to be understood in two ways: the same ones for the same seed.

They are MCP's own messages, most of them changed in one or two places. Used by a server in its sandbox
and by the host that plays against it.
"""

import random

NUMBERS = [
    "0", "-0", "1", "-1", "1.0", "1e0", "10E-1", "0.10", "1e400", "-1e400", "1e-400", "5e-324",
    "9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993",
    "9223372036854775807", "9223372036854775808", "18446744073709551616", "123456789012345678901e-3",
    "0.1000000000000000055511151231257827", "1.7976931348623157e308", "1.7976931348623159e308",
    "4.35", "2.2250738585072011e-308", "1" + "0" * 400, "0." + "3" * 300, "1" * 5000, "1e" + "9" * 30,
    "01", "+1", "1.", ".5", "0x10", "1_000", "NaN", "Infinity", "-Infinity", "-", "1e", "--1",
]
PLAIN_NUMBERS = 26
STRINGS = [
    '"a"', '""', r'"\u0061"', r'"\/\b\f\n\r\t\\\""', r'"\u0000"', r'"\u2028\u2029\u0085"',
    '"\u2028"', '"\u2029x"', '"x\u0085y"', '"é"', '"e\u0301"', r'"\ud83d\ude00"', '"\U0001f600"',
    '"\ufeff"', '"\uffff\ufffe"', '"\x7f\u0080\u009f"', r'"\u001c\u001d\u001e\u000b\u000c"',
    '"' + "x" * 300 + '"', '"{\\"jsonrpc\\":\\"2.0\\",\\"method\\":\\"x\\"}"', '"\u200b\u202e"',
    r'"\ud800"', r'"\udc00"', r'"\ud83dx"', r'"\ude00\ud83d"', r'"\x41"', r'"\u12"', r'"\U0041"',
    '"\t"', '"\x00"', '"\x1c"', '"\x0b"', "'a'", '"', '"\\',
]
PLAIN_STRINGS = 20
KEYS = ["a", "b", "é", "e\u0301", "__proto__", "constructor", "toString", "A", "", "\u2028", "id",
        r"\u0061", r"\u005f_proto__", "method", "0", "1", r"\ud83d\ude00", "length", "\u0130", "a "]
SPACE = ["", "", "", "", "", " ", "  ", "\t", "\r", " \r ", "\r\t"]
BAD_SPACE = ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\xa0", "\u2028", "\u2029", "\ufeff", "\x00", "\n"]
IDS = ["null", "1.0", "1e0", "-0", "1.5", "true", "[1]", "{}", "9007199254740993", "1" * 400,
       r'"\ud800"', r'"x\u0000"', '"' + "y" * 1025 + '"', '"\u2028"', "00", "-9223372036854775808"]
RAW = [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80", b"\x80", b"\xc2\x85",
       b"\xe2\x80\xa8", b"\x00", b"\x0b", b"\x1c", b"\x1e", b"\r", b"\t", b"\x7f", b"\xef\xbb\xbf",
       b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\\u2028", b"\\ud800", b"/**/", b"0", b"\n"]
LOOKALIKES = ["Method", "METHOD", "metho\\u0064", "method\\u0000", "ID", "\u0131d", "Id", "id\\u0000x",
              "Params", "re\u017fult", "Result", "ERROR", "jsonRPC", "\\u004dethod"]
FROM_HOST = ["ping", "resources/list", "tasks/get", "resources/read", "resources/subscribe",
             "logging/setLevel", "x/vendor", "tools/call", "x\u2028/y", "tools\\/x", "tasks/x"]
FROM_SERVER = ["ping", "x/vendor", "x\u2029/z", "y\\/z"]
NOTIFIED = ["notifications/progress", "notifications/message", "notifications/x", "notifications/cancelled",
            "notifications/resources/updated"]


class Lines:
    """`side` is who sends; `answers` are the ids, as JSON, of requests that can be answered."""

    def __init__(self, seed, side, answers=()):
        self.random = random.Random(f"{seed} {side}")
        self.side = side
        self.answers = list(answers)
        self.next_answer = 0
        self.number = 0
        self.mutations = [
            self.repeat_key, self.repeat_key, self.odd_id, self.odd_id, self.lookalike, self.raw,
            self.raw, self.raw, self.cut, self.two, self.mark, self.batch, self.deep, self.space,
            self.replaced, self.empty, self.returns, self.wrong_value]

    def stream(self, count):
        """The lines, each with its newline; a few have one inside."""
        for _ in range(count):
            yield self.line() + b"\n"

    def line(self):
        chance = self.random.random
        text = self.message()
        if chance() < 0.5:
            data = text.encode()
            data = data + b"\r" if chance() < 0.1 else data
            return data
        data = self.random.choice(self.mutations)(text)
        while chance() < 0.25:
            data = self.raw(data)
        return data

    # What MCP has

    def identifier(self):
        self.number += 1
        if self.number % 3 == 0:
            return f'"{self.side}-{self.number}"'
        if self.number % 7 == 0:
            return f'"\\u0061\u2028{self.number}"'
        return str(self.number + 1_000_000)

    def message(self):
        choice = self.random.choice
        kind = self.random.random()
        if kind < 0.35:
            members = [('id', self.identifier()), ('method', f'"{choice(self.methods())}"'),
                       ('params', self.params())]
        elif kind < 0.65 and self.answers:
            identifier = self.answers[self.next_answer % len(self.answers)]
            self.next_answer += 1
            if self.random.random() < 0.15:
                body = ('error', '{"code":%d,"message":%s}' % (
                    self.random.randrange(-33000, 10), choice(STRINGS[:PLAIN_STRINGS])))
            else:
                body = ('result', self.object(2))
            members = [('id', identifier), body]
        else:
            members = [('method', f'"{choice(NOTIFIED)}"'), ('params', self.params())]
        members.insert(self.random.randrange(len(members) + 1), ('jsonrpc', '"2.0"'))
        if self.random.random() < 0.1:
            members.append((choice(["x", "__proto__", "_meta", "constructor"]), self.value(2)))
        return self.joined(members)

    def methods(self):
        return FROM_HOST if self.side == "host" else FROM_SERVER

    def params(self):
        if self.random.random() < 0.2:
            return '{"name":"act","arguments":%s}' % self.object(2)
        if self.random.random() < 0.1:
            return '{"requestId":%s,"progressToken":%s}' % (
                self.random.choice(['"nobody"', "1.0", "77777777", "null"]), self.atom())
        return self.object(2)

    def joined(self, members):
        choice = self.random.choice
        if self.random.random() < 0.7:
            return "{" + ",".join(f'"{key}":{value}' for key, value in members) + "}"
        return choice(SPACE) + "{" + ",".join(
            f'{choice(SPACE)}"{key}"{choice(SPACE)}:{choice(SPACE)}{value}{choice(SPACE)}'
            for key, value in members) + "}" + choice(SPACE)

    # Values that may stand in a message

    def atom(self):
        choice = self.random.choice
        kind = self.random.random()
        if kind < 0.4:
            return choice(STRINGS[:PLAIN_STRINGS])
        if kind < 0.85:
            return choice(NUMBERS[:PLAIN_NUMBERS])
        return choice(["true", "false", "null", "{}", "[]"])

    def value(self, depth):
        kind = self.random.random()
        if depth == 0 or kind < 0.6:
            return self.atom()
        return self.object(depth - 1) if kind < 0.8 else self.array(depth - 1)

    def object(self, depth):
        keys = self.random.sample(KEYS, self.random.randrange(4))
        keys = [key for key in keys if key not in (r"\u0061", r"\u005f_proto__")] or keys[:1]
        return self.joined([(key, self.value(depth)) for key in keys])

    def array(self, depth):
        return "[" + ",".join(self.value(depth) for _ in range(self.random.randrange(4))) + "]"

    # What changes a message

    def repeat_key(self, text):
        choice = self.random.choice
        key = choice(["jsonrpc", "id", "method", "params", "result", r"\u0069d", r"m\u0065thod", "x"])
        member = f'"{key}":{self.value(1)}'
        if self.random.random() < 0.5:
            return text.replace("{", "{" + member + ",", 1).encode()
        start = text.rfind("}")
        return (text[:start] + "," + member + text[start:]).encode()

    def odd_id(self, text):
        odd = self.random.choice(IDS)
        start = text.find('"id"')
        if start < 0:
            return text.replace("{", '{"id":' + odd + ",", 1).encode()
        end = text.find(",", start)
        return (text[:start] + '"id":' + odd + (text[end:] if end > 0 else "}")).encode()

    def lookalike(self, text):
        member = f'"{self.random.choice(LOOKALIKES)}":{self.random.choice(["1", chr(34) + "tools/call" + chr(34), "{}"])}'
        return text.replace("{", "{" + member + ",", 1).encode()

    def raw(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        at = self.random.randrange(len(data) + 1)
        skip = self.random.choice([0, 0, 1, 2])
        return data[:at] + self.random.choice(RAW) + data[at + skip:]

    def cut(self, text):
        return text.encode()[:self.random.randrange(len(text) + 1)]

    def two(self, text):
        return (text + self.random.choice(["", " ", "\r", "\u2028", ",", "\t", "\x85", "\x1e"])
                + self.message()).encode()

    def mark(self, text):
        return b"\xef\xbb\xbf" + text.encode()

    def batch(self, text):
        others = [self.message() for _ in range(self.random.randrange(3))]
        others += ["1"] if self.random.random() < 0.1 else []
        return ("[" + self.random.choice(SPACE) + ",".join([text] + others) + "]").encode()

    def deep(self, text):
        depth = self.random.choice([100, 125, 126, 127, 128, 200, 3000])
        opening, closing = self.random.choice([("[", "]"), ('{"a":', "}")])
        inner = "" if opening == "[" else "0"
        nested = opening * depth + inner + closing * depth
        return text.replace("{", '{"deep":' + nested + ",", 1).encode()

    def space(self, text):
        at = self.random.randrange(len(text) + 1)
        return (text[:at] + self.random.choice(BAD_SPACE) + text[at:]).encode()

    def replaced(self, _):
        return self.random.choice([
            b"[]", b"{}", b"null", b"1", b'"x"', b"[[]]", b"Server ready", b"\x1b[2J", b'{"jsonrpc":"2.0"}',
            b'{"jsonrpc":"2.0","id":1}', b'{"jsonrpc":"1.0","id":1,"method":"x"}', b"\xff\xfe{\x00}\x00",
            b'{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":""}}', b"}" * 50, b"[" * 20_000,
            b'{"a":"' + b"x" * 20_000, b'{"jsonrpc":"2.0","method":"n","params":{"a":"' + b"x" * 9_000 + b'"}}'])

    def empty(self, _):
        return self.random.choice([b"", b"\r", b" ", b"\t", b"\r\r", b" \r", b"\x00"])

    def returns(self, text):
        return self.random.choice([b"", b"\r", b"\t"]) + text.encode() + self.random.choice([b"\r", b"\r\r", b" \r", b"\t"])

    def wrong_value(self, text):
        wrong = self.random.choice(NUMBERS[PLAIN_NUMBERS:] + STRINGS[PLAIN_STRINGS:])
        return text.replace("{", '{"w":' + wrong + ",", 1).encode()


def pieces(data, seed):
    """Cuts a stream for its writes: the beginning into a few bytes each, the rest into all sizes."""
    chooser = random.Random(seed)
    at = 0
    while at < len(data):
        size = chooser.randrange(1, 8) if at < 20_000 else chooser.choice([1, 500, 4096, 30_000, 65_536])
        yield data[at:at + size]
        at += size
