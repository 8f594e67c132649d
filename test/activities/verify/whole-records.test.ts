// Proves that each thing that can become of an archive of whole records is found, and where: files that are missing or
// there twice, bytes that were changed or cut off, records out of order, and topics that lack what the archive has; and
// that nothing is found where nothing is wrong.
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { boundTopics } from '../../../activities/verify/bound-topics.ts';
import { planVerify } from '../../../activities/verify/plan-verify.ts';
import type { Finding, ReportedVerify } from '../../../activities/verify/steps.ts';
import { tallyArchive } from '../../../activities/verify/tally-archive.ts';
import { tallyTopic } from '../../../activities/verify/tally-topic.ts';
import { MemoryKafka } from '../../support/kafka/memory-kafka.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { MemoryVerify } from '../../support/memory-verify.ts';
import { batchOf } from '../../support/odd-records.ts';
import { wholeRecordFile, type WholeRecord } from '../../support/whole-records.ts';

const TIME = Date.UTC(2026, 10, 20, 10);
const HOUR = 3_600_000;
const PER_HOUR = 20;

let store: MemoryFileStore;
let kafka: MemoryKafka;
let verify: MemoryVerify;
/** By partition and hour. */
const files = new Map<string, { path: string; records: WholeRecord[] }>();

/** Two partitions; each hour is one transaction, so that its marker stands between the hours. */
beforeEach(async () => {
  store = new MemoryFileStore();
  kafka = new MemoryKafka();
  verify = new MemoryVerify(store, kafka);
  files.clear();
  await kafka.createTopic('events', { partitions: 2, replicationFactor: 1, settings: {} });
  const publisher = await kafka.openPublisher({ transactionalId: 'a' });
  for (const hour of [0, 1])
    for (const partition of [0, 1]) {
      const first = hour * (PER_HOUR + 1);
      const records = Array.from({ length: PER_HOUR }, (_, n): WholeRecord & { value: Buffer } => ({
        partition,
        offset: first + n,
        timestamp: TIME + hour * HOUR + n * 1000,
        key: n % 3 === 0 ? null : Buffer.from(`k${n}`),
        value: Buffer.from(`${partition}/${first + n}`),
        headers: [['trace', n % 2 === 0 ? null : Buffer.from(`t${n}`)]],
      }));
      const odd = records.map(({ key = null, value, timestamp = 0, headers = [] }) => ({
        key,
        value,
        timestamp: BigInt(timestamp),
        headers: headers.map(([name, each]): [Buffer, Buffer | null] => [Buffer.from(name), each]),
      }));
      await publisher.commit({ batches: [batchOf('events', partition, odd)], offsets: [] });
      const path = pathOf(partition, hour, records);
      files.set(`${partition} ${hour}`, { path, records });
      await store.write(path, [wholeRecordFile(records)]);
    }
});

function pathOf(partition: number, hour: number, records: readonly WholeRecord[], broker = 1): string {
  const next = Number(records.at(-1)!.offset) + 1;
  const folder = `/camus/events/hourly/2026/11/20/${10 + hour}`;
  return `${folder}/events.${broker}.${partition}.${records.length}.${next}.${TIME + hour * HOUR}.avro`;
}

const of = (partition: number, hour: number): { path: string; records: WholeRecord[] } =>
  files.get(`${partition} ${hour}`)!;

function run(settings: Record<string, unknown> = {}): Promise<ReportedVerify> {
  const verifySettings = { against: ['source'], ...settings };
  return verify.run({ topic: 'events', archive: { dest: '/camus', timeZone: 'UTC' }, verify: verifySettings });
}

async function only(settings?: Record<string, unknown>): Promise<Finding> {
  const { findings, agrees } = await run(settings);
  expect(findings).toHaveLength(1);
  expect(agrees).toBe(false);
  return findings[0]!;
}

async function rewrite(
  partition: number,
  hour: number,
  change: (records: WholeRecord[]) => WholeRecord[],
): Promise<void> {
  const { path, records } = of(partition, hour);
  await store.delete(path);
  await store.write(path, [wholeRecordFile(change([...records]))]);
}

