/** How long one pass over a file took, and how many records it gave. */
export interface Timing {
  seconds: number;
  records: number;
}

/** A line of the table. */
export interface ReaderResult {
  name: string;
  /** Bytes of the file's data when decompressed. */
  bytes: number;
  ours: Timing;
  /** Java's reader on the same file, where there is one. */
  java?: Timing;
}

/** The fastest of five rounds, as the programs of bench/java measure. */
export async function fastest(run: () => Promise<number>): Promise<Timing> {
  let best: Timing | undefined;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    const records = await run();
    const seconds = (performance.now() - start) / 1000;
    if (best === undefined || seconds < best.seconds) best = { seconds, records };
  }
  return best!;
}

const whole = (value: number) => Math.round(value).toLocaleString('en');

function cells(bytes: number, timing: Timing | undefined): string {
  if (timing === undefined) return '- | -';
  return `${whole(bytes / timing.seconds / 1e6)} | ${whole(timing.records / timing.seconds)}`;
}

/** @throws Error where Java's reader found another number of records */
export function markdownTable(results: readonly ReaderResult[]): string {
  const lines = ['| reader | MB/s | records/s | Java MB/s | Java records/s |', '| --- | ---: | ---: | ---: | ---: |'];
  for (const { name, bytes, ours, java } of results) {
    if (java !== undefined && java.records !== ours.records)
      throw new Error(`${name}: read ${ours.records} records, and Java ${java.records}`);
    lines.push(`| ${name} | ${cells(bytes, ours)} | ${cells(bytes, java)} |`);
  }
  return lines.join('\n');
}
