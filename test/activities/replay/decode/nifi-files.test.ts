// Lines of a NiFi backup as a split of a job meets them: each with its key, its payload, its partition and its offset;
// and every bad one with its file and its byte.
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { badFiles, fixture, fixturesBelow, formatErrorOf } from '../../../formats/support/fixture-files.ts';
import { decodeToMemory, type DecodedFiles } from '../../../support/decode-to-memory.ts';
import { replayJob } from '../../../support/replay-job.ts';

type File = [path: string, bytes: string | Buffer];

function decode(files: File[], topic = 't', input: Partial<ReplayInput> = {}): Promise<DecodedFiles> {
  const job = replayJob({
    topic,
    archive: { layout: 'nifi', dest: '/edl' },
    order: 'file',
    output: { partitionCount: 13 },
    ...input,
  });
  return decodeToMemory(
    files.map(([path, bytes]) => ({ path, bytes: Buffer.from(bytes) })),
    job,
  );
}

const told = ({ records }: DecodedFiles): unknown[] =>
  records.map(({ key, value }) => [key?.toString() ?? null, value?.toString() ?? null]);

describe('a file of lines', () => {
  it('gives keys and payloads, with or without a line feed at its end', async () => {
    const whole = 't-0-1<@>k<@>p\nt-0-2<@>k2<@>p <@> 2';
    const expected = [
      ['k', 'p'],
      ['k2', 'p <@> 2'],
    ];
    expect(told(await decode([['/a', whole]]))).toEqual(expected);
    expect(told(await decode([['/a', `${whole}\n`]]))).toEqual(expected);
    expect(told(await decode([['/a.gz', gzipSync(whole)]]))).toEqual(expected);
  });

  it('has no key and no value where nothing stands between delimiters, or empty ones where the job says so', async () => {
    const file: File = ['/a', 't-0-1<@><@>p\nt-0-2<@>k<@>\nt-0-3<@><@>\n'];
    expect(told(await decode([file]))).toEqual([
      [null, 'p'],
      ['k', null],
      [null, null],
    ]);
    const archive = { layout: 'nifi', dest: '/edl', nifi: { empty: 'empty' as const } };
    expect(told(await decode([file], 't', { archive }))).toEqual([
      ['', 'p'],
      ['k', ''],
      ['', ''],
    ]);
  });

  it('keeps every byte of key and payload', async () => {
    const [key, payload] = [Buffer.from('ff0ac3', 'hex').subarray(0, 1), Buffer.from('c328e280a8c2850dff', 'hex')];
    const line = Buffer.concat([Buffer.from('t-0-1<@>'), key, Buffer.from('<@>'), payload, Buffer.from('\n')]);
    const { records } = await decode([['/a', line]]);
    expect(records.map((record) => [record.key, record.value])).toEqual([[key, payload]]);
  });

  it('passes over lines without a byte, and says where the first one is', async () => {
    const outcome = await decode([['/a', '\nt-0-1<@>k<@>p\n\n\nt-0-2<@>k<@>p\n']]);
    expect(outcome.records.length).toBe(2);
    expect(outcome.counts).toMatchObject({ read: 2, skipped: 0 });
    expect(outcome.counts.remarks).toEqual(['/a at byte 0: lines without a byte are passed over']);
  });

  it('is sorted by offsets, or left in its order where the job asks for that', async () => {
    const file: File = ['/a', 't-0-9<@>a<@>p\nt-0-2<@>b<@>p\nt-1-5<@>c<@>p\n'];
    const keys = async (order: 'offset' | 'file'): Promise<unknown> =>
      (await decode([file], 't', { order })).records.map(({ key }) => String(key));
    expect(await keys('offset')).toEqual(['b', 'c', 'a']);
    expect(await keys('file')).toEqual(['a', 'b', 'c']);
  });

  it('is split at the delimiter of the job', async () => {
    const archive = { layout: 'nifi', dest: '/edl', nifi: { delimiter: '||' } };
    expect(told(await decode([['/a', 't-0-1||k<@>||p|||\n']], 't', { archive }))).toEqual([['k<@>', 'p|||']]);
  });

  it('may have the time of its records in their payloads', async () => {
    const input = { order: 'time' as const, time: { field: 'ts', format: 'unix_milliseconds' } };
    const file: File = ['/a', 't-0-1<@>a<@>{"ts":1600000000500}\nt-0-2<@>b<@>{"ts":1600000000300}\n'];
    expect((await decode([file], 't', input)).records.map(({ key }) => String(key))).toEqual(['b', 'a']);
  });
});

describe('the source partition', () => {
  it('is that of the line', async () => {
    const { records } = await decode([['/a', 't-0-1<@>a<@>p\nt-3-1<@>b<@>p\nt-0-2<@>c<@>p\n']], 't', {
      output: { partitions: 'source', partitionCount: 4 },
    });
    expect(records.map(({ key, partition, sourcePartition }) => [String(key), partition, sourcePartition])).toEqual([
      ['a', 0, 0],
      ['b', 3, 3],
      ['c', 0, 0],
    ]);
  });

  it('is an error where the replay topic has none of its number', async () => {
    const decoding = decode([['/a', 't-4-1<@>a<@>p\n']], 't', { output: { partitions: 'source', partitionCount: 4 } });
    await expect(decoding).rejects.toMatchObject({
      code: 'replay-topic-partitions',
      message: expect.stringMatching(/^\/a: it has a record of partition 4, .*Set output\.partitionCount/) as string,
    });
  });
});

describe('a bad file', () => {
  it.each(badFiles('nifi'))('$file ends the job, by name and place', async (bad) => {
    const path = `/in/${basename(bad.file)}`;
    const error = await formatErrorOf(() => decode([[path, fixture(bad.file)]], 'orders-eu'));
    const { position = -1, noticedAt = -1 } = error.facts;
    expect(error.message.startsWith(`${path} at byte ${position}, record ${bad.recordsBefore}: `)).toBe(true);
    expect(error.message).toMatch(/: expected .*, found .*Repair or remove the file, or set badData\.policy to "skip"/);
    expect(position).toBeGreaterThanOrEqual(bad.at ?? 23);
    expect(position).toBeLessThanOrEqual(bad.to ?? 36);
    expect(noticedAt).toBeLessThanOrEqual(bad.to ?? 36);
  });

  it.each(badFiles('nifi'))('$file gives all its other lines under "skip"', async (bad) => {
    const bytes = Buffer.concat([fixture(bad.file), Buffer.from('orders-eu-7-9<@>k<@>last\n')]);
    const { records, counts } = await decode([['/a', bytes]], 'orders-eu', { badData: { policy: 'skip' } });
    expect(records.length).toBe((bad.recordsBefore ?? 0) + 1);
    expect(counts).toMatchObject({ skipped: 1, skippedBy: { corrupt: 1 } });
  });
});

it('reads every line of the fixtures', async () => {
  for (const topic of ['a-1-2', 'clicks', 'orders-eu-west', 'topic1', 'topic_1.x']) {
    const files = fixturesBelow(`nifi/${topic}`);
    const { counts } = await decode(
      files.map((path) => [`/${path}`, fixture(path)]),
      topic,
    );
    const lines = files.map((path) => fixture(path).toString().replace(/\n$/, '').split('\n').length);
    expect(counts).toMatchObject({ kept: lines.reduce((sum, count) => sum + count, 0), skipped: 0 });
  }
});
