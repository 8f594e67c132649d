import { randomBytes } from 'node:crypto';
import type { Draws } from '../../support/camus-archive/draws.ts';
import type { ReplayHarness } from '../../support/replay-harness.ts';
import { containerOf } from '../../support/test-archive.ts';
import type { ExpectedRecord, RestoreSource } from './restore-source.ts';

const START = Date.UTC(2026, 10, 20, 10);
const SCHEMA = {
  type: 'record',
  name: 'Numbered',
  fields: [
    { name: 'n', type: 'int' },
    { name: 'timestamp', type: 'long' },
    { name: 'text', type: 'string' },
  ],
};

/** A topic as the HDFS sink of Kafka Connect leaves it: files by partition, offsets in their names, and what is no data. */
export async function connectFiles(harness: ReplayHarness, draws: Draws, records: number): Promise<RestoreSource> {
  const topic = `connect_${randomBytes(4).toString('hex')}`;
  const dest = `${harness.folder}/${topic}`;
  const partitions = 1 + draws.below(3);
  const offsets: RestoreSource['offsets'] = {};
  const all: { time: number; record: ExpectedRecord }[][] = [];
  let n = 0;
  for (let partition = 0; partition < partitions; partition += 1) {
    const own: (typeof all)[number] = [];
    let next = 0;
    while (next < Math.ceil(records / partitions)) {
      const count = 1 + draws.below(60);
      const rows = Array.from({ length: count }, () => {
        const time = START + draws.below(7_200_000);
        return { n: n++, timestamp: time, text: 'x'.repeat(n % 60) };
      });
      const padded = (offset: number): string => String(offset).padStart(10, '0');
      const name = `${topic}+${partition}+${padded(next)}+${padded(next + count - 1)}.avro`;
      await harness.store.write(`${dest}/topics/${topic}/partition=${partition}/${name}`, containerOf(SCHEMA, rows));
      for (const row of rows)
        own.push({
          time: row.timestamp,
          record: { key: null, value: JSON.stringify(row), timestamp: BigInt(row.timestamp), headers: [] },
        });
      next += count;
    }
    offsets[String(partition)] = String(next);
    // Of equal times the one of the earlier file and place comes first.
    all.push(own.sort((a, b) => a.time - b.time));
  }
  await harness.store.write(`${dest}/topics/+tmp/${topic}/partition=0/1_tmp.avro`, [Buffer.from('Obj')]);
  await harness.store.write(`${dest}/logs/${topic}/0/log`, [Buffer.from('log')]);
  // Kafka keeps no offsets of a topic that is not there.
  const ends = Object.entries(offsets).map(([partition, end]) => ({
    partition: Number(partition),
    offset: BigInt(end),
  }));
  await harness.createSource(topic, ends);
  return {
    topic,
    job: {
      topic,
      archive: { layout: 'kafka-connect', dest, timeZone: 'UTC' },
      time: { field: 'timestamp' },
      output: { encoding: 'json', partitions: 'source' },
    },
    expected: all.map((own) => own.map(({ record }) => record)),
    offsets,
  };
}
