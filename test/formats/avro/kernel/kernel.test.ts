/**
 * Proves that what the kernel takes it takes to the bytes that the steps in JavaScript do, which are proven against Java
 * and avsc; that it leaves to them what is wrong or too much; and that what it has in memory is what it was asked for.
 * REWIND_SEED=… runs one seed again.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { Cursor } from '../../../../formats/avro/datum/cursor.ts';
import { JsonSteps } from '../../../../formats/avro/datum/json-steps.ts';
import { compileProgram } from '../../../../formats/avro/kernel/compile-program.ts';
import { Kernel, type KernelProgram } from '../../../../formats/avro/kernel/kernel.ts';
import { parseSchema } from '../../../../formats/avro/schema/parse-schema.ts';
import { resolve } from '../../../../formats/avro/schema/resolve.ts';
import type { AvroSchema } from '../../../../formats/avro/schema/schema.ts';
import { ByteWriter } from '../../../../formats/byte-writer.ts';
import { randomDatum } from '../support/random-datum.ts';
import { SchemaGrower } from '../support/random-schema.ts';
import { RandomSource } from '../support/random-source.ts';

const FIRST = Number(process.env['REWIND_SEED'] ?? (Date.now() % 1_000_000) * 1000);
const SEEDS = process.env['REWIND_SEED'] === undefined ? 400 : 1;
const LEFT = 'left to the steps';

let kernel: Kernel;
beforeEach(() => {
  kernel = Kernel.open()!;
});

function schemaOf(json: unknown): AvroSchema {
  return parseSchema(JSON.stringify(json));
}

function program(
  writer: unknown,
  reader: unknown = writer,
  encoding: 'avro-json' | 'json' = 'avro-json',
): KernelProgram {
  const [from, to] = [schemaOf(writer), schemaOf(reader)];
  const linked = kernel.link(compileProgram(resolve(from, to), new JsonSteps(encoding === 'avro-json')));
  if (linked === undefined) throw new Error('the program is too large');
  return linked;
}

/** What the kernel makes of a datum, and where it ends. */
function byKernel(run: KernelProgram, data: Uint8Array, position = 0, end = data.length): string {
  const out = new ByteWriter(8);
  out.append(Buffer.from('before'));
  const next = kernel.transcode(run, data, position, end, out);
  const text = out.view().toString('latin1');
  expect(text.startsWith('before')).toBe(true);
  if (next >= 0) return `${next} ${text.slice(6)}`;
  expect(text).toBe('before');
  return LEFT;
}

/** What the steps make of it. */
function bySteps(writer: AvroSchema, reader: AvroSchema, data: Uint8Array, wrap = true): string {
  const from = new Cursor();
  const out = new ByteWriter(8);
  from.start(data, 0, data.length);
  new JsonSteps(wrap).compile(resolve(writer, reader), 'the datum')(from, out);
  return `${from.position} ${out.view().toString('latin1')}`;
}

function forEachSeed(run: (random: RandomSource) => void): void {
  for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1)
    try {
      run(new RandomSource(seed));
    } catch (error) {
      throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
    }
}

/** Both, where the steps have something to say; else that the kernel leaves it to them. */
function compare(run: KernelProgram, writer: AvroSchema, reader: AvroSchema, data: Uint8Array, wrap = true): boolean {
  const found = byKernel(run, data);
  let expected: string;
  try {
    expected = bySteps(writer, reader, data, wrap);
  } catch {
    expect(found).toBe(LEFT);
    return true;
  }
  if (found !== LEFT) expect(found).toBe(expected);
  return found !== LEFT;
}

describe('random data', () => {
  it('become what they become by the steps', () => {
    let [taken, all] = [0, 0];
    forEachSeed((random) => {
      const json = new SchemaGrower(random).record();
      const schema = schemaOf(json);
      for (const encoding of ['avro-json', 'json'] as const) {
        const datum = randomDatum(schema, random, { blocks: true });
        all += 1;
        if (compare(program(json, json, encoding), schema, schema, datum, encoding === 'avro-json')) taken += 1;
      }
    });
    // What has many levels, or items of no width, is left to them.
    expect(taken / all).toBeGreaterThan(SEEDS === 1 ? -1 : 0.8);
  });

  it('are left to the steps wherever those refuse them', () => {
    forEachSeed((random) => {
      const json = new SchemaGrower(random).record();
      const schema = schemaOf(json);
      const run = program(json);
      const datum = randomDatum(schema, random, { blocks: true });
      for (let round = 0; round < 10 && datum.length > 0; round += 1) {
        const damaged = Buffer.from(datum);
        damaged[random.below(damaged.length)] = random.below(256);
        damaged[random.below(damaged.length)] = random.pick([0, 1, 0x7f, 0x80, 0xff]);
        compare(run, schema, schema, random.chance(0.3) ? damaged.subarray(0, random.below(damaged.length)) : damaged);
      }
    });
  });
});

