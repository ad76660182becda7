"""Proves that Academy starts from nothing but its files: `prove.py serve` and `prove.py dockerfile`.

The first runs script/serve. The second does the Dockerfile's steps one by one, because the machine that runs the
checks has no container engine: a folder stands for the image's root, Debian's Python for the image's.
"""
# ruff: noqa: S103, S310, T201

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


def free_port():
    """Return a port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def status(url):
    """Return the HTTP status of a GET, 0 when nobody answers."""
    try:
        return urllib.request.urlopen(url, timeout=5).status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@contextmanager
def started(command, port, **how):
    """Start the server, see it healthy and its first page there; afterwards stop it as Ctrl-C does."""
    began = time.monotonic()
    process = subprocess.Popen(command, **how)
    try:
        while status(f"http://127.0.0.1:{port}/healthz") != 200:
            if process.poll() is not None or time.monotonic() - began > 300:
                sys.exit("It did not start.")
            time.sleep(0.1)
        print(f"Healthy after {time.monotonic() - began:.1f} s.", flush=True)
        if status(f"http://127.0.0.1:{port}/") != 200:
            sys.exit("Its first page is not there.")
        yield
    finally:
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            sys.exit("It did not stop within 10 seconds.")
    print(f"Stopped after {time.monotonic() - began:.1f} s.", flush=True)


def serve(folder):
    """script/serve as somebody runs it who has just unpacked Academy."""
    port = free_port()
    with started([HERE / "script/serve", "--port", str(port), "--data", folder / "data"], port):
        pass


def dockerfile(folder):
    """The steps of the Dockerfile, in order; its health check must agree."""
    port = free_port()
    subprocess.run(["/usr/bin/python3", "-m", "venv", folder / "python"], check=True)
    environment = {**os.environ, "PATH": f"{folder}/python/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    environment.pop("HOME", None)
    how = {"cwd": folder, "env": environment}
    for line in (HERE / "Dockerfile").read_text().splitlines():
        instruction, _, rest = line.partition(" ")
        if instruction in ("", "#", "FROM", "VOLUME", "EXPOSE"):
            continue
        print(line, flush=True)
        rest = re.sub(r"(?<![\w.:/])/(app|data)\b", rf"{folder}/\1", rest).replace("8000", str(port))
        if instruction == "WORKDIR":
            how["cwd"] = Path(rest)
            how["cwd"].mkdir()
        elif instruction == "ENV":
            environment.update(word.split("=", 1) for word in rest.split())
        elif instruction == "COPY":
            copy(rest.split()[0], how["cwd"])
        elif instruction == "RUN":
            subprocess.run(["sh", "-c", rest], check=True, **how)
        elif instruction == "USER":
            how["user"], how["group"] = map(int, rest.split(":"))
            how["extra_groups"] = []
        elif instruction == "HEALTHCHECK":
            health = json.loads(rest.partition("CMD ")[2])
        elif instruction == "CMD":
            with started(json.loads(rest), port, **how):
                subprocess.run(health, check=True, **how)
        else:
            sys.exit("This step is not known here: teach it to .ci/prove.py.")


def copy(source, folder):
    """COPY of one file, or of all that .dockerignore lets in."""
    names = [source]
    if source == ".":
        names = re.findall(r"^!(.+)$", (HERE / ".dockerignore").read_text(), re.MULTILINE)
    for name in names:
        if (HERE / name).is_dir():
            shutil.copytree(HERE / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (HERE / name).exists():
            shutil.copy(HERE / name, folder / name)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        # The user of the image must get in.
        os.chmod(name, 0o755)
        {"serve": serve, "dockerfile": dockerfile}[sys.argv[1]](Path(name))
