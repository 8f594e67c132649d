// An archive against its topic and its replay, on real servers, by the command as people run it: it agrees where nothing is
// wrong, and finds each of: a missing file, a doubled file, a changed byte, a record out of order, a trimmed topic.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RecordBatchBuilder } from '../../../connections/kafka/batch/record-batch.ts';
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import { int64FromBigInt } from '../../../formats/int64.ts';
import type { VerifyResult } from '../../../workflows/verify/verify-result.ts';
import { body } from '../../connections/kafka/encoded-body.ts';
import { envelopesIn, type ReadEnvelope } from '../../formats/record-envelope/read-envelopes.ts';
import { ArchiveHarness, type ArchivedFile } from '../../support/archive-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { writeTestArchive } from '../../support/test-archive.ts';
import { wholeRecordFile } from '../../support/whole-records.ts';
import { runRewind, type Ran } from '../cli/run-rewind.ts';

const TIME = Date.UTC(2026, 10, 20, 10);
const HOUR = 3_600_000;
const PER_HOUR = 200;

let base: ReplayHarness;
let kafka: KafkaConnection;
let folder: string;
let archive: ArchiveHarness;
let topic: string;
let job: Record<string, unknown>;

/** Two partitions with three hours each, archived whole, and replayed. */
beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  kafka = openKafka(parseKafkaConfig({ brokers: inject('stack').kafka }, 'test'));
  folder = await mkdtemp(join(tmpdir(), 'rewind-verify-'));
  await base.startWorker({ REWIND_SPLIT_MIB: '0.02' });
  archive = new ArchiveHarness(base, 'verified');
  topic = archive.topic('verified');
  await archive.createTopic(topic, 2, [{ name: 'retention.ms', value: '-1' }]);
  for (const hour of [0, 1, 2]) await publish(topic, hour * PER_HOUR, hour);
  const archiving = archive.job({ topics: { include: [topic] }, value: 'record', files: { timeZone: 'UTC' } });
  expect(await archive.run(archiving)).toMatchObject({ records: String(6 * PER_HOUR), problems: [] });
  job = {
    topic,
    archive: { dest: archive.dest, history: archive.history, timeZone: 'UTC' },
    staging: `${base.folder}/staging`,
  };
  await base.replay({
    ...(job as { topic: string; archive: object }),
    offsets: { group: `main-${base.id}`, zookeeper: false, kafka: true },
  });
}, 600_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await kafka?.close();
  await base?.close();
});

/** A batch for each partition; `ordinals`, where records have them. */
async function publish(to: string, from: number, hour: number, ordinals?: readonly number[]): Promise<void> {
  const publisher = await kafka.openPublisher({ transactionalId: `verify-${to}` });
  const batches = (ordinals === undefined ? [0, 1] : [0]).map((partition) => {
    const builder = new RecordBatchBuilder({ topic: to, partition, ordinals: ordinals !== undefined });
    for (const [n, ordinal] of (ordinals ?? Array.from({ length: PER_HOUR }, () => 0)).entries()) {
      const bytes = body(`key ${from + n}`, `value ${partition}/${from + n}`);
      const { hi, lo } = int64FromBigInt(BigInt(TIME + hour * HOUR + n * 1000));
      builder.add(hi, lo, bytes, 0, bytes.length, ordinal);
    }
    return builder.take();
  });
  await publisher.commit({ batches, offsets: [] });
  await publisher.close();
  // A commit is answered before its markers are in the logs: this waits for them.
  await kafka.lastCommittedRecords(to);
}

/** By the command, as people run it. */
async function verifyByCommand(settings: object): Promise<{ ran: Ran; result: VerifyResult }> {
  const path = join(folder, 'job.json');
  await writeFile(path, JSON.stringify({ ...job, verify: settings }));
  const ran = await runRewind(base, ['verify', path, '--wait', '--json']);
  expect(ran.out, ran.err).not.toBe('');
  return { ran, result: JSON.parse(ran.out) as VerifyResult };
}

async function verify(settings: object, changes: object = {}): Promise<VerifyResult> {
  const handle = await base.client.workflow.start('verify', {
    args: [{ ...job, ...changes, verify: settings }],
    taskQueue: base.taskQueue,
    workflowId: `verify-${base.id}-${(runs += 1)}`,
  });
  return (await handle.result()) as VerifyResult;
}
let runs = 0;

const source = { against: ['source'] };

async function rewritten(
  file: ArchivedFile,
  bytes: Buffer,
  change: (records: ReadEnvelope[]) => ReadEnvelope[],
): Promise<void> {
  const records = change(await envelopesIn(bytes));
  await base.store.delete(file.path);
  await base.store.write(file.path, [
    wholeRecordFile(
      records.map(({ headers, timestamp, ...each }) => ({
        ...each,
        timestamp: Number(timestamp),
        headers: headers.map(({ key, value }): [string, Buffer | null] => [key, value]),
      })),
    ),
  ]);
}

