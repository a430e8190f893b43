"""A gRPC client just large enough for `demo --no-envoy`: HTTP/2 with prior knowledge, one unary call per connection.

Only the standard library is used, so the demo needs nothing installed. Request headers are HPACK literals without
indexing. Response headers are not decoded: the answer is in the DATA frames, and a call without any is an error.
"""

import socket
import struct

_DATA, _HEADERS, _RST, _SETTINGS, _PING, _GOAWAY, _WINDOW = 0, 1, 3, 4, 6, 7, 8
_END_STREAM, _END_HEADERS, _ACK, _PADDED = 1, 4, 1, 8


class CallFailed(Exception):
    """The server answered without a message, or not at all."""


# Protocol Buffers: just varints and length-delimited fields.

def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number, value):
    """One field: an int as a varint; str and bytes length-delimited."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def fields(data):
    """Yields (field number, value) of an encoded message."""
    at = 0

    def take():
        nonlocal at
        number = shift = 0
        while True:
            byte = data[at]
            at += 1
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    while at < len(data):
        tag = take()
        kind = tag & 7
        if kind == 0:
            yield tag >> 3, take()
            continue
        size = {1: 8, 5: 4}.get(kind) or take()
        yield tag >> 3, data[at:at + size]
        at += size


def struct_strings(data):
    """The string values of a google.protobuf.Struct."""
    found = {}
    for _, entry in fields(data):
        entry = dict(fields(entry))
        text = dict(fields(entry.get(2, b""))).get(3)
        if text is not None:
            found[entry[1].decode()] = text.decode()
    return found


# HTTP/2.

def _frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def _header(name, value):
    out = b"\x00"
    for text in (name.encode(), value.encode()):
        # a string length is a 7-bit prefix integer; its first bit clear means "no Huffman code"
        out += bytes([len(text)]) if len(text) < 127 else b"\x7f" + varint(len(text) - 127)
        out += text
    return out


def _read(connection, size):
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise CallFailed("the connection was closed before the answer was complete")
        data += more
    return data


def call(port, method, message, timeout=10):
    """Calls /package.Service/Method on 127.0.0.1 and returns the encoded answer."""
    headers = [(":method", "POST"), (":scheme", "http"), (":path", method), (":authority", "127.0.0.1:%d" % port),
               ("content-type", "application/grpc"), ("te", "trailers")]
    with socket.create_connection(("127.0.0.1", port), timeout) as connection:
        connection.sendall(
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _frame(_SETTINGS, 0, 0)
            + _frame(_HEADERS, _END_HEADERS, 1, b"".join(_header(*pair) for pair in headers))
            + _frame(_DATA, _END_STREAM, 1, struct.pack(">BI", 0, len(message)) + message))
        answer = b""
        while True:
            length, kind, flags, stream = struct.unpack(">IBBI", b"\0" + _read(connection, 9))
            payload = _read(connection, length)
            if kind == _SETTINGS and not flags & _ACK:
                connection.sendall(_frame(_SETTINGS, _ACK, 0))
            elif kind == _PING and not flags & _ACK:
                connection.sendall(_frame(_PING, _ACK, 0, payload))
            elif kind == _GOAWAY or kind == _RST:
                raise CallFailed("%s: the server ended the call" % method)
            elif kind == _DATA and stream == 1:
                answer += payload[1:len(payload) - payload[0]] if flags & _PADDED else payload
            if stream == 1 and kind in (_DATA, _HEADERS) and flags & _END_STREAM:
                break
    if len(answer) < 5 or len(answer) - 5 != struct.unpack(">I", answer[1:5])[0]:
        raise CallFailed("%s: the answer holds no message (a gRPC error)" % method)
    return answer[5:]
