import type { Finding } from './finding.ts';

/** Whole seconds are all that the header tells; a clock that is this far off is worth a word. */
const TOLERATED_MS = 2_000;

/**
 * How far a server's clock is from ours at the least, by the header `Date` of an answer, which names the second in which it
 * was written. A question that was under way for long tells the less.
 *
 * @param sentAt, answeredAt - milliseconds since 1970 by our own clock
 */
export function clockFinding(
  date: string | readonly string[] | undefined,
  sentAt: number,
  answeredAt: number,
): Finding {
  // A NameNode writes the header twice.
  const from = Date.parse((typeof date === 'string' ? date : date?.[0]) ?? '');
  if (Number.isNaN(from)) return { about: 'clock', verdict: 'untold', says: 'it tells no time' };
  const ahead = from - answeredAt;
  const behind = sentAt - (from + 999);
  const off = Math.max(ahead, behind, 0);
  if (off < TOLERATED_MS) return { about: 'clock', verdict: 'fine', says: `its clock is ours, within ${seconds(off)}` };
  return {
    about: 'clock',
    verdict: 'warning',
    says: `its clock is ${seconds(off)} ${ahead > 0 ? 'ahead of' : 'behind'} ours`,
    remedy: 'let both follow the same time servers (chronyd, ntpd): ages of files and names of executions go by them',
  };
}

function seconds(milliseconds: number): string {
  const whole = Math.round(milliseconds / 1000);
  return `${Math.max(1, whole)} s`;
}
