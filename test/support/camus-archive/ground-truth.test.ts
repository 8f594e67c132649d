// Proves that two encoders that know nothing of each other agree: what the replay's own reader makes of every record of
// an archive's files is the text and the bytes that the ground truth tells.
import { expect, test } from 'vitest';
import { openContainer } from '../../../formats/avro/container.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { compileTranscoder } from '../../../formats/avro/transcoder.ts';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { bytesSource } from '../../../formats/byte-source.ts';
import { memorySink, writeCamusArchive } from './index.ts';
import type { RecordEncoding } from '../../../formats/avro/transcoder.ts';

/** Every record of a file in a schema (by default its own). */
async function transcoded(bytes: Buffer, schema: string | undefined, encoding: RecordEncoding): Promise<Buffer[]> {
  const container = await openContainer(bytesSource(bytes));
  const writer = parseSchema(container.schemaJson);
  const transcoder = compileTranscoder(writer, schema === undefined ? writer : parseSchema(schema), encoding);
  const records: Buffer[] = [];
  for await (const { data } of container.blocks())
    for (let at = 0; at < data.length;) {
      const out = new ByteWriter(1024);
      at = transcoder.transcode(data, at, data.length, out);
      records.push(out.view());
    }
  return records;
}

test.each([
  ['avro-json', 'output'],
  ['avro-json', 'writer'],
  ['avro-binary', 'output'],
] as const)('every record as %s in the %s schema', async (encoding, schema) => {
  const { files, ...sink } = memorySink();
  const options = { dest: '/dest', exec: '/exec', records: 6000, hours: 4, writerSchemas: 2 as const };
  const truth = (await writeCamusArchive({ ...options, sink })).truth();
  const read = new Map<string, Buffer[]>();
  for (const { path } of truth.files)
    read.set(
      path,
      await transcoded(files.get(path) as Buffer, schema === 'output' ? truth.outputSchema : undefined, encoding),
    );
  for (let position = 0; position < truth.total; position++) {
    const { path, ordinal } = truth.at(position);
    const found = read.get(path)?.[ordinal];
    const expected = encoding === 'avro-binary' ? truth.binary(position) : Buffer.from(truth.json(position, schema));
    if (found === undefined || !expected.equals(found))
      expect(found?.toString(), `${path} ${ordinal}`).toBe(expected.toString());
  }
  expect(truth.total).toBe(6000);
});
