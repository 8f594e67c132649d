"""Runs a command, and prints seconds, CPU seconds and peak memory (MiB) of it and all that it started, as JSON.

Linux only: whatever it leaves behind becomes this process's child, so that none is forgotten.
"""
import ctypes
import json
import os
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
started = time.monotonic()
child = subprocess.Popen(sys.argv[1:], stdout=sys.stderr)
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
print(json.dumps({"seconds": seconds, "cpuSeconds": cpu, "peakMiB": peak // 1024}))
sys.exit(code)