/** A record of fields a, b, c ... of these types. */
function recordOf(...types: unknown[]): Record<string, unknown> {
  const fields = types.map((type, place) => ({ name: String.fromCharCode(0x61 + place), type }));
  return { type: 'record', name: 'R', fields };
}

describe('resolution', () => {
  const part = { type: 'record', name: 'P', fields: [{ name: 'p', type: 'string' }] };
  const all = recordOf('int', 'string', part, { type: 'map', values: 'long' }, ['null', 'P'], 'double', 'boolean');
  const fieldsOf = (schema: Record<string, unknown>): Record<string, unknown>[] => schema['fields'] as never;
  const datum = Buffer.concat([
    Buffer.of(0x0d, 0x04, 0x68, 0x69, 0x02, 0x70), // -7, "hi", {p: "p"}
    Buffer.of(0x02, 0x02, 0x6b, 0x80, 0x01, 0x00), // {k: 64}
    Buffer.of(0x02, 0x02, 0x71), // {p: "q"}
    Buffer.from('000000000000f83f01', 'hex'), // 1.5, true
  ]);

  it.each([
    ['the same', all],
    ['fields in another order', { ...all, fields: [...fieldsOf(all)].reverse().map(defining(part)) }],
    ['few of the fields', { ...all, fields: fieldsOf(all).slice(5, 6) }],
    ['none of the fields', { ...all, fields: [] }],
    [
      'others, with defaults',
      {
        ...all,
        fields: [
          { name: 'x', type: { type: 'array', items: 'int' }, default: [1, 2] },
          fieldsOf(all)[1],
          { name: 'y', type: ['null', 'string'], default: null },
        ],
      },
    ],
    ['promotions', recordOf('double', 'bytes', part, { type: 'map', values: 'float' }, ['P', 'null'], 'double')],
  ])('to %s is what it is by the steps', (_name, reader) => {
    const [from, to] = [schemaOf(all), schemaOf(reader)];
    const found = byKernel(program(all, reader), datum);
    expect(found).toBe(bySteps(from, to, datum));
    expect(found.startsWith(`${datum.length} `)).toBe(true);
  });

  it('leaves a symbol that the output schema lacks to the steps', () => {
    const symbols = (...names: string[]): unknown => ({ type: 'enum', name: 'E', symbols: names });
    const run = program(symbols('A', 'B'), symbols('B'));
    expect(byKernel(run, Buffer.of(0x00))).toBe(LEFT);
    expect(byKernel(run, Buffer.of(0x02))).toBe('1 "B"');
  });

  it('leaves a branch that the output schema lacks to the steps', () => {
    const run = program(['null', 'string'], 'string');
    expect(byKernel(run, Buffer.of(0x00))).toBe(LEFT);
    expect(byKernel(run, Buffer.of(0x02, 0x02, 0x61))).toBe('3 "a"');
  });
});

/** A type is defined where it comes first. */
function defining(part: object): (field: Record<string, unknown>) => Record<string, unknown> {
  let isDefined = false;
  return (field) => {
    const { name, type } = field;
    if (name === 'e' && !isDefined) {
      isDefined = true;
      return { name, type: ['null', part] };
    }
    return name === 'c' && isDefined ? { name, type: 'P' } : { name, type };
  };
}

describe('strings', () => {
  const text = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJ';

  /** One behind the other, as in a block: what is read sixteen bytes at once has others behind it. */
  function datumOf(value: Buffer): Buffer {
    return Buffer.concat([Buffer.of(value.length << 1), value, Buffer.from('"\\\u0001é behind')]);
  }

  it('of any length, with anything at any place, are as by the steps', () => {
    const schema = schemaOf('string');
    const run = program('string');
    for (const odd of ['', '"', '\\', '\u0000', '\u001f', '\n', '\u007f', 'é', '日', '😀'])
      for (let length = 0; length <= 33; length += 1)
        for (const at of odd === '' ? [0] : [0, 1, 14, 15, 16, 17, 31, 32, length].filter((place) => place <= length)) {
          const datum = datumOf(Buffer.from(text.slice(0, at) + odd + text.slice(at, length)));
          expect(byKernel(run, datum)).toBe(bySteps(schema, schema, datum));
        }
  });

  it.each(['80', 'c0af', 'c3', 'e0809f', 'eda080', 'e697', 'f08080af', 'f4908080', 'f09f98', 'ff'])(
    'of %s, which is not UTF-8, are left to the steps',
    (hex) => {
      const run = program('string');
      for (const before of ['', 'a', text])
        expect(byKernel(run, datumOf(Buffer.concat([Buffer.from(before), Buffer.from(hex, 'hex')])))).toBe(LEFT);
    },
  );

  it('are bytes where the writer has bytes, each of 256', () => {
    const value = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const datum = Buffer.concat([Buffer.of(0x80, 0x04), value]);
    const schema = schemaOf('bytes');
    expect(byKernel(program('bytes'), datum)).toBe(bySteps(schema, schema, datum));
    const fixed = schemaOf({ type: 'fixed', name: 'F', size: 256 });
    expect(byKernel(program({ type: 'fixed', name: 'F', size: 256 }), value)).toBe(bySteps(fixed, fixed, value));
  });
});

