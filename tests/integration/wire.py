"""As much of MessagePack and MessagePack-RPC as the tests need."""

import socket
import struct

import harness


def pack(value):
    """Pack a value as MessagePack, in the shortest form."""
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        if value < 0:
            return struct.pack(">Bq", 0xd3, value) if value < -32 else struct.pack("b", value)
        for top, code, layout in ((0x7f, None, "B"), (0xff, 0xcc, "B"), (0xffff, 0xcd, ">H"), (2**32 - 1, 0xce, ">I")):
            if value <= top:
                return (bytes([code]) if code else b"") + struct.pack(layout, value)
        return struct.pack(">BQ", 0xcf, value)
    if isinstance(value, float):
        return struct.pack(">Bd", 0xcb, value)
    if isinstance(value, str):
        text = value.encode()
        head = (bytes([0xa0 | len(text)]) if len(text) < 32 else
                b"\xd9" + bytes([len(text)]) if len(text) < 256 else struct.pack(">BH", 0xda, len(text)))
        return head + text
    if isinstance(value, list):
        assert len(value) < 16
        return bytes([0x90 | len(value)]) + b"".join(map(pack, value))
    assert len(value) < 16
    return bytes([0x80 | len(value)]) + b"".join(pack(key) + pack(item) for key, item in value.items())


NUMBERS = {0xca: ">f", 0xcb: ">d", 0xcc: ">B", 0xcd: ">H", 0xce: ">I", 0xcf: ">Q", 0xd0: ">b", 0xd1: ">h", 0xd2: ">i",
           0xd3: ">q"}
SIZES = {0xd9: 1, 0xda: 2, 0xdb: 4, 0xdc: 2, 0xdd: 4, 0xde: 2, 0xdf: 4}


def unpack(data, at=0):
    """Unpack the value at `at`.  Returns the value and where it ends.  Raises IndexError where it is not complete."""
    code = data[at]
    at += 1
    if code < 0x80 or code >= 0xe0:
        return code if code < 0x80 else code - 0x100, at
    if code in (0xc0, 0xc2, 0xc3):
        return {0xc0: None, 0xc2: False, 0xc3: True}[code], at
    if code in NUMBERS:
        size = struct.calcsize(NUMBERS[code])
        if at + size > len(data):
            raise IndexError
        return struct.unpack(NUMBERS[code], data[at:at + size])[0], at + size
    if code < 0xc0:
        size = code & (31 if code >= 0xa0 else 15)
    else:
        size = int.from_bytes(data[at:at + SIZES[code]], "big")
        at += SIZES[code]
        if at > len(data):
            raise IndexError
    if 0xa0 <= code < 0xc0 or code in (0xd9, 0xda, 0xdb):
        if at + size > len(data):
            raise IndexError
        return data[at:at + size].decode(), at + size
    is_map = code < 0x90 or code in (0xde, 0xdf)
    values = []
    for _ in range(size * (2 if is_map else 1)):
        value, at = unpack(data, at)
        values.append(value)
    return (dict(zip(values[::2], values[1::2])) if is_map else values), at


class Connection:
    """A connection that sends and receives whole messages."""

    def __init__(self, path=None, accepted=None):
        self.stream = accepted or socket.socket(socket.AF_UNIX)
        if path:
            self.stream.connect(path)
        self.data = b""

    def send(self, message):
        self.stream.sendall(pack(message))

    def receive(self):
        while True:
            try:
                message, end = unpack(self.data)
            except IndexError:
                with harness.limit("a message"):
                    more = self.stream.recv(1 << 20)
                assert more, "the other side hung up"
                self.data += more
                continue
            self.data = self.data[end:]
            return message

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        self.stream.close()
