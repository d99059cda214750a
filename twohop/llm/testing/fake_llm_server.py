"""Stands in for python/llm_server.py; the content of the "model" file says how it behaves."""

import json
import os
import signal
import socketserver
import sys
import threading

arguments = dict(a.removeprefix("--").split("=", 1) for a in sys.argv[1:])
behaviour = open(arguments["model"]).read().strip()


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        length, path = 0, ""
        while (line := self.rfile.readline().decode().strip()) != "":
            if not path:
                path = line.split()[1]
            if line.lower().startswith("content-length:"):
                length = int(line.split(":")[1])
        self.rfile.read(length)
        if behaviour == "deaf":
            return
        reply = {"choices": [{"message": {"content": json.dumps(arguments)}}]}
        if path.endswith("embeddings"):
            reply = {"data": [{"embedding": [1, 2]}]}
        body = json.dumps(reply)
        head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write((head + body).encode())


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 16


def exit_with_parent():
    while os.read(0, 4096):
        pass
    os._exit(0)


if behaviour == "refuse":
    print("llm_server: no such tensor", file=sys.stderr)
    sys.exit(3)
if behaviour == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    threading.Thread(target=exit_with_parent, daemon=True).start()
if behaviour == "silent":
    threading.Event().wait()
if behaviour == "serve once":
    with open(arguments["model"], "w") as model:
        model.write("refuse")
if behaviour == "chatter":
    print('loading\n{"ready": "soon"}\n[1, 2]')
if os.path.exists(arguments["socket"]):
    os.unlink(arguments["socket"])
server = Server(arguments["socket"], Handler)
print('{"ready": true}', flush=True)
server.serve_forever()
