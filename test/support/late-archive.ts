import { randomBytes } from 'node:crypto';
import type { ReplayHarness } from './replay-harness.ts';
import { uniqueTopic, writeCamusFile } from './test-archive.ts';

const HOUR = 3_600_000;
const BUCKET = Date.UTC(2014, 10, 2, 12);
const RECORDS = 8_000;

export interface LateArchive {
  topic: string;
  dest: string;
  /** Of all records, in no order. */
  times: number[];
}

/**
 * Three files of an hour each. One record of the second is of the third's hour: its last one, behind all that a sample
 * sees, so that the listing takes windows for it.
 */
export async function writeLateArchive(harness: ReplayHarness): Promise<LateArchive> {
  const topic = uniqueTopic();
  const dest = `${harness.folder}/${topic}/late`;
  const fields = [
    { name: 'time', type: 'long' },
    { name: 'pad', type: 'string' },
  ];
  const times: number[] = [];
  for (const nth of [0, 1, 2]) {
    const own = Array.from({ length: RECORDS }, (_, n) => BUCKET + nth * HOUR + n * 400);
    if (nth === 1) own.push(BUCKET + 2 * HOUR + 1_000_001);
    times.push(...own);
    await writeCamusFile(harness, {
      dest,
      topic,
      schema: { type: 'record', name: 'Event', fields },
      bucket: BUCKET + nth * HOUR,
      nextOffset: (nth + 1) * 10_000,
      records: own.map((time) => ({ time, pad: randomBytes(12).toString('base64') })),
    });
  }
  return { topic, dest, times };
}
