// Proves that keys of every version of Camus are decoded in full, and that no malformed key or offsets file passes.
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../formats/byte-source.ts';
import { decodeEtlKey, readOffsetsFile } from '../../../layouts/camus/etl-key.ts';
import type { EtlKey } from '../../../layouts/camus/etl-key.ts';
import { openSequenceFile } from '../../../formats/hadoop/sequence-file.ts';
import {
  fixture,
  fixtureLines,
  fixturesBelow,
  fixtureText,
  formatErrorOf,
} from '../../formats/support/fixture-files.ts';

interface ExpectedKey extends Record<string, unknown> {
  file: string;
  index: number;
  map: Record<string, unknown> | null;
}

function plain(key: EtlKey): Record<string, unknown> {
  const shown = Object.entries(key).filter(([name]) => name !== 'map');
  const map: unknown = key.map === undefined ? null : Object.fromEntries(key.map);
  return {
    ...Object.fromEntries(
      shown.map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : (value as unknown)]),
    ),
    map,
  };
}

/** JSON as the expected file has it: integers in maps as numbers, bytes as strings of U+0000 to U+00FF. */
function comparable(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (value instanceof Map) return comparable(Object.fromEntries(value));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, comparable(one)]));
}

const expected = fixtureLines('expected/etlkeys.jsonl').map((line) => JSON.parse(line) as ExpectedKey);

describe('offsets files', () => {
  it.each([...new Set(expected.map((key) => key.file))])('%s: every key in full', async (file) => {
    const keys = await readOffsetsFile(bytesSource(fixture(file)));
    const wanted = expected.filter((key) => key.file === file);
    expect(keys).toHaveLength(wanted.length);
    for (const [i, key] of keys.entries()) {
      const { file: _file, index: _index, ...fields } = wanted[i]!;
      expect(comparable(plain(key))).toEqual(fields);
    }
  });

  it('give the offsets of every execution', async () => {
    const byFolder = JSON.parse(fixtureText('expected/offsets.by-dir.json')) as Record<
      string,
      Record<string, { partition: number; offset: string }[]>
    >;
    for (const [folder, topics] of Object.entries(byFolder)) {
      const largest = new Map<string, bigint>();
      for (const path of fixturesBelow(`exec/history/${folder}`).filter((one) => /\/offsets[^/]*$/.test(one))) {
        for (const key of await readOffsetsFile(bytesSource(fixture(path)))) {
          const place = `${key.topic} ${key.partition}`;
          if ((largest.get(place) ?? -1n) < key.offset) largest.set(place, key.offset);
        }
      }
      const wanted = Object.entries(topics).flatMap(([topic, offsets]) =>
        offsets.map((one): [string, bigint] => [`${topic} ${one.partition}`, BigInt(one.offset)]),
      );
      expect(Object.fromEntries(largest)).toEqual(Object.fromEntries(wanted));
    }
  });

  const negative = (
    JSON.parse(fixtureText('expected/exec-negative.json')) as { history: string; file: string | null; what: string }[]
  ).filter((one) => one.file !== null);

  it.each(negative)('$history: $what', async ({ history, file }) => {
    const error = await formatErrorOf(() =>
      readOffsetsFile(bytesSource(fixture(`${history}/2014-11-01-11-00-00/${file}`))),
    );
    expect(error.facts.position).toBeTypeOf('number');
    expect(error.describe(file!)).toContain(`${file} at byte `);
  });
});

describe('a key', () => {
  it('is an error wherever it is cut, except where the map begins', async () => {
    const path = 'exec/history/2013-10-08-23-59-59/offsets-m-00000';
    const file = await openSequenceFile(bytesSource(fixture(path)));
    for await (const { key } of file.records()) {
      const whole = decodeEtlKey(key);
      const accepted: number[] = [];
      for (let length = 0; length < key.length; length++) {
        try {
          decodeEtlKey(key.subarray(0, length));
          accepted.push(length);
        } catch (error) {
          expect(error).toMatchObject({ name: 'FormatError' });
        }
      }
      expect(whole.map).toBeInstanceOf(Map);
      expect(accepted).toHaveLength(1);
      expect(() => decodeEtlKey(Buffer.concat([key, Buffer.alloc(1)]))).toThrow('the length of an EtlKey is wrong');
    }
  });

  it('does not follow maps in maps without end', () => {
    const head = Buffer.alloc(2 + 4 + 8 + 8 + 8 + 2 + 8 + 2 + 2);
    const nested = Buffer.concat(Array.from({ length: 100_000 }, () => Buffer.from([0, 0, 0, 0, 1, 0x89, 0x87])));
    expect(() => decodeEtlKey(Buffer.concat([head, nested]))).toThrow('maps are nested too deep');
  });
});
