/**
 * Proves that schemas are resolved as Java resolves them. java-resolution.jsonl holds pairs of schemas, made for a
 * purpose or at random, with data, and what Avro 1.11.4 (GenericDatumReader, JsonEncoder, BinaryEncoder, JDK 17) made
 * of each datum, or the error that it threw.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import type { RecordEncoding } from '../../../formats/avro/transcoder.ts';
import { compileTranscoder } from '../../../formats/avro/transcoder.ts';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { respelled } from './support/java-json.ts';

interface Case {
  what: string;
  writer: string;
  reader: string;
  data: { hex: string; json?: string; binary?: string; error?: string }[];
}

const CASES = readFileSync(join(import.meta.dirname, 'java-resolution.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Case);

function publish({ writer, reader }: Case, encoding: RecordEncoding, hex: string): Buffer {
  const data = Buffer.from(hex, 'hex');
  const out = new ByteWriter(8);
  const transcoder = compileTranscoder(parseSchema(writer, { lenient: true }), parseSchema(reader), encoding);
  expect(transcoder.transcode(data, 0, data.length, out)).toBe(data.length);
  return out.view();
}

describe('resolution', () => {
  it.each(CASES.map((one) => [one.what, one] as const))('is that of Java: %s', (_what, one) => {
    for (const { hex, json, binary, error } of one.data)
      if (error !== undefined) expect(() => publish(one, 'avro-json', hex), error).toThrow(FormatError);
      else {
        const found = publish(one, 'avro-json', hex).toString('utf8');
        expect(found).toBe(respelled(json!, found));
        expect(publish(one, 'avro-binary', hex).toString('hex')).toBe(binary);
      }
  });
});