describe('an archive against its topic', () => {
  it('agrees where nothing is wrong, and says what was compared', async () => {
    const result = await run();
    expect(result).toMatchObject({ agrees: true, findings: [] });
    expect(result.notes).toEqual([expect.stringContaining('no history of executions')]);
    expect(result.targets).toEqual([
      {
        target: 'source',
        topic: 'events',
        content: 'whole',
        partitions: 2,
        cells: 4,
        archive: '80',
        found: '80',
        uncompared: '0',
        compacted: '0',
        differing: 0,
      },
    ]);
    const report = (await verify.json(result.report)) as { targets: { partitions: Record<string, unknown>[] }[] };
    const [first] = report.targets[0]!.partitions;
    expect(first).toMatchObject({
      partition: 0,
      from: '0',
      archive: { count: 40, first: '0', last: '40' },
      topic: { count: 40, first: '0', last: '40' },
    });
    expect((first!['archive'] as { hash: string }).hash).toBe((first!['topic'] as { hash: string }).hash);
    expect((first!['archive'] as { hash: string }).hash).toMatch(/^[0-9a-f]{32}$/);
  });

  it('says from where it has read, and has the list of what it read beside its report', async () => {
    const { report } = await run();
    const { servers, archive } = (await verify.json(report)) as {
      servers: object;
      archive: { files: number; listing: { file: string; sha256: string } };
    };
    expect(servers).toEqual({ hdfs: store.describe(), kafka: 'Kafka in memory' });
    const { length } = (await store.status(archive.listing.file))!;
    const lines = Buffer.from(await store.read(archive.listing.file, 0, length));
    expect(createHash('sha256').update(lines).digest('hex')).toBe(archive.listing.sha256);
    const listed = lines
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { path: string });
    expect(listed.map(({ path }) => path).sort()).toEqual([...files.values()].map(({ path }) => path).sort());
  });

  it('leaves the reports of other jobs where they are', async () => {
    const [first, second] = [await run({ report: '/audits' }), await run({ report: '/audits' })];
    expect(first.report).toMatch(/^\/audits\/2026-11-28T00-00-00Z-1\/report\.json$/);
    expect(second.report).not.toBe(first.report);
    for (const { report, sha256 } of [first, second]) {
      const { length } = (await store.status(report))!;
      expect(
        createHash('sha256')
          .update(await store.read(report, 0, length))
          .digest('hex'),
      ).toBe(sha256);
    }
  });

  it('finds a file that is missing, by the offsets that were in it', async () => {
    await store.delete(of(1, 0).path);
    expect(await only()).toMatchObject({
      kind: 'missing',
      partition: 1,
      bucket: new Date(TIME).toISOString(),
      from: '0',
      to: '20',
      records: 20,
    });
  });

  it('finds the newest file of a partition missing, where the history vouches for nothing', async () => {
    // Without a history the end of the archive is what names tell: a partition without a file is compared whole.
    for (const hour of [0, 1]) await store.delete(of(1, hour).path);
    const { findings } = await run();
    expect(findings.map(({ kind, partition, records }) => [kind, partition, records])).toEqual([
      ['missing', 1, 20],
      ['missing', 1, 20],
    ]);
  });

  it('finds a file that is there twice, and names both', async () => {
    const { records, path } = of(0, 1);
    const copy = pathOf(0, 1, records, 2);
    await store.write(copy, [wholeRecordFile(records)]);
    const finding = await only();
    expect(finding).toMatchObject({ kind: 'doubled', records: 20 });
    expect(finding.message).toContain(path);
    expect(finding.message).toContain(copy);
  });

  it('finds one changed byte, with file, record and offset', async () => {
    await rewrite(0, 1, (records) => records.with(7, { ...records[7]!, value: Buffer.from('0/xx') }));
    expect(await only()).toMatchObject({ kind: 'changed', file: of(0, 1).path, ordinal: 7, from: '28' });
  });

  it.each([
    ['a key', { key: null }],
    ['a timestamp', { timestamp: TIME + 60_000 }],
    ['a header', { headers: [] }],
    ['an offset', { offset: 99 }],
  ])('finds %s that is not the one of the topic', async (_, change) => {
    await rewrite(0, 0, (records) => records.with(1, { ...records[1]!, ...change }));
    const { findings } = await run();
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.some(({ file, ordinal }) => file === of(0, 0).path && ordinal === 1)).toBe(true);
  });

  it('finds a record that stands behind one with a larger offset', async () => {
    await rewrite(1, 1, (records) => records.with(3, records[4]!).with(4, records[3]!));
    expect(await only()).toMatchObject({ kind: 'order', file: of(1, 1).path, ordinal: 4 });
  });

  it('finds bytes that are no records, and what is lost by them', async () => {
    const { path, records } = of(0, 0);
    await store.delete(path);
    await store.write(path, [wholeRecordFile(records, 5).subarray(0, -70)]);
    const { findings } = await run();
    expect(findings.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['missing', 'unreadable']));
    expect(findings.find(({ kind }) => kind === 'unreadable')).toMatchObject({ file: path });
  });

  it('compares with what the topic still has, and counts what it has no more', async () => {
    kafka.partition('events', 0).trim(15n);
    const result = await run();
    expect(result).toMatchObject({ agrees: true, targets: [{ archive: '65', found: '65', uncompared: '15' }] });
    expect(result.notes.join()).toContain('15 records of the archive are older than what events has');
    kafka.partition('events', 0).trim(21n);
    expect(await run()).toMatchObject({ agrees: true, targets: [{ uncompared: '20' }] });
  });

  it('takes what is deleted while it reads for no loss', async () => {
    verify.meanwhile = () => kafka.partition('events', 1).trim(25n);
    expect(await run()).toMatchObject({ agrees: true, targets: [{ uncompared: '24', found: '56' }] });
  });

  it('agrees to no bucket in which it found a difference and finds none any more', async () => {
    await store.delete(of(1, 0).path);
    // Retention takes what only the topic had, after that was counted.
    verify.beforeNarrowing = () => kafka.partition('events', 1).trim(21n);
    const finding = await only();
    expect(finding).toMatchObject({ kind: 'differs', partition: 1, bucket: new Date(TIME).toISOString() });
    expect(finding.message).toContain('the archive had 0 records, events 20');
    expect(finding.message).toContain('0 and 0');
  });

  it('finds a topic that was trimmed before its archive had what was there', async () => {
    const publisher = await kafka.openPublisher({ transactionalId: 'b' });
    const record = { key: null, value: Buffer.from('x'), timestamp: BigInt(TIME), headers: [] };
    await publisher.commit({
      batches: [
        batchOf(
          'events',
          1,
          Array.from({ length: 10 }, () => record),
        ),
      ],
      offsets: [],
    });
    kafka.partition('events', 1).trim(46n);
    expect(await only()).toMatchObject({ kind: 'trimmed', partition: 1, from: '41', to: '46' });
  });

  it('finds a topic that ends before its archive', async () => {
    await store.delete(of(0, 1).path);
    const later = of(0, 1).records.map((record) => ({ ...record, offset: Number(record.offset) + 500 }));
    await store.write(pathOf(0, 1, later), [wholeRecordFile(later)]);
    const { findings } = await run();
    expect(findings.find(({ kind }) => kind === 'trimmed')).toMatchObject({ partition: 0, from: '42', to: '541' });
  });

  it('looks at the content of some buckets where it is asked to, and counts all', async () => {
    await rewrite(0, 1, (records) => records.with(7, { ...records[7]!, value: Buffer.from('0/xx') }));
    expect(await run({ sample: 1_000_000 })).toMatchObject({ agrees: true });
    await store.delete(of(0, 0).path);
    expect(await run({ sample: 1_000_000 })).toMatchObject({ agrees: false });
  });
});

