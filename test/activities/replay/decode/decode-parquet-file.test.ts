// What a replay makes of Parquet files as Kafka Connect writes them: Avro data of the schema in the file, resolved,
// sorted and skipped like that of any Avro file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { bytesSource } from '../../../../formats/byte-source.ts';
import { openParquet } from '../../../../formats/parquet/parquet-file.ts';
import { connectJob, storeWith } from '../../../layouts/kafka-connect/connect-archive.ts';
import { formatErrorOf } from '../../../formats/support/fixture-files.ts';
import { decodeToMemory, type DecodedFiles } from '../../../support/decode-to-memory.ts';
import { replayInMemory } from '../../../support/replay-in-memory.ts';
import { replayJob } from '../../../support/replay-job.ts';

const FOLDER = join(import.meta.dirname, '../../../java-archives/parquet');
const bytesOf = (name: string): Buffer => readFileSync(join(FOLDER, name));
const lines = (name: string): string[] => bytesOf(name).toString().split('\n').slice(0, -1);

async function decode(bytes: Buffer, input: Partial<ReplayInput> = {}, schema?: object): Promise<DecodedFiles> {
  const options = schema === undefined ? {} : { schema: JSON.stringify(schema) };
  return decodeToMemory([{ path: '/in/no-extension', bytes }], replayJob(input), options);
}

/** A file whose first row group is damaged, and how many rows it has. */
async function damaged(): Promise<{ bytes: Buffer; lost: number; rows: number }> {
  const bytes = bytesOf('row-groups.snappy.parquet');
  const { groups, rows } = await openParquet(bytesSource(bytes));
  const { start, end } = groups[0]!.chunks[2]!;
  bytes.fill(0xff, start, end);
  return { bytes, lost: groups[0]!.rows, rows };
}

describe('a Parquet file', () => {
  it('is published as the Avro data that it was made of, by its bytes alone', async () => {
    const { records } = await decode(bytesOf('all.snappy.parquet'), { output: { encoding: 'original' } });
    expect(records.map(({ value }) => value.toString('hex'))).toEqual(lines('all.hex'));
  });

  it('is resolved to the output schema', async () => {
    const fields = [
      { name: 'id', type: 'double' },
      { name: 'added', type: 'string', default: 'new' },
    ];
    const schema = { type: 'record', name: 'All', namespace: 'com.example.parquet', fields };
    const { records } = await decode(bytesOf('all.zstd.parquet'), {}, schema);
    expect(records[7]!.value.toString()).toBe('{"id":7.0,"added":"new"}');
    expect(records[7]!.timestamp).toBe(1414911607000n);
  });

  it('ends the job where a page is damaged, with file and byte', async () => {
    const { bytes } = await damaged();
    const { message, facts } = await formatErrorOf(async () => decode(bytes));
    expect(message).toMatch(/^\/in\/no-extension at byte \d+/);
    expect(facts.position).toBeGreaterThan(0);
  });

  it('loses under skip the row group that a damaged page belongs to, and no other', async () => {
    const { bytes, lost, rows } = await damaged();
    const { counts } = await decode(bytes, { badData: { policy: 'skip' } });
    expect([counts.kept, counts.skipped]).toEqual([rows - lost, lost]);
    expect(lost).toBeLessThan(rows);
  });

  it('counts as many records as its footer says where none can be read', async () => {
    const { counts } = await decode(bytesOf('all.snappy.parquet'), {
      time: { field: 'nothing' },
      badData: { policy: 'skip' },
    });
    expect([counts.kept, counts.skipped]).toEqual([0, 60]);
  });

  it('is read in an archive of Kafka Connect', async () => {
    const store = await storeWith([]);
    const path = '/connect/topics/all/partition=0/all+0+0000000000+0000000059.parquet';
    await store.write(path, [bytesOf('all.gzip.parquet')]);
    const { values, listing } = await replayInMemory(store, connectJob('all'));
    expect(values.map((value) => (JSON.parse(value) as { id: number }).id)).toEqual(
      Array.from({ length: 60 }, (_, id) => id),
    );
    expect(listing.remarks).toEqual([]);
  });
});
