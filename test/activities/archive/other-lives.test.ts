// Files beyond the stored offsets are not all of a failed run: those beyond the end of the log are of an earlier life of the
// topic, or of another Kafka. They may be all that is left of their records, and stay where they are.
import { beforeEach, describe, expect, it } from 'vitest';
import { PlannedArchive } from './planned-archive.ts';
import { DEST, HISTORY } from './pulled-run.ts';

let archive: PlannedArchive;
let old: string;

beforeEach(async () => {
  archive = new PlannedArchive();
  await archive.topic('t', 0, 150);
  await archive.camusExecution(HISTORY, '2014-11-03-11-10-02', { t: 100 });
  old = await archive.file('t', 4000, 5000);
});

it.each(['fail', 'quarantine'] as const)('begins beside them with leftovers %s, and says so', async (leftovers) => {
  const { remarks, offsets } = await archive.plan('a/1', { leftovers });
  expect(offsets).toBe('50');
  expect(remarks).toEqual([expect.stringMatching(/^1 file below dest .*beyond the end of .*5000.*left where it is/)]);
  expect(await archive.below(`${DEST}/t`)).toEqual([old]);
  const plan = await archive.describe({ leftovers });
  expect(plan).toMatchObject({ ready: true, leftovers: { files: 0 } });
  expect(plan.remarks).toEqual(remarks);
});

it('moves those that a failed run has left in this life, and no other', async () => {
  const left = await archive.file('t', 40, 140);
  const { remarks } = await archive.plan('a/1', { leftovers: 'quarantine' });
  expect(await archive.below(`${DEST}/t`)).toEqual([old]);
  expect(remarks).toHaveLength(2);
  expect(remarks[0]).toBe(
    `1 file beyond the stored offsets, as a failed run of Camus leaves it, was moved to ${DEST}/.rewind/leftovers/2014-11-03-11-10-02; look at it before it is deleted`,
  );
  expect((await archive.below(`${DEST}/.rewind/leftovers`)).map((path) => path.split('/').at(-1))).toEqual([
    left.split('/').at(-1),
  ]);
});

it('takes a partition that Kafka does not have for one without a log', async () => {
  await archive.store.write(`${DEST}/t/hourly/t.1.7.10.140.0.avro`, [Buffer.from('x')]);
  expect((await archive.plan('a/1')).remarks[0]).toMatch(/^2 files below dest/);
});

it('tells no more than a few by name', async () => {
  for (let n = 0; n < 30; n++) await archive.file('t', 1, 6000 + n);
  const [remark] = (await archive.plan('a/1')).remarks;
  expect(remark).toMatch(/^31 files/);
  expect(remark!.match(/\.avro/g)).toHaveLength(3);
});

describe('a log whose end nobody tells now', () => {
  beforeEach(() => archive.loseLeader('t'));

  it.each(['fail', 'quarantine'] as const)('ends a run with leftovers %s, which moves nothing', async (leftovers) => {
    await expect(archive.plan('a/1', { leftovers })).rejects.toMatchObject({
      code: 'archive-leftovers',
      message: expect.stringContaining('where the log of its partition ends is not known now') as string,
    });
    expect(await archive.below(DEST)).toEqual([old]);
    expect(await archive.describe({ leftovers })).toMatchObject({ ready: false, leftovers: { files: 1 } });
  });
});

it('says of files that are an error what else they may be', async () => {
  await archive.file('t', 40, 140);
  await expect(archive.plan('a/1')).rejects.toThrow(
    /as a run of Camus leaves them that failed after it had placed them; or they are of an earlier life of the topic/,
  );
});
