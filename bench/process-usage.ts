import { readFileSync } from 'node:fs';

/** CPU and peak memory of a process, as Linux accounts for them. */
export function processUsage(pid: number): { cpuSeconds: number; peakMiB: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  // Fields 14 and 15 of proc(5), in ticks of 10 ms.
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
    peakMiB: Math.round(Number(peak?.[1] ?? 0) / 1024),
  };
}
