/**
 * Proves that the files of an execution are those of Camus: every key of the fixtures comes out of our own encoder as the
 * bytes that Camus wrote, whole files too, and an offsets file never has two keys of a partition. That Camus's merge and
 * Camus2Kafka's read them: test/integration/java.
 */
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../formats/byte-source.ts';
import { openSequenceFile } from '../../../formats/hadoop/sequence-file.ts';
import { decodeWritable, writableReader } from '../../../formats/hadoop/writables.ts';
import { decodeEtlKey, ETL_KEY_CLASSES, readOffsetsFile } from '../../../layouts/camus/etl-key.ts';
import type { EtlKey } from '../../../layouts/camus/etl-key.ts';
import { carriedOver, encodeEtlKey, ETL_KEY_CLASS, etlKeyMap } from '../../../layouts/camus/etl-key-output.ts';
import { decodeEtlRequest, encodeEtlRequest, ETL_REQUEST_CLASS } from '../../../layouts/camus/etl-request.ts';
import type { EtlRequest } from '../../../layouts/camus/etl-request.ts';
import {
  errorsFile,
  EXCEPTION_WRITABLE_CLASS,
  offsetsFile,
  requestsFile,
} from '../../../layouts/camus/execution-files.ts';
import { fixture, fixturesBelow } from '../../formats/support/fixture-files.ts';

const FILES = fixturesBelow('exec/history').filter((path) => /\/(offsets|errors|requests)[^/]*$/.test(path));

async function collected(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

const KEY: EtlKey = {
  leaderId: '3',
  partition: 1,
  beginOffset: 5n,
  offset: 9n,
  checksum: 0n,
  topic: 'page.views',
  time: 1_414_915_200_000n,
  server: '',
  service: '',
  map: etlKeyMap({ service: 'svc', messageSize: 280n, server: 'app1' }),
};
const SYNC = Buffer.alloc(16, 3);

describe('files of an execution that Camus wrote', () => {
  let same = 0;
  let sameFiles = 0;

  it.each(FILES)('come out again of the same keys: %s', async (path) => {
    const bytes = fixture(path);
    const file = await openSequenceFile(bytesSource(bytes));
    const { header } = file;
    const records = [];
    for await (const record of file.records()) records.push(record);
    const options = {
      syncMarker: header.syncMarker!,
      compression: header.compression,
    };
    const reencoded = (() => {
      if (header.keyClass === ETL_REQUEST_CLASS)
        return requestsFile(
          records.map(({ key }) => decodeEtlRequest(key)),
          options,
        );
      const keys = records.map(({ key }) => carriedOver(decodeEtlKey(key)));
      for (const [i, { key }] of records.entries()) {
        const whole = decodeEtlKey(key).map?.size === keys[i]!.map?.size;
        expect(encodeEtlKey(keys[i]!).equals(key)).toBe(whole);
        if (whole) same++;
      }
      if (header.valueClass !== EXCEPTION_WRITABLE_CLASS) return offsetsFile(keys, options);
      const text = writableReader(EXCEPTION_WRITABLE_CLASS);
      return errorsFile(
        records.map(({ value }, i) => ({ key: keys[i]!, text: decodeWritable(text, value) as string })),
        options,
      );
    })();
    const ofOtherVersions = header.keyClass !== ETL_REQUEST_CLASS && header.keyClass !== ETL_KEY_CLASS;
    const partitions = records.map(({ key }) =>
      header.keyClass === ETL_REQUEST_CLASS ? '' : `${decodeEtlKey(key).topic} ${decodeEtlKey(key).partition}`,
    );
    const offsets = /\/offsets[^/]*$/.test(path);
    if (offsets && new Set(partitions).size < partitions.length) {
      await expect(collected(reencoded)).rejects.toThrow('comes twice');
      return;
    }
    const again = await collected(reencoded);
    expect(ETL_KEY_CLASSES.includes(header.keyClass) || header.keyClass === ETL_REQUEST_CLASS).toBe(true);
    if (again.equals(bytes)) sameFiles++;
    if (ofOtherVersions) return;
    const read = await openSequenceFile(bytesSource(again));
    expect(read.header).toEqual(header);
  });

  it('are the same bytes wherever nothing but keys of one form is in them', () => {
    expect(same).toBeGreaterThan(150);
    expect(sameFiles).toBeGreaterThan(15);
  });
});

describe('files of an execution', () => {
  it('give back their keys to the reader of offsets', async () => {
    const keys = Array.from({ length: 5000 }, (_, partition) => ({ ...KEY, partition, offset: BigInt(partition) }));
    const bytes = await collected(offsetsFile(keys, { syncMarker: SYNC }));
    expect(await readOffsetsFile(bytesSource(bytes))).toEqual(keys);
    const compressed = await collected(offsetsFile(keys, { syncMarker: SYNC, compression: 'block' }));
    expect(await readOffsetsFile(bytesSource(compressed))).toEqual(keys);
    expect(compressed.length).toBeLessThan(bytes.length / 5);
  });

  it('hold no second key of a partition', async () => {
    const keys = [KEY, { ...KEY, partition: 2 }, { ...KEY, leaderId: '4', offset: 10n }];
    await expect(collected(offsetsFile(keys, { syncMarker: SYNC }))).rejects.toThrow('page.views 1 comes twice');
  });

  it('keep a key without a map as one', () => {
    const key = { ...KEY, map: undefined };
    expect(decodeEtlKey(encodeEtlKey(key))).toEqual(key);
  });

  it('keep a request as it was', () => {
    const request: EtlRequest = {
      topic: 't',
      leaderId: '4',
      uri: 'tcp://h:9092',
      partition: 3,
      offset: 0n,
      latestOffset: 2n ** 62n,
    };
    expect(decodeEtlRequest(encodeEtlRequest(request))).toEqual(request);
    expect(() => decodeEtlRequest(Buffer.concat([encodeEtlRequest(request), Buffer.of(0)]))).toThrow(
      'bytes follow an EtlRequest',
    );
  });

  it('refuse a value of the map that is neither string nor bigint', () => {
    expect(() => encodeEtlKey({ ...KEY, map: new Map([['a', 1.5]]) })).toThrow('a map holds a number');
  });
});
