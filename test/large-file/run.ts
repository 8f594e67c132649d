import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { putLong, putString } from '../support/camus-archive/avro-binary.ts';
import { AvroContainerWriter } from '../support/camus-archive/index.ts';
import { onHarness } from '../support/on-stack.ts';
import type { ReplayHarness } from '../support/replay-harness.ts';

const MEBIBYTE = 1024 * 1024;
const SCHEMA = {
  type: 'record',
  name: 'Event',
  fields: [
    { name: 'time', type: 'long' },
    { name: 'body', type: 'string' },
  ],
} as const;
const START = 1_414_915_200_000;
/** Records that the job's time range takes: the last ones, which lie beyond the 31 bits of an int. */
const TAKEN = 50;

/**
 * `npm run test:large-file -- [--mib N] [--stack NAME]`: replays the last records of one Avro file of more than 2 GiB on
 * HDFS (2200 MiB unless told), as a job reads it, in many splits and all of it; its name counts its records, so that one
 * that is lost or doubled anywhere ends the job. Without `--stack` it starts servers of its own, and removes them.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { mib: { type: 'string', default: '2200' }, stack: { type: 'string' } },
  });
  const own = { purpose: 'large', onProgress: console.log };
  await onHarness(values.stack, own, (harness) => replayLargeFile(harness, Number(values.mib)));
}

/** @param records of one MiB each */
async function replayLargeFile(harness: ReplayHarness, records: number): Promise<void> {
  const topic = `large_${harness.id}`;
  const dest = `${harness.folder}/dest`;
  const path = `${dest}/${topic}/hourly/2014/11/02/00/${topic}.0.0.${records}.${records}.${START}.avro`;
  let from = performance.now();
  const bytes = await harness.store.write(path, largeFile(records));
  console.log(`${path}: ${bytes} bytes written in ${seconds(from)} s`);
  if (bytes <= 2 ** 31) throw new Error(`expected more than 2^31 bytes, found ${bytes}: --mib must be larger`);
  await harness.startWorker();
  from = performance.now();
  const result = await harness.replay({
    topic,
    replayTopic: { maxMessageBytes: 2 * MEBIBYTE },
    archive: { dest },
    from: START + records - TAKEN,
  });
  console.log(`replayed in ${seconds(from)} s: read ${result.records.read}, published ${result.records.published}`);
  const found = await harness.read(`${topic}_REPLAY`);
  for (const [i, { value, timestamp }] of found.entries()) {
    const expected = START + records - TAKEN + i;
    const { body } = JSON.parse(value.toString()) as { body: string };
    if (timestamp !== String(expected) || body.length !== bodyOf(expected).length || body !== bodyOf(expected))
      throw new Error(`record ${i}: expected that of ${expected}, found ${timestamp} and ${body.length} characters`);
  }
  if (found.length !== TAKEN || result.records.read !== records)
    throw new Error(`expected ${records} read and ${TAKEN} published, found ${result.records.read}, ${found.length}`);
  console.log(`${found.length} records beyond byte ${bytes - TAKEN * MEBIBYTE}, in order and as they were written`);
}

const FILLER = randomBytes(MEBIBYTE / 2 - 32).toString('hex');
const bodyOf = (time: number): string => `${time} ${FILLER}`;

function largeFile(records: number): AsyncGenerator<Uint8Array> {
  const writer = new AvroContainerWriter({ schema: JSON.stringify(SCHEMA), sync: randomBytes(16) });
  return writer.chunks(records, (ordinal, out) => {
    out.reserve(MEBIBYTE + 64);
    putLong(out, START + ordinal);
    putString(out, bodyOf(START + ordinal));
  });
}

const seconds = (from: number): string => ((performance.now() - from) / 1000).toFixed(1);

await main();
