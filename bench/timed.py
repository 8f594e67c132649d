"""Runs a command, and prints what it and all that it started took, as JSON: seconds, CPU seconds, peak memory (MiB) of
the largest process, and of all of them together as seen five times a second. What processes share, such as the program
that they all run, counts once there.

Linux only: whatever it leaves behind becomes this process's child, so that none is forgotten.
"""
import ctypes
import json
import os
import subprocess
import sys
import threading
import time

PR_SET_CHILD_SUBREAPER = 36
PAGE = os.sysconf("SC_PAGE_SIZE")


def parent(pid):
    """The parent of a process, or None where it has ended."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            text = file.read()
    except OSError:
        return None
    return int(text[text.rindex(")") + 2 :].split()[1])


def memory_of(pid):
    """Resident bytes of a process that are its own, and those of files and of shared memory; 0 where it has ended."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            resident, shared = (int(pages) * PAGE for pages in file.read().split()[1:3])
    except OSError:
        return 0, 0
    return resident - shared, shared


def program(pid):
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return None


def resident():
    """Resident bytes of all that descends from this process; files and what is shared, once for each program."""
    children = {}
    for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
        children.setdefault(parent(pid), []).append(pid)
    total, shared_by, left = 0, {}, list(children.get(os.getpid(), []))
    while left:
        pid = left.pop()
        own, shared = memory_of(pid)
        total += own
        of = program(pid)
        shared_by[of] = max(shared_by.get(of, 0), shared)
        left.extend(children.get(pid, []))
    return total + sum(shared_by.values())


class Memory(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.peak = 0
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(0.2):
            self.peak = max(self.peak, resident())


ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
started = time.monotonic()
child = subprocess.Popen(sys.argv[1:], stdout=sys.stderr)
memory = Memory()
memory.start()
seconds, code, cpu, peak = 0.0, 1, 0.0, 0
while True:
    try:
        pid, status, usage = os.wait4(-1, 0)
    except ChildProcessError:
        break
    seconds = time.monotonic() - started
    if pid == child.pid:
        code = os.waitstatus_to_exitcode(status)
    cpu += usage.ru_utime + usage.ru_stime
    peak = max(peak, usage.ru_maxrss)
memory.ended.set()
memory.join()
together = memory.peak >> 20
print(json.dumps({"seconds": seconds, "cpuSeconds": cpu, "peakMiB": peak // 1024, "togetherMiB": together}))
sys.exit(code)
