/**
 * Proves on random schemas and values that what is published is what avsc reads and writes, that skipping ends where
 * transcoding does, that a cut datum is always refused, and that no byte, however it is changed, leads to anything but
 * a datum or a FormatError. A failure prints its seed; REWIND_SEED=… runs one again.
 */
import avro from 'avsc';
import { describe, expect, it } from 'vitest';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import type { SkipDatum } from '../../../formats/avro/skip-datum.ts';
import { compileSkip } from '../../../formats/avro/skip-datum.ts';
import { compileTranscoder } from '../../../formats/avro/transcoder.ts';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { randomDatum } from './support/random-datum.ts';
import { PLAIN_NAMES, SchemaGrower } from './support/random-schema.ts';
import { RandomSource } from './support/random-source.ts';

const FIRST = Number(process.env['REWIND_SEED'] ?? (Date.now() % 1_000_000) * 1000);
const SEEDS = process.env['REWIND_SEED'] === undefined ? 300 : 1;

const longType = avro.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const buffer = Buffer.alloc(8);
    buffer.writeBigInt64LE(value);
    return buffer;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

function forEachSeed(run: (random: RandomSource) => void): void {
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++)
    try {
      run(new RandomSource(seed));
    } catch (error) {
      throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
    }
}

describe('random schemas and values', () => {
  it('are published as avsc writes them', () => {
    forEachSeed((random) => {
      const json = new SchemaGrower(random, PLAIN_NAMES).record();
      const schema = parseSchema(json);
      const type = avro.Type.forSchema(json as never, { wrapUnions: true, registry: { long: longType } });
      const datum = randomDatum(schema, random, { blocks: true, finite: true });
      const out = new ByteWriter(8);
      const end = compileTranscoder(schema, schema, 'avro-binary').transcode(datum, 0, datum.length, out);
      expect(end).toBe(datum.length);
      const value: unknown = type.fromBuffer(datum);
      expect(out.view().toString('hex')).toBe(type.toBuffer(value).toString('hex'));
      out.length = 0;
      expect(compileTranscoder(schema, schema, 'avro-json').transcode(datum, 0, datum.length, out)).toBe(datum.length);
      const published = JSON.parse(out.view().toString()) as unknown;
      const expected = JSON.parse(type.toString(value)) as unknown;
      expect(asNumbers(published)).toEqual(asNumbers(expected));
      expect(compileSkip(schema)(datum, 0, datum.length)).toBe(datum.length);
    });
  });

  it('are refused when they are cut anywhere', () => {
    forEachSeed((random) => {
      const schema = parseSchema(new SchemaGrower(random).record());
      const datum = randomDatum(schema, random);
      const transcoder = compileTranscoder(schema, schema, 'json');
      const skip = compileSkip(schema);
      const cut = random.below(Math.max(1, datum.length));
      const out = new ByteWriter(8);
      out.append(Buffer.from('before'));
      if (datum.length === 0) return;
      expect(() => transcoder.transcode(datum, 0, cut, out)).toThrow(FormatError);
      expect(out.view().toString()).toBe('before');
      expect(() => skip(datum, 0, cut)).toThrow(FormatError);
    });
  });

  it('never lead out of bounds when bytes of them change', () => {
    forEachSeed((random) => {
      const schema = parseSchema(new SchemaGrower(random).record());
      const datum = randomDatum(schema, random, { blocks: true });
      const steps = (['json', 'avro-json', 'avro-binary'] as const).map((to): SkipDatum => {
        const transcoder = compileTranscoder(schema, schema, to);
        return (data, position, end) => transcoder.transcode(data, position, end, new ByteWriter(8));
      });
      const skip = compileSkip(schema);
      for (let round = 0; round < 20 && datum.length > 0; round++) {
        const damaged = Buffer.from(datum);
        damaged[random.below(damaged.length)] = random.below(256);
        damaged[random.below(damaged.length)] = random.pick([0, 1, 0x7f, 0x80, 0xff]);
        for (const read of [skip, ...steps])
          try {
            const end = read(damaged, 0, damaged.length);
            expect(end).toBeLessThanOrEqual(damaged.length);
          } catch (error) {
            if (!(error instanceof FormatError)) throw error;
            expect(error.facts.noticedAt).toBeLessThanOrEqual(damaged.length);
          }
      }
    });
  });
});

/** avsc spells NaN and infinities as null, and floats as doubles; that the bits agree is seen by the hex. */
function asNumbers(value: unknown): unknown {
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return null;
  if (Array.isArray(value)) return value.map(asNumbers);
  if (typeof value === 'number') return Math.fround(value) + 0;
  if (value === null || typeof value !== 'object') return value;
  return Object.entries(value).map(([key, item]) => [key, asNumbers(item)]);
}
