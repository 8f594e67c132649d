import type { ReplayHarness } from './replay-harness.ts';
import { uniqueTopic, writeCamusFile } from './test-archive.ts';

const HOUR = 3_600_000;
const BUCKET = Date.UTC(2014, 10, 2, 12);
/** Records of the hours, each with as many bytes of text: that of the second takes more than 16 MiB, and is a small file. */
const RECORDS = [2_000, 14_000, 2_000];
const TEXT_BYTES = 1_600;

/** A worker with this has 16 MiB for the records of all windows. */
export const SMALL_MEMORY = { REWIND_MEMORY_MIB: '64', REWIND_SPLIT_MIB: '0.05' } as const;

export interface LargeHour {
  topic: string;
  dest: string;
  /** Of all records, in no order. */
  times: number[];
}

/** Three hours of two files each, of which the second does not fit into the memory of a worker that has little. */
export async function writeLargeHour(harness: ReplayHarness): Promise<LargeHour> {
  const topic = uniqueTopic();
  const dest = `${harness.folder}/${topic}/large`;
  const fields = [
    { name: 'time', type: 'long' },
    { name: 'text', type: 'string' },
  ];
  const times: number[] = [];
  for (const [nth, records] of RECORDS.entries())
    for (const file of [0, 1]) {
      const bucket = BUCKET + nth * HOUR;
      const own = Array.from({ length: records / 2 }, (_, n) => bucket + ((n * 7) % (records / 2)) * 200 + file);
      times.push(...own);
      await writeCamusFile(harness, {
        dest,
        topic,
        schema: { type: 'record', name: 'Event', fields },
        bucket,
        nextOffset: (nth * 2 + file + 1) * 10_000,
        records: own.map((time) => ({ time, text: `${time} `.repeat(TEXT_BYTES / 14) })),
      });
    }
  return { topic, dest, times };
}
