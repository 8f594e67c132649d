// Folders that may not be written to, and folders that are full: the other topics are archived, what failed leaves
// nothing that grows from retry to retry, and after the repair everything is there once.
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { ArchivePlan } from '../../../activities/archive/plan/archive-plan.ts';
import { attachStack } from '../../../scripts/stack/development-stack.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';

let base: ReplayHarness;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  // A user of whom the NameNode asks for rights.
  await base.startWorker({ REWIND_HDFS_USER: 'archiver' });
});
afterAll(() => base.close());

const dfsAdmin = (...args: string[]): Promise<void> => attachStack(inject('stackName')).hdfsAdmin(...args);

async function setPermission(path: string, permission: string): Promise<void> {
  const url = `${inject('stack').namenode}/webhdfs/v1${path}?op=SETPERMISSION&permission=${permission}&user.name=rewind`;
  expect((await fetch(url, { method: 'PUT' })).status).toBe(200);
}

async function folderFor(archive: ArchiveHarness, ...folders: string[]): Promise<void> {
  for (const folder of [archive.dest, archive.exec, ...folders]) {
    await base.store.makeDirectory(folder);
    await setPermission(folder, '777');
  }
}

/** Topics of 90 records each, in three hours. */
async function topics(archive: ArchiveHarness, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, n) => archive.topic(`${archive.dest.split('/').at(-2)}-${n + 1}`));
  for (const topic of names) {
    await archive.createTopic(topic, 1);
    await archive.produce(
      topic,
      Array.from({ length: 90 }, (_, n) => ({
        value: JSON.stringify({ n }),
        timestamp: String(Date.UTC(2026, 10, 20, 10 + (n % 3))),
      })),
    );
  }
  return names;
}

async function numbersOf(archive: ArchiveHarness, topic: string): Promise<number[]> {
  const lines = [...(await archive.lines(topic)).values()].flat();
  return lines.map((line) => (JSON.parse(line) as { n: number }).n).sort((a, b) => a - b);
}
const ALL = Array.from({ length: 90 }, (_, n) => n);

it('archives four topics of six where one folder gives no right and one is a file, and those two after the repair', async () => {
  const archive = new ArchiveHarness(base, 'rights');
  const names = await topics(archive, 6);
  const [t3, t5] = [names[2]!, names[4]!];
  await folderFor(archive, `${archive.dest}/${t3}`);
  await setPermission(`${archive.dest}/${t3}`, '555');
  await base.store.write(`${archive.dest}/${t5}`, [Buffer.from('a file')]);
  const job = archive.job({ topics: { include: names }, files: { timeZone: 'UTC' } });
  const plan = (await (await archive.start({ ...job, plan: true })).result()) as ArchivePlan;
  expect(plan.ready).toBe(false);
  expect(plan.rights.filter(({ mayWrite }) => mayWrite === false).map(({ path }) => path)).toEqual(
    [t3, t5].sort().map((topic) => `${archive.dest}/${topic}`),
  );
  const first = await archive.run(job);
  expect(first.problems.map(({ topic }) => topic).sort()).toEqual([t3, t5]);
  expect(first).toMatchObject({ records: '360', offsetsLeft: '180' });
  const offsets = await archive.offsets();
  expect(names.map((topic) => offsets.get(`${topic}-0`)?.next)).toEqual([90n, 90n, 0n, 90n, 0n, 90n]);
  expect((await archive.run(job)).problems).toHaveLength(2);
  expect(await archive.debris()).toEqual([]);

  await setPermission(`${archive.dest}/${t3}`, '777');
  await base.store.delete(`${archive.dest}/${t5}`);
  expect(await archive.run(job)).toMatchObject({ records: '180', problems: [], offsetsLeft: '0' });
  for (const topic of names) expect(await numbersOf(archive, topic)).toEqual(ALL);
  expect((await archive.run(job)).execution).toBeUndefined();
});

