import { readFileSync } from 'node:fs';

/** CPU seconds that all processes of the machine have taken since it started, as Linux accounts for them. */
export function machineCpuSeconds(): number {
  const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '';
  // user, nice, system, idle, iowait, irq, softirq; proc(5), in ticks of 10 ms.
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softirq) / 100;
}