it('goes on where another attempt stopped: what was counted is not read again, whatever is there by now', async () => {
  const { job } = await verify.begin({
    topic: 'events',
    archive: { dest: '/camus', timeZone: 'UTC' },
    verify: { against: ['source'] },
  });
  const { deps, worker } = verify;
  const target = 'source' as const;
  let reads = 0;
  kafka.interruption = ({ call }) => void (call === 'read' && reads++);
  const first = await tallyTopic(deps)({ job, target, range: 0 }, worker.context);
  expect([first.records, reads > 0]).toEqual([40, true]);
  reads = 0;
  kafka.partition('events', 0).trim(15n);
  expect(await tallyTopic(deps)({ job, target, range: 0 }, worker.context)).toEqual(first);
  expect(reads).toBe(0);
  await tallyTopic(deps)({ job, target, range: 1 }, worker.context);
  await boundTopics(deps)({ job, target }, worker.context);
  const split = await tallyArchive(deps)({ job, target, split: 0 }, worker.context);
  for (const { path } of files.values()) await store.delete(path);
  expect(await tallyArchive(deps)({ job, target, split: 0 }, worker.context)).toEqual(split);
  // The plan too is that of the first attempt.
  expect((await planVerify(deps)({ job }, worker.context)).files).toBe(4);
});

it('names every wrong field of its input, and what there is nothing to compare with', async () => {
  await expect(run({ bucketMinutes: 0, sampel: 3 })).rejects.toMatchObject({
    code: 'input-invalid',
    message: expect.stringMatching(/2 wrong fields.*verify\.bucketMinutes.*verify\.sampel/s) as string,
  });
  await expect(run({ against: ['replay'] })).rejects.toMatchObject({ code: 'source-topic-missing' });
  kafka.deleteTopic('events');
  await expect(verify.run({ topic: 'events', archive: { dest: '/camus', timeZone: 'UTC' } })).rejects.toMatchObject({
    code: 'source-topic-missing',
  });
});