it('agrees with its topic and its replay, and leaves a report that says what was compared', async () => {
  const { ran, result } = await verifyByCommand({});
  expect(result.findings).toEqual([]);
  expect(ran.code).toBe(0);
  expect(result).toMatchObject({ agrees: true, topic, targets: [{ target: 'source' }, { target: 'replay' }] });
  for (const target of result.targets)
    expect(target).toMatchObject({ cells: 6, archive: '1200', found: '1200', uncompared: '0', differing: 0 });
  const report = JSON.parse(
    Buffer.from(await base.store.read(result.report, 0, (await base.store.status(result.report))!.length)).toString(),
  ) as Record<string, unknown>;
  expect(report).toMatchObject({ agrees: true, job: result.job, archive: { files: result.files } });
  expect(report['servers']).toEqual({ hdfs: base.store.describe(), kafka: kafka.describe() });
  // Nothing is left of the job but its report.
  const text = await runRewind(base, ['result', `verify-${topic}`]);
  expect(text.out).toContain('the archive and what it was compared with agree');
  expect(await base.store.status(`${base.folder}/staging/${topic}`)).toBeDefined();
});

describe('of an archive with five faults', () => {
  const restore: (() => Promise<unknown>)[] = [];
  let ran: Ran;
  let findings: VerifyResult['findings'];
  const paths = { missing: '', doubled: '', copy: '', changed: '', cut: '', moved: '' };

  /** Does something to the file of a partition and hour, which is put back when all has been looked at. */
  async function damage(
    partition: number,
    hour: number,
    change: (file: ArchivedFile, bytes: Buffer) => Promise<unknown>,
  ): Promise<string> {
    const start = TIME + hour * HOUR;
    const all = await archive.files(topic);
    const file = all.find((each) => each.partition === partition && each.bucketStartMs === start)!;
    const bytes = Buffer.from(await base.store.read(file.path, 0, file.length));
    restore.push(async () => {
      await base.store.delete(file.path);
      await base.store.write(file.path, [bytes]);
    });
    await change(file, bytes);
    return file.path;
  }

  beforeAll(async () => {
    paths.missing = await damage(1, 1, ({ path }) => base.store.delete(path));
    paths.changed = await damage(0, 1, (file, bytes) =>
      rewritten(file, bytes, (records) => records.with(50, { ...records[50]!, value: Buffer.from('value 0/25O') })),
    );
    paths.cut = await damage(1, 2, async ({ path }, bytes) => {
      await base.store.delete(path);
      await base.store.write(path, [bytes.subarray(0, bytes.length - 40)]);
    });
    paths.moved = await damage(0, 2, (file, bytes) =>
      rewritten(file, bytes, (records) => records.with(3, records[4]!).with(4, records[3]!)),
    );
    // Last: it must not be taken for the file of its partition and hour.
    paths.doubled = await damage(0, 0, async ({ path }, bytes) => {
      paths.copy = path.replace(/\.\d+\.(?=0\.)/, '.99.');
      expect(paths.copy).not.toBe(path);
      await base.store.write(paths.copy, [bytes]);
    });
    restore.push(() => base.store.delete(paths.copy));
    const { ran: command, result } = await verifyByCommand(source);
    ran = command;
    ({ findings } = result);
    expect(result.agrees).toBe(false);
  });
  afterAll(async () => {
    for (const put of restore) await put();
  });

  const of = (partition: number, hour: number): VerifyResult['findings'] => {
    const bucket = new Date(TIME + hour * HOUR).toISOString();
    return findings.filter((each) => each.partition === partition && each.bucket === bucket);
  };

  it('finds each, and says so by its exit code', () => {
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(`differ: ${findings.length} findings`);
    expect(of(1, 0)).toEqual([]);
  });

  it('finds a missing file', () => {
    expect(of(1, 1)).toEqual([
      expect.objectContaining({ kind: 'missing', records: PER_HOUR, from: String(PER_HOUR + 1) }),
    ]);
  });

  it('finds a doubled file', () => {
    expect(of(0, 0)).toEqual([expect.objectContaining({ kind: 'doubled', records: PER_HOUR })]);
    expect(of(0, 0)[0]!.message).toContain(paths.doubled);
    expect(of(0, 0)[0]!.message).toContain(paths.copy);
  });

  it('finds a changed byte', () => {
    expect(of(0, 1)).toEqual([
      expect.objectContaining({ kind: 'changed', file: paths.changed, ordinal: 50, from: String(PER_HOUR + 1 + 50) }),
    ]);
  });

  it('finds bytes that were cut off', () => {
    expect(of(1, 2)).toEqual([expect.objectContaining({ kind: 'missing' })]);
    const inFile = findings.filter(({ file }) => file === paths.cut);
    expect(inFile).toContainEqual(expect.objectContaining({ kind: 'unreadable' }));
  });

  it('finds a record out of order', () => {
    const inFile = findings.filter(({ file }) => file === paths.moved);
    expect(inFile).toEqual([expect.objectContaining({ kind: 'order', ordinal: 4 })]);
  });
});

