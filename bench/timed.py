"""Runs a command, and prints what it and all that it started took, as JSON: seconds, CPU seconds, peak memory (MiB) of
the largest process, and of all of them together as seen five times a second.

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


def stat(pid):
    """Parent and resident bytes of a process, or None where it has ended."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            text = file.read()
    except OSError:
        return None
    fields = text[text.rindex(")") + 2 :].split()
    return int(fields[1]), int(fields[21]) * PAGE


def resident():
    """Resident bytes of all that descends from this process."""
    processes = {int(name): stat(name) for name in os.listdir("/proc") if name.isdigit()}
    children = {}
    for pid, known in processes.items():
        if known is not None:
            children.setdefault(known[0], []).append(pid)
    total, left = 0, list(children.get(os.getpid(), []))
    while left:
        pid = left.pop()
        total += processes[pid][1]
        left.extend(children.get(pid, []))
    return total


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
together = max(memory.peak >> 20, peak // 1024)
print(json.dumps({"seconds": seconds, "cpuSeconds": cpu, "peakMiB": peak // 1024, "togetherMiB": together}))
sys.exit(code)
