import type { RoundReport } from './round-report.ts';

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
  const seeds = [...new Set(reports.map(({ seed }) => seed.slice(0, seed.lastIndexOf('/'))))];
  return [
    '| fault | struck | came too late | rounds | failed |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(([name, row]) => `| \`${name}\` | ${row.struck} | ${row.late} | ${row.rounds} | ${row.failed} |`),
    '',
    [`${reports.length} rounds, ${failed} failed`, ...totals(reports), `seeds ${seeds.join(', ')}`].join('; '),
  ].join('\n');
}

function totals(reports: readonly RoundReport[]): string[] {
  const sum = (of: (report: RoundReport) => number | undefined): number =>
    reports.reduce((all, report) => all + (of(report) ?? 0), 0);
  const archives = reports.filter(({ archive }) => archive !== undefined);
  const ranges = reports.filter((report) => report.ranges !== undefined);
  const replays = reports.length - archives.length - ranges.length;
  return [
    ...(replays === 0
      ? []
      : [
          `${sum(({ aborted }) => aborted)} records in aborted transactions`,
          `${sum(({ splitsDecodedAgain }) => splitsDecodedAgain)} splits decoded again`,
        ]),
    ...(ranges.length === 0
      ? []
      : [
          `${sum((report) => report.ranges?.records)} records in ${sum((report) => report.ranges?.ranges)} ranges of functions`,
          `${sum((report) => report.ranges?.again)} calls for ranges that had been begun before`,
        ]),
    ...(archives.length === 0
      ? []
      : [
          `${sum(({ archive }) => archive?.records)} records archived in ${sum(({ archive }) => archive?.files)} files of ${sum(({ archive }) => archive?.executions)} executions`,
          `${sum(({ archive }) => archive?.lost)} lost in Kafka and told`,
          `${archives.filter(({ archive }) => archive?.replayed !== undefined).length} of the archives replayed`,
          `${archives.filter(({ archive }) => archive?.readByJava !== undefined).length} read by Java`,
        ]),
  ];
}