describe('numbers', () => {
  const longs = [0n, 1n, 9n, 10n, 99n, 100n, 12_345n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 10n ** 15n, 2n ** 63n - 1n];

  it('that are whole are as by the steps', () => {
    for (const to of ['long', 'float', 'double'])
      for (const value of longs.flatMap((each) => [each, -each, -each - 1n])) {
        const datum = varint(value);
        expect(byKernel(program('long', to), datum)).toBe(bySteps(schemaOf('long'), schemaOf(to), datum));
      }
  });

  it('that are not are as by the steps', () => {
    const random = new RandomSource(FIRST);
    const some = Array.from({ length: 2000 }, () => {
      const digits = random.below(1e9) / 10 ** random.below(9);
      return random.chance(0.5) ? digits : digits * 10 ** (random.below(40) - 20);
    });
    const edges = [
      0, -0, 0.001, 0.00099999999, 1e-3, 9999999.99999999, 1e7, 123456789, 1e14, 1e15, 5e-324, 1.7976931348623157e308,
    ];
    for (const value of [...edges, NaN, Infinity, -Infinity, ...some].flatMap((each) => [each, -each])) {
      const datum = Buffer.alloc(8);
      datum.writeDoubleLE(value);
      expect(byKernel(program('double'), datum)).toBe(bySteps(schemaOf('double'), schemaOf('double'), datum));
      const short = Buffer.alloc(4);
      short.writeFloatLE(value);
      for (const to of ['float', 'double'])
        expect(byKernel(program('float', to), short)).toBe(bySteps(schemaOf('float'), schemaOf(to), short));
    }
  });
});

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

describe('what is in memory', () => {
  const strings = (...values: string[]): Buffer =>
    Buffer.concat(values.map((value) => Buffer.concat([varint(BigInt(Buffer.byteLength(value))), Buffer.from(value)])));

  it('is the block at hand, record after record', () => {
    const run = program('string');
    const [first, second] = [strings('one', 'two'), strings('six', 'ten')];
    expect(byKernel(run, first)).toBe('4 "one"');
    expect(byKernel(run, second)).toBe('4 "six"');
    expect(byKernel(run, first, 4)).toBe('8 "two"');
    expect(byKernel(run, second, 4)).toBe('8 "ten"');
  });

  it('is read again where a record comes that was before, or ends elsewhere', () => {
    const run = program('string');
    const data = strings('one', 'two');
    expect(byKernel(run, data, 0)).toBe('4 "one"');
    data.set(strings('six'));
    expect(byKernel(run, data, 0)).toBe('4 "six"');
    data.set(strings('ten'), 4);
    expect(byKernel(run, data, 4, 8)).toBe('8 "two"');
    expect(byKernel(run, data, 4, 7)).toBe(LEFT);
    expect(byKernel(run, data, 4, 8)).toBe('8 "ten"');
  });

  it('is one program at a time', () => {
    const [text, number] = [program('string'), program('long')];
    const data = strings('one');
    expect(byKernel(text, data)).toBe('4 "one"');
    expect(byKernel(number, data)).toBe('1 3');
    expect(byKernel(text, data)).toBe('4 "one"');
  });

  it('is a part of a block that is larger than it', () => {
    const run = program('string');
    const value = 'x'.repeat(100_000);
    const block = strings(...Array.from({ length: 60 }, () => value));
    let at = 0;
    for (let record = 0; record < 60; record += 1) {
      const found = byKernel(run, block, at);
      at += block.length / 60;
      expect(found).toBe(`${at} "${value}"`);
    }
  });

  it('leaves to the steps what becomes too large', () => {
    const run = program({ type: 'array', items: 'string' });
    const most = strings('x'.repeat(170_000));
    const datum = (count: number): Buffer =>
      Buffer.concat([varint(BigInt(count)), ...Array.from({ length: count }, () => most), Buffer.of(0)]);
    expect(byKernel(run, datum(1))).not.toBe(LEFT);
    expect(byKernel(run, datum(8))).toBe(LEFT);
    expect(byKernel(run, datum(1))).not.toBe(LEFT);
  });
});

describe('what is too much', () => {
  it('are levels without end', () => {
    const list = { type: 'record', name: 'L', fields: [{ name: 'next', type: ['null', 'L'] }] };
    const datum = (levels: number): Buffer => Buffer.concat([Buffer.alloc(levels, 2), Buffer.of(0)]);
    const schema = schemaOf(list);
    expect(byKernel(program(list), datum(50))).toBe(bySteps(schema, schema, datum(50)));
    expect(byKernel(program(list), datum(100_000))).toBe(LEFT);
    expect(byKernel(program(list), datum(50))).not.toBe(LEFT);
  });

  it('is a schema with more fields than a program has room for', () => {
    const fields = Array.from({ length: 5_000 }, (_, place) => ({ name: `field_${place}`, type: 'string' }));
    expect(() => program({ type: 'record', name: 'R', fields })).toThrow('too large');
  });
});
