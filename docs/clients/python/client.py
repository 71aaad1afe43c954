"""An exam client of Invigil on websockets and jsonschema (Debian: python3-websockets, python3-jsonschema).

    python3 client.py http://127.0.0.1:8080 EMAIL PASSWORD EXAM_ID picture.jpg

Sends one frame and one signal, finishes, and prints every message of the server, one JSON line each. Messages of both
directions are checked against the server's /protocol.json. After a lost connection it resumes: signals keep their
numbers until they are acknowledged.
"""
import asyncio
import json
import struct
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timezone

import jsonschema
import websockets


def call(server, path, body=None, token=None):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(server + path, data, headers), timeout=30) as response:
        return json.load(response)


def start_session(server, exam_id, token):
    try:
        return call(server, "/api/sessions", {"examId": exam_id}, token)["id"]
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        if problem["code"] != "session_exists":
            raise
        return problem["ref"]


class ExamClient:
    def __init__(self, server, token, session):
        self.server, self.token, self.session = server, token, session
        self.schema = call(server, "/protocol.json")
        self.stream, self.acked, self.sent, self.waiting, self.frame = None, 0, 0, {}, 0

    def check(self, direction, message):
        jsonschema.validate(message, {"$ref": f"#/$defs/{direction}", "$defs": self.schema["$defs"]})
        return message

    async def send(self, socket, message):
        await socket.send(json.dumps(self.check("ExamMessage", message)))

    def signal(self, name):
        self.sent += 1
        at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        self.waiting[self.sent] = {"type": "signal", "seq": self.sent, "signal": name, "at": at}

    def confirm(self, acked):
        self.acked = acked
        self.waiting = {seq: each for seq, each in self.waiting.items() if seq > acked}

    async def connect(self):
        """Yields the messages of one connection, after its welcome."""
        ticket = call(self.server, f"/api/sessions/{self.session}/ticket", {}, self.token)
        url = self.server.replace("http", "ws", 1) + ticket["url"]
        async with websockets.connect(url, subprotocols=["invigil.v1", "ticket." + ticket["ticket"]]) as socket:
            hello = {"type": "hello"}
            if self.stream:
                hello["resume"] = {"stream": self.stream, "lastSeq": self.acked}
            await self.send(socket, hello)
            async for text in socket:
                message = self.check("ExamDown", json.loads(text))
                if message["type"] == "welcome":
                    self.stream = message["stream"]
                    self.confirm(message["lastAck"])
                    for each in self.waiting.values():
                        await self.send(socket, each)
                elif message["type"] == "ack":
                    self.confirm(message["seq"])
                yield socket, message

    async def send_frame(self, socket, jpeg):
        self.frame += 1
        await socket.send(struct.pack("<BBHId", 1, 1, 0, self.frame, time.time() * 1000) + jpeg)


async def main(server, email, password, exam_id, picture):
    token = call(server, "/api/auth/login", {"email": email, "password": password})["accessToken"]
    client = ExamClient(server, token, start_session(server, exam_id, token))
    client.signal("TAB_SWITCH")
    try:
        await sit(client, picture)
    except websockets.ConnectionClosed as closed:
        if closed.code != 4410:  # the exam is over
            raise


async def sit(client, picture):
    seen = set()
    async for socket, message in client.connect():
        print(json.dumps(message), flush=True)
        seen.add(message["type"])
        if message["type"] == "welcome":
            with open(picture, "rb") as file:
                await client.send_frame(socket, file.read())
        if {"analysis", "ack"} <= seen and message["type"] in ("analysis", "ack"):
            await client.send(socket, {"type": "finish"})


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
