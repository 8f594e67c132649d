import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openContainer } from '../../formats/avro/container.ts';
import { compileInt64Reader } from '../../formats/avro/int64-reader.ts';
import { parseSchema } from '../../formats/avro/schema/parse-schema.ts';
import { compileSkip } from '../../formats/avro/skip-datum.ts';
import type { RecordEncoding } from '../../formats/avro/transcoder.ts';
import { compileTranscoder } from '../../formats/avro/transcoder.ts';
import type { ByteSource } from '../../formats/byte-source.ts';
import { bytesSource } from '../../formats/byte-source.ts';
import { ByteWriter } from '../../formats/byte-writer.ts';
import type { JavaReaders } from './java-readers.ts';
import type { ReaderResult } from './timing.ts';
import { fastest } from './timing.ts';

const CODECS = ['null', 'deflate', 'snappy', 'zstandard', 'bzip2', 'xz'] as const;
const ENCODINGS = ['avro-json', 'json', 'avro-binary', 'original'] as const;

async function frames(source: ByteSource): Promise<number> {
  let records = 0;
  for await (const block of (await openContainer(source)).blocks()) records += block.count;
  return records;
}

/** What decoding does with each record: its time is read, and its bytes for Kafka are made. */
async function records(source: ByteSource, encoding: RecordEncoding | 'original'): Promise<number> {
  const container = await openContainer(source);
  const schema = parseSchema(container.schemaJson, { lenient: true });
  const time = compileInt64Reader(schema, ['header', 'time']);
  const skip = compileSkip(schema);
  const transcoder = encoding === 'original' ? undefined : compileTranscoder(schema, schema, encoding);
  const out = new ByteWriter();
  const target = { hi: 0, lo: 0 };
  let count = 0;
  for await (const { data, count: inBlock } of container.blocks()) {
    let position = 0;
    for (let i = 0; i < inBlock; i++) {
      time.read(data, position, data.length, target);
      out.length = 0;
      const end = transcoder?.transcode(data, position, data.length, out) ?? skip(data, position, data.length);
      if (transcoder === undefined) out.append(data, position, end);
      position = end;
    }
    count += inBlock;
  }
  return count;
}

/** Container files as Java writes them: their blocks in each codec, and their records in each encoding. */
export async function avroContainers(java: JavaReaders, folder: string, megabytes: number): Promise<ReaderResult[]> {
  const results: ReaderResult[] = [];
  const written = Math.ceil((megabytes * 1024 * 1024) / 330);
  const file = (codec: string) => join(folder, `${codec}.avro`);
  for (const codec of CODECS) java.run('AvroReaders', ['write', codec, String(written), file(codec)]);
  const plain = bytesSource(readFileSync(file('null')));
  for (const codec of CODECS) {
    const source = bytesSource(readFileSync(file(codec)));
    results.push({
      name: `Avro blocks, ${codec} (x${(plain.length / source.length).toFixed(1)})`,
      bytes: plain.length,
      ours: await fastest(() => frames(source)),
      java: java.time('AvroReaders', ['read', 'frames', file(codec)]),
    });
  }
  for (const encoding of ENCODINGS) {
    const inJava = encoding === 'avro-json' || encoding === 'avro-binary';
    results.push({
      name: `Avro records to ${encoding}`,
      bytes: plain.length,
      ours: await fastest(() => records(plain, encoding)),
      ...(inJava ? { java: java.time('AvroReaders', ['read', encoding, file('null')]) } : {}),
    });
  }
  return results;
}
