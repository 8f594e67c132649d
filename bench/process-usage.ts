import { readFileSync, writeFileSync } from 'node:fs';

/** What a run took. */
export interface Usage {
  seconds: number;
  cpuSeconds: number;
  peakMiB: number;
  /** Seconds of each of its steps. */
  steps?: Record<string, number>;
}

/** CPU and resident memory of a process, now and at its peak, as Linux accounts for them. */
export function processUsage(pid: number): { cpuSeconds: number; residentMiB: number; peakMiB: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // Fields 14 and 15 of proc(5), in ticks of 10 ms.
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
    residentMiB: statusMiB(pid, 'VmRSS'),
    peakMiB: statusMiB(pid, 'VmHWM'),
  };
}

/** A line of proc(5)'s `status`, which are in kB. */
function statusMiB(pid: number, name: string): number {
  const line = new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(line?.[1] ?? 0) / 1024);
}

/** From now on the peak is counted anew. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
