// What others read of whole records, and write of them: Python's fastavro and Java's Avro, in every codec, the very same.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openContainer } from '../../../formats/avro/container.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { int64ToBigInt } from '../../../formats/int64.ts';
import { EnvelopeReader } from '../../../formats/record-envelope/envelope-reader.ts';
import { ENVELOPE_IDS, ENVELOPE_ROWS, hexOf, writeEnvelopeFiles } from '../../support/envelope-files.ts';
import { JavaReadBack } from '../../support/java-read-back.ts';
import { readByPython } from '../../support/python-packages.ts';

const folder = mkdtempSync(join(tmpdir(), 'rewind-envelopes-'));

let paths: string[];
let datums: string[];
beforeAll(async () => {
  ({ paths, datums } = await writeEnvelopeFiles(folder));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('fastavro', async () => {
  const expected = ENVELOPE_ROWS.map((row) => ({ ...row, ...ENVELOPE_IDS }));
  for (const path of paths) {
    const lines = await readByPython('read_envelopes.py', [path]);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(expected);
  }
});

it('Java, byte for byte', async () => {
  const java = await JavaReadBack.compile(join(folder, 'classes'));
  // The name that is no text is read, and written again, with a replacement character.
  const written = (lines: string[]): string[] => lines.slice(1, -1);
  for (const lines of java.read('avro', paths)) expect(written(lines)).toEqual(datums.slice(0, -1));
});

/** What fastavro writes containers with. */
const FOREIGN_CODECS = ['null', 'deflate', 'bzip2', 'snappy', 'zstandard', 'xz'];

it.each(FOREIGN_CODECS)('fastavro writes with %s what is read here', async (codec) => {
  const written = join(folder, `again-${codec}`);
  mkdirSync(written);
  const [path] = await readByPython('write_again.py', [paths[0]!, written, codec]);
  expect(await rowsOf(readFileSync(path!))).toEqual({ codec, rows: ENVELOPE_ROWS });
});

/** The records of a container as rows, and its codec. */
async function rowsOf(bytes: Buffer): Promise<{ codec: string; rows: typeof ENVELOPE_ROWS }> {
  const source = { length: bytes.length, read: async (at: number, count: number) => bytes.subarray(at, at + count) };
  const container = await openContainer(source);
  const envelope = new EnvelopeReader(parseSchema(container.schemaJson, { lenient: true }), container.schemaJson);
  const rows: typeof ENVELOPE_ROWS = [];
  for await (const { data, count } of container.blocks()) {
    let position = 0;
    for (let record = 0; record < count; record += 1) {
      position = envelope.read(data, position, data.length);
      rows.push(rowOf(envelope));
    }
    expect(position).toBe(data.length);
  }
  return { codec: container.codec, rows };
}

function rowOf(envelope: EnvelopeReader): (typeof ENVELOPE_ROWS)[number] {
  const { data, topic, partition, offset, timestamp, appendTime, headers, headerCount } = envelope;
  const part = (start: number, end: number): Buffer | null =>
    start < 0 ? null : Buffer.from(data.subarray(start, end));
  return {
    key: hexOf(part(envelope.keyStart, envelope.keyEnd)),
    value: hexOf(part(envelope.valueStart, envelope.valueEnd)),
    topic,
    partition,
    offset: Number(int64ToBigInt(offset.hi, offset.lo)),
    timestamp: Number(int64ToBigInt(timestamp.hi, timestamp.lo)),
    timestampType: appendTime ? 1 : 0,
    headers: Array.from({ length: headerCount }, (_, n) => ({
      key: String(part(headers[4 * n]!, headers[4 * n + 1]!)),
      value: hexOf(part(headers[4 * n + 2]!, headers[4 * n + 3]!)),
    })),
  };
}
