"""An exam client of Invigil in Python's standard library, written from docs/protocol.md alone.

    python3 client.py http://127.0.0.1:8080 EMAIL PASSWORD EXAM_ID picture.jpg

Starts a session (or continues the running one), sends one frame and one signal, waits for the analysis and the
acknowledgement, finishes, and prints every message of the server, one JSON line each.
"""
import base64
import hashlib
import http.client
import json
import os
import socket
import ssl
import struct
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timezone

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10  # opcodes, RFC 6455 section 5.2


def post(server, path, body, token=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(server + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def start_session(server, exam_id, token):
    try:
        return post(server, "/api/sessions", {"examId": exam_id}, token)["id"]
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        if problem["code"] != "session_exists":
            raise
        return problem["ref"]


class WebSocket:
    """A client socket of RFC 6455, without extensions."""

    def __init__(self, server, path, protocols):
        url = urllib.parse.urlsplit(server)
        secure = url.scheme == "https"
        self.socket = socket.create_connection((url.hostname, url.port or (443 if secure else 80)), timeout=30)
        if secure:
            self.socket = ssl.create_default_context().wrap_socket(self.socket, server_hostname=url.hostname)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {url.netloc}", "Connection: Upgrade", "Upgrade: websocket",
                 "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}",
                 f"Sec-WebSocket-Protocol: {', '.join(protocols)}", "", ""]
        self.socket.sendall("\r\n".join(lines).encode())
        self.reader = self.socket.makefile("rb")
        status = self.reader.readline().decode().strip()
        answer = http.client.parse_headers(self.reader)
        if " 101 " not in status + " ":
            raise ConnectionError(status)
        digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        assert answer["Sec-WebSocket-Accept"] == base64.b64encode(digest).decode()
        assert answer["Sec-WebSocket-Protocol"] == protocols[0]

    def send(self, opcode, payload):
        size = len(payload)
        length = struct.pack("!B", 128 | size) if size < 126 else (
            struct.pack("!BH", 128 | 126, size) if size < 65536 else struct.pack("!BQ", 128 | 127, size))
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[index & 3] for index, byte in enumerate(payload))
        self.socket.sendall(bytes([128 | opcode]) + length + mask + masked)

    def receive(self):
        """The next message as (opcode, payload)."""
        first, second = self.reader.read(2)
        size = second & 127
        if size > 125:
            size, = struct.unpack("!H" if size == 126 else "!Q", self.reader.read(2 if size == 126 else 8))
        payload = self.reader.read(size)
        if first & 15 == PING:
            self.send(PONG, payload)
            return self.receive()
        return first & 15, payload


def main(server, email, password, exam_id, picture):
    token = post(server, "/api/auth/login", {"email": email, "password": password})["accessToken"]
    session = start_session(server, exam_id, token)
    ticket = post(server, f"/api/sessions/{session}/ticket", {}, token)
    connection = WebSocket(server, ticket["url"], ["invigil.v1", "ticket." + ticket["ticket"]])
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    waiting = {"analysis", "ack"}
    connection.send(TEXT, json.dumps({"type": "hello"}).encode())
    while True:
        opcode, payload = connection.receive()
        if opcode == CLOSE:
            code, = struct.unpack("!H", payload[:2])
            print(json.dumps({"type": "close", "code": code}))
            return 0 if code == 4410 else 1
        message = json.loads(payload)
        print(json.dumps(message), flush=True)
        if message["type"] == "welcome":
            with open(picture, "rb") as file:
                header = struct.pack("<BBHId", 1, 1, 0, 1, time.time() * 1000)
                connection.send(BINARY, header + file.read())
            signal = {"type": "signal", "seq": message["lastAck"] + 1, "signal": "TAB_SWITCH", "at": now}
            connection.send(TEXT, json.dumps(signal).encode())
        if message["type"] in waiting:
            waiting.remove(message["type"])
            if not waiting:
                connection.send(TEXT, json.dumps({"type": "finish"}).encode())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
