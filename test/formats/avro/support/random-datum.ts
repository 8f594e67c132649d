import type { AvroSchema } from '../../../../formats/avro/schema/schema.ts';
import { appendLong } from '../../../../formats/avro/datum/append-long.ts';
import { ByteWriter } from '../../../../formats/byte-writer.ts';
import type { RandomSource } from './random-source.ts';

const STRINGS = [
  '',
  'a',
  'plain text',
  'ümläut',
  '日本',
  '😀 and 𝔸',
  'q"b\\s/',
  '\u0000\u001f\u007f\b\f\n\r\t',
  '\u2028\u0085',
];
const LONGS = [
  0n,
  -1n,
  1n,
  63n,
  -64n,
  64n,
  1n << 31n,
  -(1n << 31n) - 1n,
  (1n << 53n) + 1n,
  (1n << 63n) - 1n,
  -(1n << 63n),
];
const INTS = [0n, -1n, 100n, 2147483647n, -2147483648n, 12345678n];
const FINITE = [0, -0, 1, 0.1, -2.5, 1e7, 123456.789, 1e-3, 1e-5, 1e21];
const DOUBLES = [...FINITE, NaN, Infinity, -Infinity];

export interface RandomDatumOptions {
  /** Arrays and maps in several blocks, some of which say how long they are. @default false */
  blocks?: boolean;
  /** No NaN and no infinities, which avsc doesn't write. @default false */
  finite?: boolean;
}

/** The binary encoding of a random value of the schema. */
export function randomDatum(schema: AvroSchema, random: RandomSource, options: RandomDatumOptions = {}): Buffer {
  const out = new ByteWriter(256);
  put(schema, random, out, 0, options);
  return Buffer.from(out.view());
}

function put(
  schema: AvroSchema,
  random: RandomSource,
  out: ByteWriter,
  depth: number,
  options: RandomDatumOptions,
): void {
  switch (schema.type) {
    case 'null':
      return;
    case 'boolean':
      return out.append(Uint8Array.of(random.below(2)));
    case 'int':
      return appendLong(out, random.pick(INTS));
    case 'long':
      return appendLong(out, random.pick(LONGS));
    case 'float': {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatLE(random.pick(options.finite ? FINITE : DOUBLES));
      return out.append(bytes);
    }
    case 'double': {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(random.pick(options.finite ? FINITE : DOUBLES));
      return out.append(bytes);
    }
    case 'bytes':
    case 'string': {
      // bytes are UTF-8 too, since a reader may take them for a string
      const bytes = Buffer.from(random.pick(STRINGS));
      appendLong(out, BigInt(bytes.length));
      return out.append(bytes);
    }
    case 'fixed':
      return out.append(Buffer.from(Array.from({ length: schema.size }, () => random.below(256))));
    case 'enum':
      return appendLong(out, BigInt(random.below(schema.symbols.length)));
    case 'union': {
      const leaf = schema.branches.findIndex((branch) => branch.type !== 'record' && branch.type !== 'array');
      const index = depth > 6 && leaf >= 0 ? leaf : random.below(schema.branches.length);
      appendLong(out, BigInt(index));
      return put(schema.branches[index]!, random, out, depth + 1, options);
    }
    case 'record':
      for (const field of schema.fields) put(field.schema, random, out, depth + 1, options);
      return;
    case 'array':
    case 'map':
      return putBlocks(schema, random, out, depth, options);
  }
}

function putBlocks(
  schema: AvroSchema & { type: 'array' | 'map' },
  random: RandomSource,
  out: ByteWriter,
  depth: number,
  options: RandomDatumOptions,
): void {
  const blocks = options.blocks ?? false;
  let key = 0;
  for (let block = depth > 6 ? 0 : random.below(blocks ? 4 : 2); block > 0; block--) {
    const count = 1 + random.below(blocks && depth < 3 ? 40 : 3);
    const items = new ByteWriter(64);
    for (let i = 0; i < count; i++) {
      if (schema.type === 'map') {
        const name = Buffer.from(`${random.pick(STRINGS)}k${key++}`);
        appendLong(items, BigInt(name.length));
        items.append(name);
      }
      put(schema.type === 'map' ? schema.values : schema.items, random, items, depth + (count > 3 ? 4 : 1), options);
    }
    const sized = blocks && random.chance(0.5);
    appendLong(out, BigInt(sized ? -count : count));
    if (sized) appendLong(out, BigInt(items.length));
    out.append(items.view());
  }
  appendLong(out, 0n);
}
