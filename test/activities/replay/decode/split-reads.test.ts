// How often a split asks HDFS for something, since each request costs as much as a tenth of its records; and that nothing is
// said of a file's content before it is certain that it is the file of the manifest.
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SortedSplit } from '../../../../activities/replay/decode/sorted-split.ts';
import { parseHdfsConfig } from '../../../../connections/hdfs/config.ts';
import { SortBuffer } from '../../../../formats/sorted/sort/sort-buffer.ts';
import { header, long, MARKER } from '../../../formats/avro/container-bytes.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { replayJob } from '../../../support/replay-job.ts';

const MEBIBYTE = 1024 * 1024;
const HDFS = parseHdfsConfig({ urls: ['http://localhost:1'] }, 'test');
const SCHEMA = {
  type: 'record',
  name: 'R',
  fields: [
    { name: 'time', type: 'long' },
    { name: 'noise', type: 'bytes' },
  ],
};
const NOISE = randomBytes(60_000);

/** Records of 60,000 bytes, each in a block of its own. */
function container(bytes: number): Buffer {
  const record = Buffer.concat([long(1_414_915_200_000), long(NOISE.length), NOISE]);
  const block = Buffer.concat([long(1), long(record.length), record, MARKER]);
  const blocks = Array.from({ length: Math.floor(bytes / record.length) }, () => block);
  return Buffer.concat([header({ 'avro.schema': JSON.stringify(SCHEMA) }), ...blocks]);
}

class CountingStore extends MemoryFileStore {
  readonly asked: string[] = [];

  override status(...args: Parameters<MemoryFileStore['status']>): ReturnType<MemoryFileStore['status']> {
    this.asked.push('status');
    return super.status(...args);
  }

  override read(...args: Parameters<MemoryFileStore['read']>): ReturnType<MemoryFileStore['read']> {
    this.asked.push(`${args[1]}+${args[2]}`);
    return super.read(...args);
  }
}

/** Decodes a part of the file; `changed` puts something else in its place once it is listed. */
async function decode(
  bytes: Buffer,
  range?: { start: number; end: number },
  changed?: Uint8Array,
): Promise<{ read: number; asked: string[] }> {
  const store = new CountingStore();
  await store.write('/in/file', [bytes]);
  const { length, modifiedAt } = (await store.status('/in/file'))!;
  if (changed !== undefined) await store.write('/in/file', [changed], { overwrite: true });
  const task = {
    job: replayJob({ archive: { input: '/in/*' } }),
    hdfs: HDFS,
    fingerprint: 'f'.repeat(64),
    number: 0,
    split: {
      files: [{ path: '/in/file', length, modifiedAt: changed === undefined ? modifiedAt : modifiedAt - 1 }],
      range,
    },
    partitions: 1,
    schema: undefined,
    recordsPerByte: undefined,
    functionsPath: undefined,
    path: '/out',
    bufferBytes: MEBIBYTE,
  };
  store.asked.length = 0;
  const decoding = new SortedSplit(task, store, new SortBuffer({ capacity: task.bufferBytes }), () => undefined);
  for await (const _chunk of decoding.chunks());
  return { read: decoding.counts().read, asked: store.asked };
}

describe('a split', () => {
  it('of a file that fits into a read is one read, and a look behind it', async () => {
    const bytes = container(MEBIBYTE);
    expect(await decode(bytes)).toEqual({ read: 17, asked: [`0+${bytes.length}`, 'status'] });
  });

  it('that begins with its file reads on behind its head', async () => {
    const bytes = container(5 * MEBIBYTE);
    const { read, asked } = await decode(bytes);
    expect(read).toBe(87);
    expect(asked).toEqual([`0+${2 * MEBIBYTE}`, `${2 * MEBIBYTE}+${bytes.length - 2 * MEBIBYTE}`, 'status']);
  });

  it('of a part of its file reads that with what its last block has behind it', async () => {
    const bytes = container(6 * MEBIBYTE);
    const cut = 3 * MEBIBYTE;
    const first = await decode(bytes, { start: 0, end: cut });
    expect(first.asked).toEqual([`0+${2 * MEBIBYTE}`, `${2 * MEBIBYTE}+${MEBIBYTE + 65_536}`, 'status']);
    const second = await decode(bytes, { start: cut, end: bytes.length });
    expect(second.asked).toEqual(['0+65536', `${cut - 16}+${bytes.length - cut + 16}`, 'status']);
    expect(first.read + second.read).toBe(104);
  });
});

describe('a file that is not the one in the manifest', () => {
  it.each([
    ['holds something else', Buffer.from('no container at all')],
    ['is as long, and damaged', container(MEBIBYTE).fill(0x55, 500)],
    ['has records of no time', Buffer.concat([header({ 'avro.schema': '"int"' }), long(1), long(1), long(1), MARKER])],
    ['has good records', container(2 * MEBIBYTE)],
  ])('is told as that where it %s', async (_, changed) => {
    await expect(decode(container(MEBIBYTE), undefined, changed)).rejects.toMatchObject({ fault: 'changed' });
  });
});
