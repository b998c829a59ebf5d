"""An HTTP/2 server over TLS that ends its connections in one way or another.

    http2_server.py HOW ANSWERED BODY_FILE CERTIFICATE KEY PORT_FILE LOG_FILE

The first ANSWERED requests of each connection are answered with the body, whatever they ask for;
then HOW says what becomes of it: see `end`. A line for each connection and one for each request go
to the log. Frames are written by hand (RFC 9113 §4, §6): header blocks of requests are not decoded.
"""

import socket
import ssl
import struct
import sys
import threading

HOW, ANSWERED, BODY_FILE, CERTIFICATE, KEY, PORT_FILE, LOG_FILE = sys.argv[1:]
ANSWERED = int(ANSWERED)
with open(BODY_FILE, "rb") as file:
    BODY = file.read()
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
ACK = END_STREAM = 1
END_HEADERS = 4
REFUSED_STREAM, CANCEL = 7, 8
# RFC 7541: ":status: 200" by its index, "content-type" (31) and "content-length" (28) with values
# in plain.
LENGTH = str(len(BODY)).encode()
HEAD = b"\x88\x0f\x10\x09text/html\x0f\x0d" + bytes([len(LENGTH)]) + LENGTH
LOG = open(LOG_FILE, "w", buffering=1)


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def goaway(last):
    return frame(GOAWAY, 0, 0, struct.pack(">II", last, 0))


def read(tls, size):
    data = b""
    while len(data) < size:
        more = tls.recv(size - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data


def read_frame(tls):
    head = read(tls, 9)
    payload = read(tls, int.from_bytes(head[:3], "big"))
    kind, flags, stream = head[3], head[4], struct.unpack(">I", head[5:])[0]
    if kind == HEADERS:
        LOG.write("request\n")
    if kind == SETTINGS and not flags & ACK:
        tls.sendall(frame(SETTINGS, ACK, 0))
    return kind, flags, stream


def wait_until_read(tls):
    """Until the client has read all that was sent: what comes next cannot overtake it."""
    tls.sendall(frame(PING, 0, 0, b"are read"))
    while read_frame(tls)[:2] != (PING, ACK):
        pass


def wait_for_end(tls):
    while tls.recv(65536):
        pass


def end(tls, last):
    """The request after `last` has come. True: the connection goes on."""
    wait_until_read(tls)
    if HOW == "goaway":  # as it should be: whoever sent more knows that nobody has looked at it
        tls.sendall(goaway(last))
        wait_for_end(tls)
    elif HOW == "goaway-late":  # promises to answer all that comes, and does not
        tls.sendall(goaway(2**31 - 1))
        tls.shutdown(socket.SHUT_WR)
        wait_for_end(tls)
    elif HOW == "reset":
        tls.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    else:
        assert HOW == "close"
        tls.shutdown(socket.SHUT_WR)
        wait_for_end(tls)
    tls.close()


def serve(raw, context):
    LOG.write("connection\n")
    tls = context.wrap_socket(raw, server_side=True)
    read(tls, 24)  # the preface
    tls.sendall(frame(SETTINGS, 0, 0))
    requests = last = 0
    while True:
        kind, _, stream = read_frame(tls)
        if kind != HEADERS:
            continue
        requests += 1
        if requests <= ANSWERED:
            tls.sendall(frame(HEADERS, END_HEADERS, stream, HEAD) + frame(DATA, END_STREAM, stream, BODY))
            last = stream
        elif HOW == "refuse":
            tls.sendall(frame(RST_STREAM, 0, stream, struct.pack(">I", REFUSED_STREAM)))
        elif HOW == "cancel":
            tls.sendall(frame(RST_STREAM, 0, stream, struct.pack(">I", CANCEL)))
        elif HOW == "break-off":  # within the answer
            tls.sendall(frame(HEADERS, END_HEADERS, stream, HEAD) + frame(DATA, 0, stream, BODY[:1]))
            return tls.close()
        else:
            return end(tls, last)


def serve_quietly(raw, context):
    try:
        serve(raw, context)
    except OSError:  # the client has gone
        raw.close()


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    context.set_alpn_protocols(["h2"])
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    with open(PORT_FILE, "w", encoding="ascii") as file:
        file.write(str(listener.getsockname()[1]))
    print("listening", file=sys.stderr, flush=True)
    while True:
        raw, _ = listener.accept()
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve_quietly, args=(raw, context), daemon=True).start()


main()