it.each([
  ['names', ['-setQuota', '4'], '-clrQuota'],
  ['space', ['-setSpaceQuota', '1m'], '-clrSpaceQuota'],
] as const)(
  'fails where a quota of %s is used up, leaves nothing that grows, and has all once it is raised',
  async (what, set, clear) => {
    const archive = new ArchiveHarness(base, `quota-${what}`);
    const [topic] = await topics(archive, 1);
    await folderFor(archive);
    await dfsAdmin(...set, archive.dest);
    const job = archive.job({ topics: { include: [topic!] }, files: { timeZone: 'UTC' } });
    const plan = (await (await archive.start({ ...job, plan: true })).result()) as ArchivePlan;
    if (what === 'space')
      expect(plan).toMatchObject({ ready: false, noRoom: [expect.stringContaining(`on ${archive.dest} leaves `)] });
    for (let tries = 0; tries < 3; tries++) {
      await expect(archive.run(job)).rejects.toThrow(/quota/i);
      expect([await archive.debris(), await archive.files(topic!), await archive.executions()]).toEqual([[], [], []]);
    }
    await dfsAdmin(clear, archive.dest);
    expect(await archive.run(job)).toMatchObject({ records: '90', problems: [] });
    expect(await numbersOf(archive, topic!)).toEqual(ALL);
    expect(await archive.debris()).toEqual([]);
  },
);

it.each([
  // Itself, hourly/2026/11/20 and three hours: no room for the files alone.
  ['names', ['-setQuota', '9'], '-clrQuota'],
  ['space', ['-setSpaceQuota', '100'], '-clrSpaceQuota'],
] as const)(
  'leaves a topic to the next run whose own folder has a quota of %s that is used up',
  async (what, set, clear) => {
    const archive = new ArchiveHarness(base, `topic-quota-${what}`);
    const names = await topics(archive, 3);
    const full = `${archive.dest}/${names[1]}`;
    await folderFor(archive, full);
    await dfsAdmin(...set, full);
    const job = archive.job({ topics: { include: names }, files: { timeZone: 'UTC', codec: 'none' } });
    const first = await archive.run(job);
    expect(first.problems).toMatchObject([{ topic: names[1], message: expect.stringMatching(/quota/i) as string }]);
    expect(first).toMatchObject({ records: '180' });
    expect(await archive.debris()).toEqual([]);
    await dfsAdmin(clear, full);
    expect(await archive.run(job)).toMatchObject({ records: '90', problems: [] });
    for (const topic of names) expect(await numbersOf(archive, topic)).toEqual(ALL);
  },
);

it('deletes the oldest executions while EXEC holds more names than its part of the quota, and goes on from the newest', async () => {
  const archive = new ArchiveHarness(base, 'quota-fraction');
  const [topic] = await topics(archive, 1);
  await folderFor(archive);
  const job = archive.job({ topics: { include: [topic!] }, files: { timeZone: 'UTC' }, keep: { quotaFraction: 0.5 } });
  const more = async (from: number): Promise<void> => {
    const value = (n: number): string => JSON.stringify({ n });
    await archive.produce(topic!, [{ value: value(from), timestamp: String(Date.UTC(2026, 10, 20, 10)) }]);
    expect(await archive.run(job)).toMatchObject({ problems: [] });
  };
  expect(await archive.run(job)).toMatchObject({ records: '90' });
  for (let n = 90; n < 94; n++) await more(n);
  const before = await archive.executions();
  expect(before).toHaveLength(5);
  let names = 1;
  for await (const _ of base.store.list(`${archive.history}/${before[0]}`)) names += 1;
  await dfsAdmin('-setQuota', '1000', archive.exec);
  const { used } = (await base.store.space(archive.exec)).names!;
  const quota = Math.ceil(used * 1.5);
  await dfsAdmin('-setQuota', String(quota), archive.exec);
  await more(94);
  const left = (await base.store.space(archive.exec)).names!.used;
  expect(left).toBeLessThanOrEqual(quota / 2);
  // Not one more than had to go.
  expect(left + names).toBeGreaterThan(quota / 2);
  const after = await archive.executions();
  expect(after.length).toBeGreaterThan(0);
  expect(after.length).toBeLessThan(6);
  expect(after.slice(0, -1)).toEqual(before.slice(before.length + 1 - after.length));
  await more(95);
  await dfsAdmin('-clrQuota', archive.exec);
  expect(await numbersOf(archive, topic!)).toEqual(Array.from({ length: 96 }, (_, n) => n));
});
