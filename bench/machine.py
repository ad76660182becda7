"""What the machine tells of a process: its CPU time and its memory; and what the machine itself is."""

import os
import platform
import resource
import sys
import time
from importlib import metadata
from pathlib import Path


def cpu(pids):
    """Return the CPU seconds these processes have used so far, all threads, also those that have ended.

    Linux gives every process a clock of its CPU time, in nanoseconds: unlike /proc it has no ticks of 10 ms.
    """
    return sum(time.clock_gettime_ns((~pid << 3) | 2) for pid in pids) / 1e9


def rss(pids):
    """Return the resident memory of these processes in MB (10^6 bytes)."""
    lines = (line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) * 1024 / 1e6


def allow_many_sockets():
    """Raise this process's limit of open files, and so that of the servers it starts, to what the machine allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))


def load():
    """Return how many processes wanted to run, over the last minute: 0 on a quiet machine."""
    return round(os.getloadavg()[0], 2)


def conditions():
    """Return what a figure needs beside it: processor, cores, system, versions, and how busy the machine is."""
    info = Path("/proc/cpuinfo").read_text().splitlines()
    processor = next((line.partition(":")[2].strip() for line in info if line.startswith("model name")), "unknown")
    packages = ("django", "channels", "uvicorn", "uvloop", "websockets", "picows")
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in packages},
        "load_before": load(),
        "command": " ".join(["script/bench", *sys.argv[1:]]),
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
    }
