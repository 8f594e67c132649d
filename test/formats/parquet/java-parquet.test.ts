// Files of parquet-avro, which Kafka Connect writes Parquet by: every record has the bytes that Java makes of it, and no
// damage to a file passes for a whole one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesSource, type ByteSource } from '../../../formats/byte-source.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { ColumnPages } from '../../../formats/parquet/column-pages.ts';
import { openParquet } from '../../../formats/parquet/parquet-file.ts';
import { formatErrorOf } from '../support/fixture-files.ts';

const FOLDER = join(import.meta.dirname, '../../java-archives/parquet');
const bytesOf = (name: string): Buffer => readFileSync(join(FOLDER, `${name}.parquet`));
const hexOf = (name: string): string[] =>
  readFileSync(join(FOLDER, `${name}.hex`), 'utf8')
    .split('\n')
    .slice(0, -1);

async function read(source: ByteSource): Promise<string[]> {
  const file = await openParquet(source);
  const records: string[] = [];
  for (const group of file.groups)
    for await (const { bytes } of file.records(group)) records.push(Buffer.from(bytes).toString('hex'));
  return records;
}

describe('a file that parquet-avro wrote', () => {
  it.each([
    ['all.none', 'all'],
    ['all.snappy', 'all'],
    ['all.gzip', 'all'],
    ['all.zstd', 'all'],
    ['all.lz4-raw', 'all'],
    ['new-lists.snappy', 'new-lists'],
    ['row-groups.snappy', 'row-groups'],
    ['all.v2', 'all'],
    ['all.v2-delta', 'all'],
    ['all.lz4', 'all'],
  ])('%s has the records that Java reads', async (name, expected) => {
    const records = await read(bytesSource(bytesOf(name)));
    const lines = hexOf(expected);
    expect(records.length).toBe(lines.length);
    for (const [index, line] of lines.entries()) expect(`${index} ${records[index]}`).toBe(`${index} ${line}`);
  });

  it('has several row groups and pages', async () => {
    const { groups } = await openParquet(bytesSource(bytesOf('row-groups.snappy')));
    expect(groups.length).toBeGreaterThan(3);
  });

  it('may have no record', async () => {
    expect(await read(bytesSource(bytesOf('empty.snappy')))).toEqual([]);
  });
});

it.each(['plain-brotli', 'dictionary-brotli', 'delta-none', 'delta-v2-zstd', 'split-lz4-raw'])(
  'a file that Arrow wrote (%s) has the same records in every encoding and codec',
  async (name) => {
    expect(await read(bytesSource(bytesOf(`arrow.${name}`)))).toEqual(hexOf('arrow'));
  },
);

it('a file that Arrow wrote may have a row group without rows', async () => {
  const source = bytesSource(bytesOf('arrow.empty'));
  expect((await openParquet(source)).groups.map(({ rows }) => rows)).toEqual([0]);
  expect(await read(source)).toEqual([]);
});

describe('a Parquet file that is not whole', () => {
  it('is refused wherever it is cut', async () => {
    const whole = bytesOf('empty.snappy');
    for (let length = 0; length < whole.length; length += 1)
      await formatErrorOf(async () => read(bytesSource(whole.subarray(0, length))));
  });

  it.each([
    ['all.none', 'all'],
    ['arrow.delta-none', 'arrow'],
  ])(
    '%s is refused for any byte of its pages that changed, by their checksums',
    async (name, records) => {
      const whole = bytesOf(name);
      const { footer } = await openParquet(bytesSource(whole));
      for (let at = 0; at < footer; at += 131) {
        const changed = Buffer.from(whole);
        changed[at]! ^= 0x10;
        const outcome = await read(bytesSource(changed)).catch((error: unknown) => error);
        // What a head of a page says of least and largest values is not used.
        if (!(outcome instanceof FormatError)) expect(outcome).toEqual(hexOf(records));
      }
    },
    60_000,
  );

  it('is refused, or read as it was, whatever byte of its footer changed', async () => {
    const whole = bytesOf('all.none');
    const { footer } = await openParquet(bytesSource(whole));
    for (let at = footer; at < whole.length; at += 61) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 0x01;
      const outcome = await read(bytesSource(changed)).catch((error: unknown) => error);
      if (!(outcome instanceof FormatError)) expect(outcome).toHaveLength(60);
    }
  }, 60_000);

  it('names the place of a column whose codec is not known', async () => {
    const whole = bytesOf('empty.snappy');
    const { groups } = await openParquet(bytesSource(bytesOf('all.none')));
    const chunk = { ...groups[0]!.chunks[0]!, codec: 16 };
    const node = { name: 'id', repetition: 'required', definition: 0, repeat: 0, children: [] } as const;
    const pages = new ColumnPages(
      bytesSource(whole),
      chunk,
      { ...node, leaf: { column: 0, type: 'int64', size: 0 } },
      100,
    );
    const { fault, facts } = await formatErrorOf(() => pages.next());
    expect([fault, facts.found, facts.position]).toEqual(['unsupported', '16', chunk.start]);
  });

  it('names the page whose checksum is wrong', async () => {
    const changed = bytesOf('all.none');
    changed[400]! ^= 0xff;
    const { fault, facts } = await formatErrorOf(async () => read(bytesSource(changed)));
    expect(fault).toBe('corrupt');
    expect(facts.position).toBeLessThanOrEqual(400);
    expect(facts.noticedAt).toBeGreaterThan(400);
  });

  it('gives out the rows of other row groups', async () => {
    const changed = bytesOf('row-groups.snappy');
    const file = await openParquet(bytesSource(changed));
    const [first, second] = file.groups;
    changed.fill(0xff, first!.chunks[0]!.start, first!.chunks[0]!.end);
    await formatErrorOf(async () => {
      for await (const _record of file.records(first!));
    });
    let records = 0;
    for await (const _record of file.records(second!)) records += 1;
    expect(records).toBe(second!.rows);
  });
});

it('reads a large file by windows, and not all of it at once', async () => {
  const bytes = bytesOf('row-groups.snappy');
  let largest = 0;
  const source: ByteSource = {
    length: bytes.length,
    read: async (position, length) => {
      largest = Math.max(largest, length);
      return bytes.subarray(position, position + length);
    },
  };
  await read(source);
  expect(largest).toBeLessThan(bytes.length / 2);
});
