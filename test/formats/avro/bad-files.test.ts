/**
 * Proves that the bad Avro files whose fault lies in their data or schemas are refused (or, where a limit is at stake,
 * refused in no time), within the bytes that the fixtures name and never with anything but a FormatError.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openContainer } from '../../../formats/avro/container.ts';
import { compileInt64Reader } from '../../../formats/avro/int64-reader.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { compileSkip } from '../../../formats/avro/skip-datum.ts';
import { compileTranscoder } from '../../../formats/avro/transcoder.ts';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { bytesSource } from '../../../formats/byte-source.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { thrown } from './support/thrown.ts';
import { FIXTURES, fixtureText } from './support/fixture-records.ts';

interface Fault {
  error: FormatError;
  records: number;
}

/** Reads every record, as far as it goes, with the output schema of the bad files or the file's own. */
async function read(name: string, ownSchema: boolean): Promise<Fault> {
  const container = await openContainer(bytesSource(readFileSync(join(FIXTURES, 'bad/avro', name))));
  let records = 0;
  try {
    const writer = parseSchema(container.schemaJson, { lenient: true });
    const reader = ownSchema ? writer : parseSchema(fixtureText('bad/schemas/reader.avsc'));
    const transcoder = compileTranscoder(writer, reader, 'avro-json');
    const out = new ByteWriter(1024);
    for await (const { data, count } of container.blocks()) {
      let position = 0;
      for (let i = 0; i < count; i++, records++) position = transcoder.transcode(data, position, data.length, out);
      if (position !== data.length) throw new FormatError('corrupt', 'the block has more bytes than its records');
    }
  } catch (error) {
    if (error instanceof FormatError) return { error, records };
    throw error;
  }
  throw new Error(`${name} was read without an error`);
}

describe('bad data', () => {
  it.each([
    ['string-length-2-40.avro', false, 'truncated', 32],
    ['string-length-negative.avro', false, 'corrupt', 32],
    ['block-count-too-large.avro', false, 'truncated', 58],
    ['block-count-too-small.avro', false, 'corrupt', 53],
    ['array-of-nulls-2-40.avro', true, 'limit', 0],
    ['union-index.avro', true, 'corrupt', 0],
    ['union-index-negative.avro', true, 'corrupt', 0],
    ['enum-index.avro', true, 'corrupt', 0],
    ['deep-list.avro', true, 'limit', 0],
    ['null-for-string.avro', false, 'schema', 2],
    ['null-time.avro', false, 'schema', 3],
    ['not-resolvable.avro', false, 'schema', 0],
    ['field-without-default.avro', false, 'schema', 0],
    ['text-time.avro', false, 'schema', 0],
    ['no-time-field.avro', false, 'schema', 0],
    ['header-without-time.avro', false, 'schema', 0],
    ['broken-schema.avro', true, 'schema', 0],
    ['invalid-schema.avro', true, 'schema', 0],
  ] as const)('%s is refused', async (name, ownSchema, fault, records) => {
    const refused = await read(name, ownSchema).catch((error: unknown) => ({
      error: error as FormatError,
      records: 0,
    }));
    expect(refused.error).toBeInstanceOf(FormatError);
    expect(refused.error.fault).toBe(fault);
    expect(refused.records).toBe(records);
  });

  it('names the field, what was expected and what was found', async () => {
    const { error } = await read('not-resolvable.avro', false);
    expect(error.describe('f.avro')).toBe(
      'f.avro: field id does not resolve to the output schema: expected long, found string',
    );
    const missing = await read('field-without-default.avro', false);
    expect(missing.error.message).toContain('field body');
    const value = await read('null-for-string.avro', false);
    expect(value.error.message).toBe('field bad.Event.body holds null, which does not resolve to the output schema');
    expect(value.error.facts.noticedAt).toBeGreaterThan(value.error.facts.position!);
  });

  it.each(['no-time-field.avro', 'header-without-time.avro', 'text-time.avro'])(
    'has no time in %s, and the error lists what could be one',
    async (name) => {
      const { schemaJson } = await openContainer(bytesSource(readFileSync(join(FIXTURES, 'bad/avro', name))));
      const writer = parseSchema(schemaJson, { lenient: true });
      for (const path of [['time'], ['header', 'time']]) {
        const error = thrown(() => compileInt64Reader(writer, path));
        expect(error.fault).toBe('schema');
        expect(error.facts.expected).toContain('id');
      }
    },
  );

  it('is skipped with the same checks', async () => {
    for (const name of ['deep-list.avro', 'array-of-nulls-2-40.avro', 'union-index.avro', 'enum-index.avro']) {
      const container = await openContainer(bytesSource(readFileSync(join(FIXTURES, 'bad/avro', name))));
      const skip = compileSkip(parseSchema(container.schemaJson, { lenient: true }));
      for await (const { data } of container.blocks()) expect(() => skip(data, 0, data.length)).toThrow(FormatError);
    }
  });
});
