import type { RoundReport } from './play-round.ts';

/** A table in Markdown: for each kind of fault how often it struck, in how many rounds, and how many of those failed. */
export function reportTable(reports: readonly RoundReport[]): string {
  const kinds = new Map<string, { struck: number; late: number; rounds: number; failed: number }>();
  for (const { strikes, faults } of reports) {
    const seen = new Set<string>();
    for (const { kind, late } of strikes) {
      const row = kinds.get(kind) ?? { struck: 0, late: 0, rounds: 0, failed: 0 };
      kinds.set(kind, row);
      row[late ? 'late' : 'struck'] += 1;
      if (late || seen.has(kind)) continue;
      seen.add(kind);
      row.rounds += 1;
      if (faults.length > 0) row.failed += 1;
    }
  }
  const rows = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1));
  const failed = reports.filter(({ faults }) => faults.length > 0).length;
  const aborted = reports.reduce((sum, report) => sum + report.aborted, 0);
  const again = reports.reduce((sum, report) => sum + report.splitsDecodedAgain, 0);
  const seeds = [...new Set(reports.map(({ seed }) => seed.slice(0, seed.lastIndexOf('/'))))];
  return [
    '| fault | struck | came too late | rounds | failed |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(([name, row]) => `| \`${name}\` | ${row.struck} | ${row.late} | ${row.rounds} | ${row.failed} |`),
    '',
    `${reports.length} rounds, ${failed} failed; ${aborted} records in aborted transactions, ${again} splits decoded again; seeds ${seeds.join(', ')}`,
  ].join('\n');
}
