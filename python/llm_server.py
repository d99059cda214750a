#!/usr/bin/env python3
"""Serves one GGUF model over the OpenAI HTTP API on a unix socket: llama.cpp's server in xllamacpp.

Meant to be started by twohop/llm/managed_server.cc, which builds on this:

  - once requests are answered, stdout gets one line of JSON:
        {"ready": true, "socket": "...", "model": "...", "mode": "chat", "adapters": 0}
    and nothing else is ever written to stdout; llama.cpp's log goes to stderr;
  - the process ends when its stdin closes, so it cannot outlive a parent that was killed; it then
    removes the socket, and the socket's folder if nothing else is in it;
  - SIGTERM and SIGINT end it too;
  - a failure to start is one line on stderr, "llm_server: ...", and exit status 1 (2: bad usage).

A LoRA adapter is loaded but not applied: a request asks for it with "lora": [{"id": 0, "scale": 1}].
"""

import argparse
import json
import os
import signal
import sys
import threading

# sizeof(sockaddr_un.sun_path) - 1 on Linux.
MAX_SOCKET_PATH_BYTES = 107
CACHE_MIB = 256
# Of llama.cpp's levels of verbosity.
LOG_WARNINGS = 2


def parse_arguments(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True, help="GGUF file")
    parser.add_argument("--socket", required=True, help="unix socket to create, ending in .sock")
    parser.add_argument("--mode", choices=["chat", "embedding"], default="chat")
    parser.add_argument("--alias", help="name of the model in replies; default: the file's name")
    parser.add_argument("--adapter", help="LoRA adapter as GGUF; chat mode only")
    parser.add_argument("--slots", type=positive, default=4, help="requests worked on at a time")
    parser.add_argument(
        "--context-per-slot", type=positive, default=2048, help="prompt and reply, in tokens"
    )
    parser.add_argument(
        "--threads", type=positive, default=2, help="no more than there are free cores"
    )
    return parser.parse_args(argv)


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is not above 0")
    return value


def die(message, status=1):
    print(f"llm_server: {message}", file=sys.stderr, flush=True)
    os._exit(status)  # Threads of llama.cpp may be running; do not wait for them.


def check(args):
    """Rejects what llama.cpp would report late, at length or not at all."""
    for path in [args.model, args.adapter]:
        if path and not os.path.isfile(path):
            die(f"no such file: {path}", 2)
    if not args.socket.endswith(".sock"):
        die(f"--socket must end in .sock: {args.socket}", 2)
    if len(os.fsencode(args.socket)) > MAX_SOCKET_PATH_BYTES:
        die(f"--socket is longer than {MAX_SOCKET_PATH_BYTES} bytes: {args.socket}", 2)
    if args.adapter and args.mode != "chat":
        die("--adapter is for --mode chat", 2)


def check_adapter(args):
    """llama.cpp applies an adapter to any model of the same shape; the answers would be noise."""
    if not args.adapter:
        return
    try:
        from finetune import lora_gguf  # Needs numpy and gguf, which serving alone does not.
    except ImportError as error:
        die(f"the Python package {error.name} is missing; run scripts/setup")
    try:
        lora_gguf.check_base(args.adapter, args.model)
    except lora_gguf.AdapterError as error:
        die(error)


def exit_with_parent(socket):
    """Ends the process when stdin closes, which the kernel does even for a parent killed by -9."""

    def watch():
        # Not sys.stdin: os.read holds no lock that interpreter shutdown would wait for.
        while os.read(0, 4096):
            pass
        remove_socket_and_folder(socket)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def remove_socket_and_folder(path):
    try:
        os.unlink(path)
        os.rmdir(os.path.dirname(path))
    except OSError:
        pass  # The parent may be removing them too.


def keep_stdout_for_ourselves():
    """Returns a file on the real stdout; what llama.cpp prints to stdout goes to stderr instead."""
    ours = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    return ours


def wait_without_spinning():
    """Lets idle OpenMP threads sleep; to be called before the library is loaded.

    By default they spin. Where other programs use the same cores, the threads then spend their time
    waiting for one that is not running: 20 times fewer tokens a second on two busy cores.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def remove_stale_socket(path):
    """A predecessor that was killed leaves its socket behind, and bind() refuses an existing one."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


def server_parameters(xllamacpp, args):
    params = xllamacpp.CommonParams()
    params.model.path = args.model
    params.model_alias = {args.alias or os.path.basename(args.model)}
    params.hostnames = [args.socket]
    params.n_parallel = args.slots
    # llama.cpp divides its context among the slots.
    params.n_ctx = args.slots * args.context_per_slot
    params.cpuparams.n_threads = args.threads
    params.cpuparams_batch.n_threads = args.threads
    # States of prompts beyond the slots' own: enough for the stable beginnings of ours. By default
    # the server would grow by 8 GiB before it forgot one.
    params.cache_ram_mib = CACHE_MIB
    params.warmup = False
    params.ui = False
    params.verbosity = LOG_WARNINGS  # The default logs every request.
    params.endpoint_slots = True
    params.endpoint_metrics = True
    if args.mode == "embedding":
        params.embedding = True
        # A text must fit into one micro-batch; longer ones are refused rather than cut.
        params.n_batch = params.n_ubatch = max(params.n_ubatch, args.context_per_slot)
    if args.adapter:
        params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(args.adapter, 1.0)]
        params.lora_init_without_apply = True
    return params


def main(argv):
    args = parse_arguments(argv)
    check(args)
    exit_with_parent(args.socket)
    stdout = keep_stdout_for_ourselves()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))
    check_adapter(args)
    wait_without_spinning()
    try:
        import xllamacpp
    except ImportError as error:
        die(f"the Python package xllamacpp is missing ({error}); run scripts/setup")
    remove_stale_socket(args.socket)
    try:
        server = xllamacpp.Server(server_parameters(xllamacpp, args))
    except Exception as error:  # The binding throws whatever llama.cpp throws.
        die(f"llama.cpp could not serve {args.model}: {error}")
    ready = {
        "ready": True,
        "socket": args.socket,
        "model": args.alias or os.path.basename(args.model),
        "mode": args.mode,
        "adapters": 1 if args.adapter else 0,
    }
    print(json.dumps(ready), file=stdout, flush=True)
    while server:  # Signals wake pause(); the server works in threads of its own.
        signal.pause()


if __name__ == "__main__":
    main(sys.argv[1:])