it('agrees with the replay of an archive of Camus, and finds a file that is gone since', async () => {
  const camus = await writeTestArchive(base, { records: 600 });
  const { topic: views, archive: place, output } = camus.job;
  await base.replay(camus.job);
  const changes = { topic: views, archive: place, output };
  const result = await verify({}, changes);
  expect(result.findings).toEqual([]);
  expect(result.targets).toEqual([
    expect.objectContaining({ target: 'replay', content: 'published', archive: '600', found: '600', differing: 0 }),
  ]);
  expect(result.notes.join()).toContain(`not compared with the source: there is no topic ${views}`);
  const [file] = await archiveFiles(`${place.dest!}/${views}`);
  await base.store.delete(file!);
  const { findings } = await verify({}, changes);
  expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(['extra']));
});

/** Data files below a folder, in no order. */
async function archiveFiles(below: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { path, kind } of base.store.list(below))
    if (kind === 'directory') found.push(...(await archiveFiles(path)));
    else found.push(path);
  return found;
}

it('finds a replay topic with records out of order, and of others', async () => {
  const replayTopic = `${topic}_OTHER`;
  await archive.createTopic(replayTopic, 2);
  await publish(replayTopic, 0, 0, [0, 2, 1, 3]);
  const result = await verify({ against: ['replay'] }, { replayTopic });
  const kinds = new Set(result.findings.map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual(['missing', 'order']);
  expect(result.findings.find(({ kind }) => kind === 'order')!.message).toContain('has ordinal 1, behind one with 2');
});

it('compares with what a trimmed topic still has, and finds a trimmed replay', async () => {
  await trim(topic, 0, 100);
  const result = await verify(source);
  expect([result.agrees, result.targets[0]!.uncompared]).toEqual([true, '100']);
  const replayTopic = `${topic}_REPLAY`;
  await trim(replayTopic, 1, 30);
  const replay = await verify({ against: ['replay'] });
  expect(replay.findings.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['missing', 'trimmed']));
  expect(replay.findings.find(({ kind }) => kind === 'trimmed')).toMatchObject({ partition: 1, from: '0', to: '30' });
});

async function trim(of: string, partition: number, offset: number): Promise<void> {
  await base.admin(async (admin) => {
    await admin.fetchTopicOffsets(of);
    await admin.deleteTopicRecords({ topic: of, partitions: [{ partition, offset: String(offset) }] });
  });
}

it('goes on with what was counted when its worker is killed', async () => {
  const taskQueue = `${base.taskQueue}-killed`;
  const environment = {
    REWIND_TASK_QUEUE: taskQueue,
    REWIND_SPLIT_MIB: '0.001',
    REWIND_HEARTBEAT_TIMEOUT_MS: '1000',
    REWIND_DECODE_CONCURRENCY: '1',
  };
  const first = await base.startWorker(environment);
  const handle = await base.client.workflow.start('verify', {
    args: [{ ...job, verify: source }],
    taskQueue,
    workflowId: `verify-killed-${base.id}`,
  });
  for (;;) {
    const { splits } = await handle.query<{ splits: { done: number } }>('progress');
    if (splits.done > 0) break;
  }
  await first.end('SIGKILL');
  await base.startWorker(environment);
  expect(await handle.result()).toMatchObject({ agrees: true });
});

it('leaves its staging when it is cancelled, which is cleaned, and its Schedule starts what it is', async () => {
  const path = join(folder, 'weekly.json');
  await writeFile(path, JSON.stringify({ ...job, verify: source }));
  const id = `weekly-${base.id}`;
  const scheduled = await runRewind(base, ['schedule', path, '--id', id, '--cron', '15 3 * * 0', '--paused']);
  expect(scheduled.out).toContain(`created the Schedule ${id} of the workflow verify, paused`);
  const schedule = base.client.schedule.getHandle(id);
  await schedule.trigger();
  let workflowId: string | undefined;
  await expect
    .poll(async () => (workflowId = (await schedule.describe()).info.recentActions[0]?.action.workflow.workflowId))
    .toBeDefined();
  expect(await base.client.workflow.getHandle(workflowId!).result()).toMatchObject({ agrees: true });
  await schedule.delete();

  const handle = await base.client.workflow.start('verify', {
    args: [{ ...job, verify: source }],
    taskQueue: base.taskQueue,
    workflowId: `verify-cleaned-${base.id}`,
  });
  await handle.signal('pause');
  await expect.poll(async () => (await handle.query<{ status: string }>('progress')).status).toBe('paused');
  const refused = await runRewind(base, ['clean', handle.workflowId]);
  expect(refused.err).toContain('the job is running');
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow();
  const cleaned = await runRewind(base, ['clean', handle.workflowId]);
  expect(cleaned.out).toMatch(/staging\/.* was removed/);
});

it('is refused at once with every field that is wrong', async () => {
  const path = join(folder, 'wrong.json');
  await writeFile(path, JSON.stringify({ ...job, topci: 1, verify: { against: ['sink'] } }));
  const ran = await runRewind(base, ['verify', path, '--wait']);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain('topci');
  expect(ran.err).toContain('verify.against');
});
