// Proves that offsets files of the test archives are those that Camus and Hadoop write: fixtures of theirs are made
// again byte for byte from the keys in them, and our own readers take them, sync markers included.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { bytesSource } from '../../../formats/byte-source.ts';
import { decodeEtlKey } from '../../../layouts/camus/etl-key.ts';
import { openSequenceFile } from '../../../formats/hadoop/sequence-file.ts';
import { Draws } from './draws.ts';
import { ETL_KEY_CLASS, ETL_REQUEST_CLASS, NULL_CLASS, etlKeyBytes, etlRequestBytes } from './etl-key.ts';
import { SequenceFileWriter } from './sequence-file-writer.ts';
import type { EtlKey, EtlRequest } from './etl-key.ts';

const fixtures = new URL('../../fixtures/', import.meta.url);
/** Hadoop 3.4.1, which wrote the fixtures. */
const HADOOP_3_INTERVAL = 102_400;
const sync = new Draws(1).bytes(16);

interface ListedKey {
  file: string;
  leaderId: string;
  partition: number;
  beginOffset: string;
  offset: string;
  checksum: string;
  topic: string;
  time: string;
  map: { service?: string; 'message.size'?: number; server?: string };
}

async function listed<T extends { file: string }>(list: string, file: string): Promise<T[]> {
  const lines = (await readFile(new URL(`expected/${list}`, fixtures), 'utf8'))
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as T).filter((entry) => entry.file === file);
}

function keyOf(entry: ListedKey): EtlKey {
  const { service, 'message.size': messageSize, server } = entry.map;
  const map =
    service === undefined || messageSize === undefined || server === undefined
      ? undefined
      : { service, messageSize, server };
  return {
    ...entry,
    beginOffset: BigInt(entry.beginOffset),
    offset: BigInt(entry.offset),
    checksum: Number(entry.checksum),
    time: Number(entry.time),
    map,
  };
}

function written(
  keyClass: string,
  keys: Buffer[],
  compression: 'none' | 'record',
  sync: Uint8Array,
  syncInterval?: number,
): Buffer {
  const writer = new SequenceFileWriter({
    keyClass,
    valueClass: NULL_CLASS,
    compression,
    sync,
    ...(syncInterval === undefined ? {} : { syncInterval }),
  });
  for (const key of keys) writer.append(key, new Uint8Array(0));
  return writer.take();
}

test.each([
  ['2014-11-03-09-10-05/offsets-previous', 'record'],
  ['2014-11-03-11-10-02/offsets-m-00002', 'record'],
] as const)('keys of a file of Camus are written to the very same bytes: %s', async (name, compression) => {
  const bytes = await readFile(new URL(`exec/history/${name}`, fixtures));
  const { syncMarker } = (await openSequenceFile(bytesSource(bytes))).header;
  const keys = (await listed<ListedKey>('etlkeys.jsonl', `exec/history/${name}`)).map(keyOf).map(etlKeyBytes);
  expect(keys.length).toBeGreaterThan(0);
  expect(written(ETL_KEY_CLASS, keys, compression, syncMarker ?? sync, HADOOP_3_INTERVAL).equals(bytes)).toBe(true);
});

test('requests.previous of Camus is written to the very same bytes', async () => {
  const name = 'exec/history/2014-11-03-09-10-05/requests.previous';
  const bytes = await readFile(new URL(name, fixtures));
  const { syncMarker } = (await openSequenceFile(bytesSource(bytes))).header;
  type Listed = Record<keyof EtlRequest, string> & { file: string };
  const requests = (await listed<Listed>('requests.jsonl', name)).map((entry) =>
    etlRequestBytes({
      ...entry,
      partition: Number(entry.partition),
      offset: BigInt(entry.offset),
      latestOffset: BigInt(entry.latestOffset),
    }),
  );
  expect(written(ETL_REQUEST_CLASS, requests, 'record', syncMarker ?? sync, HADOOP_3_INTERVAL).equals(bytes)).toBe(
    true,
  );
});

test.each(['none', 'record'] as const)(
  'our own readers get every key across sync markers, compression %s',
  async (compression) => {
    const keys = Array.from({ length: 200 }, (_, partition): EtlKey => {
      const offset = 9_007_199_254_740_993n + BigInt(partition);
      const map = { service: 'svc', messageSize: 300, server: `${'x'.repeat(130)}é` };
      const rest = { checksum: 4_000_000_000, time: 1_414_000_000_000, map };
      return { topic: 'web.orders', leaderId: '3', partition, beginOffset: offset - 1n, offset, ...rest };
    });
    const bytes = written(ETL_KEY_CLASS, keys.map(etlKeyBytes), compression, sync);
    const file = await openSequenceFile(bytesSource(bytes));
    const read = [];
    for await (const record of file.records()) read.push(decodeEtlKey(record.key));
    expect(
      read.map(({ topic, leaderId, partition, offset, checksum }) => ({
        topic,
        leaderId,
        partition,
        offset,
        checksum,
      })),
    ).toEqual(
      keys.map(({ topic, leaderId, partition, offset, checksum }) => ({
        topic,
        leaderId,
        partition,
        offset,
        checksum: BigInt(checksum),
      })),
    );
    expect(bytes.toString('latin1').split(sync.toString('latin1')).length).toBeGreaterThan(10);
  },
);
