import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One process and no other: pids are used again, a pid together with its start time is not. */
export interface ProcessIdentity {
  pid: number;
  /** Opaque: boot id and clock ticks since boot on Linux, `ps`'s start time elsewhere. */
  startTime: string;
}

/** When the process with this pid started, or undefined where there is none (a zombie counts as none). */
export function startTimeOf(pid: number): string | undefined {
  return process.platform === 'linux' ? startTimeFromProc(pid) : startTimeFromPs(pid);
}

/** Whether exactly that process is still there. */
export function isAlive(identity: ProcessIdentity): boolean {
  return startTimeOf(identity.pid) === identity.startTime;
}

/** The identity of a process that runs now, or undefined where it has ended already. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startTime = startTimeOf(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** Whether that process is stopped by a signal (SIGSTOP). Known on Linux only. */
export function isPaused(identity: ProcessIdentity): boolean {
  return isAlive(identity) && process.platform === 'linux' && readStat(identity.pid)?.[0] === 'T';
}

/**
 * Sends a signal to that process and to nothing else.
 * @returns false where it has ended already
 */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

function startTimeFromProc(pid: number): string | undefined {
  const fields = readStat(pid);
  if (fields === undefined || fields[0] === 'Z' || fields[0] === 'X') return undefined;
  // proc(5): starttime is field 22; `fields` begins with field 3.
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
}

/** The fields of /proc/PID/stat from the third on: the second, the command, may hold spaces and parentheses. */
function readStat(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

function startTimeFromPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch (error) {
    // ps ends with 1 where there is no such process.
    if ((error as { status?: number }).status === 1) return undefined;
    throw error;
  }
}
