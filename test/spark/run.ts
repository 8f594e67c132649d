/**
 * `npm run test:spark`: Spark reads files of whole records in every codec, by the names and types of its own Kafka
 * source, and writes them again; what it reads, and what is read here of what it has written, are the records.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openContainer } from '../../formats/avro/container.ts';
import { parseSchema } from '../../formats/avro/schema/parse-schema.ts';
import { bytesSource } from '../../formats/byte-source.ts';
import { int64ToBigInt } from '../../formats/int64.ts';
import { EnvelopeReader } from '../../formats/record-envelope/envelope-reader.ts';
import { projectRoot } from '../../scripts/stack/project-root.ts';
import { ENVELOPE_IDS, ENVELOPE_ROWS, hexOf, writeEnvelopeFiles } from '../support/envelope-files.ts';
import { installSpark } from '../support/spark.ts';

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rewind-spark-'));
  try {
    const { python, jars } = await installSpark();
    const { paths } = await writeEnvelopeFiles(folder);
    const out = join(folder, 'out');
    const script = join(projectRoot, 'test', 'spark', 'read_envelopes.py');
    const options = {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, SPARK_LOCAL_DIRS: folder },
    } as const;
    const lines = execFileSync(python, [script, jars, out, ...paths], options)
      .trim()
      .split('\n');
    for (const [number, path] of paths.entries()) {
      const rows = ENVELOPE_ROWS.map((row) => ({ ...row, ...ENVELOPE_IDS }));
      assert.deepEqual(JSON.parse(lines[number] ?? 'null'), rows, `what Spark reads of ${path}`);
      assert.deepEqual(
        await readSpark(join(out, String(number))),
        ENVELOPE_ROWS,
        `what is read of Spark's file of ${path}`,
      );
      console.log(`${path}: Spark reads ${rows.length} records, and what it writes of them is read here`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readSpark(folder: string): Promise<unknown[]> {
  const [name] = readdirSync(folder).filter((each) => each.endsWith('.avro'));
  if (name === undefined) throw new Error(`Spark has left no file in ${folder}`);
  const file = await openContainer(bytesSource(readFileSync(join(folder, name))));
  const reader = new EnvelopeReader(parseSchema(file.schemaJson, { lenient: true }));
  const rows: unknown[] = [];
  for await (const block of file.blocks())
    for (let at = 0, left = block.count; left > 0; left -= 1) {
      at = reader.read(block.data, at, block.data.length);
      rows.push(rowOf(reader));
    }
  return rows;
}

function rowOf(reader: EnvelopeReader): unknown {
  const { data, topic, partition, offset, timestamp, headers, headerCount, timestampUnit } = reader;
  const part = (start: number, end: number): Buffer | null =>
    start < 0 ? null : Buffer.from(data.subarray(start, end));
  const raw = int64ToBigInt(timestamp.hi, timestamp.lo);
  return {
    key: hexOf(part(reader.keyStart, reader.keyEnd)),
    value: hexOf(part(reader.valueStart, reader.valueEnd)),
    topic,
    partition,
    offset: Number(int64ToBigInt(offset.hi, offset.lo)),
    timestamp: Number(timestampUnit === 'micros' ? raw / 1000n : raw),
    timestampType: reader.appendTime ? 1 : 0,
    headers: Array.from({ length: headerCount }, (_, n) => ({
      key: String(part(headers[n * 4]!, headers[n * 4 + 1]!)),
      value: hexOf(part(headers[n * 4 + 2]!, headers[n * 4 + 3]!)),
    })),
  };
}

await main();
