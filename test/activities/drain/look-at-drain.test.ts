// Proves when a group has drained a replay topic: with every committed record behind it, whatever markers and aborted
// records lie between, and not before; that what Kafka will forget is told in time; and that the switch is made only
// then, once, and only to where the live topic goes on.
import { beforeEach, expect, it } from 'vitest';
import { lookAtDrain } from '../../../activities/drain/look-at-drain.ts';
import type { DrainInput } from '../../../activities/drain/drain-input.ts';
import type { DrainReport } from '../../../activities/drain/drain-report.ts';
import { numbered } from '../../integration/kafka/numbered-records.ts';
import { MemoryKafka } from '../../support/kafka/memory-kafka.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { MemoryWorker } from '../../support/memory-worker.ts';

const TOPIC = 'events_REPLAY';
const SINCE = new Date(Date.now() - 3_600_000).toISOString();
let kafka: MemoryKafka;

/** Partition 0 has the records 0 to 9, the marker 10, an aborted record and its marker; 1 has none. */
beforeEach(async () => {
  kafka = new MemoryKafka();
  await kafka.createTopic(TOPIC, { partitions: 2, replicationFactor: 1, settings: {} });
  await kafka.createTopic('events', { partitions: 2, replicationFactor: 1, settings: {} });
  const publisher = await kafka.openPublisher({ transactionalId: 'a' });
  await publisher.commit({ batches: [numbered(TOPIC, 0, 0, 10)], offsets: [] });
  await publisher.commit({ batches: [numbered('events', 0, 0, 30), numbered('events', 1, 0, 30)], offsets: [] });
  kafka.interruption = ({ call }, when) => {
    if (call === 'commit' && when === 'written') throw new Error('cut off');
  };
  await expect(publisher.commit({ batches: [numbered(TOPIC, 0, 10, 11)], offsets: [] })).rejects.toThrow('cut off');
  kafka.interruption = undefined;
  await kafka.openPublisher({ transactionalId: 'a' });
});

function look(input: Partial<DrainInput> = {}): Promise<DrainReport> {
  const { deps, context } = new MemoryWorker(new MemoryFileStore());
  return lookAtDrain({ ...deps, kafka: () => kafka })({ replayTopic: TOPIC, group: 'billing', ...input }, context);
}

const stands = (group: string, topic: string, offset: bigint, partition = 0): void =>
  kafka.groups.commit({ group, topic, offsets: [{ partition, offset, metadata: '' }] });

it.each([
  [undefined, false, '10'],
  [0n, false, '10'],
  [9n, false, '1'],
  [10n, true, '0'],
  [13n, true, '0'],
])(
  'a group at %s of ten records, of which a marker and an aborted one come behind: drained %s',
  async (at, drained, left) => {
    if (at !== undefined) stands('billing', TOPIC, at);
    const report = await look();
    expect(report).toMatchObject({ drained, left, members: 0 });
    expect(report.partitions.find(({ partition }) => partition === 0)).toMatchObject({
      drainedAt: '10',
      end: '13',
      drained,
    });
    expect(report.partitions.find(({ partition }) => partition === 1)).toMatchObject({ drained: true, left: '0' });
  },
);

it('tells that offsets of a group without consumers are forgotten, and not of one that has some', async () => {
  stands('billing', TOPIC, 3n);
  expect((await look()).warnings.join()).toContain('10080 minutes');
  kafka.groups.members.set('billing', 2);
  expect(await look()).toMatchObject({ members: 2, warnings: [] });
});

it('tells of records that were deleted before the group read them, and of an offset of another life', async () => {
  stands('billing', TOPIC, 3n);
  kafka.partition(TOPIC, 0).trim(5n);
  expect((await look()).warnings.join()).toContain('records 3 to 4 were deleted before they were read');
  stands('billing', TOPIC, 99n);
  expect((await look()).warnings.join()).toContain('beyond the end 13');
});

it('takes no log for drained that was deleted before the group read it, though no record is left', async () => {
  stands('billing', TOPIC, 3n);
  kafka.partition(TOPIC, 0).trim(13n);
  const report = await look({ live: LIVE, commit: true });
  expect(report).toMatchObject({ drained: false, left: '10', live: { commit: 'none' } });
  expect(report.warnings.join()).toContain('records 3 to 12 were deleted before they were read');
  // Who takes the loss moves the group to where the log begins.
  stands('billing', TOPIC, 13n);
  expect(await look()).toMatchObject({ drained: true, left: '0' });
});

it('does not know what a group without an offset has read of a log that was deleted', async () => {
  kafka.partition(TOPIC, 0).trim(13n);
  const report = await look();
  expect(report).toMatchObject({ drained: false, left: '13' });
  expect(report.warnings.join()).toContain('the log begins at 13, and billing has no offset there');
});

it('takes no group for done that stands where an earlier topic of this name was', async () => {
  stands('billing', TOPIC, 99n);
  expect(await look({ live: LIVE, commit: true })).toMatchObject({
    drained: false,
    left: '10',
    live: { commit: 'none' },
  });
});

const LIVE = {
  topic: 'events',
  job: 'replay-events/1',
  offsets: [0, 1].map((partition) => ({ partition, offset: '20' })),
};

it('commits where the group goes on once it has drained the replay, and once', async () => {
  stands('billing', TOPIC, 9n);
  expect((await look({ live: LIVE, commit: true })).live).toMatchObject({ commit: 'none', switched: false });
  stands('billing', TOPIC, 10n);
  expect((await look({ live: LIVE, commit: true, unfinished: true })).live).toMatchObject({ commit: 'none' });
  expect((await look({ live: LIVE, commit: true })).live).toMatchObject({ commit: 'committed', switched: true });
  // The group goes on, and is not moved back.
  stands('billing', 'events', 25n);
  expect((await look({ live: LIVE, commit: true })).live).toMatchObject({ commit: 'already', switched: false });
  expect(kafka.groups.describe('billing', 'events').offsets[0]).toMatchObject({ offset: 25n });
});

it('moves no group that is in use, nor to where the live topic does not go on', async () => {
  stands('billing', TOPIC, 10n);
  kafka.groups.members.set('billing', 1);
  await expect(look({ live: LIVE, commit: true })).rejects.toMatchObject({ code: 'offsets-group-active' });
  kafka.groups.members.clear();
  kafka.partition('events', 1).trim(25n);
  expect((await look({ live: LIVE })).live?.problems).toEqual([
    'events-1: offsets 20 to 24 are neither in the replay nor in the live topic, which begins at 25',
  ]);
  await expect(look({ live: LIVE, commit: true })).rejects.toMatchObject({ code: 'offsets-outside-live-range' });
  expect((await look({ live: { ...LIVE, more: 3 } })).live?.problems.join()).toContain('3 more are not known');
});

it('warns of the group that waits on the live topic before Kafka forgets it, and after', async () => {
  stands('billing', TOPIC, 10n);
  const waiting = { group: 'main', since: SINCE };
  expect((await look({ live: { ...LIVE, waiting } })).warnings.join()).toContain('main has not all the offsets');
  for (const partition of [0, 1]) stands('main', 'events', 20n, partition);
  const calm = await look({ live: { ...LIVE, waiting } });
  expect(calm.waiting).toMatchObject({
    there: true,
    expiresAt: new Date(Date.parse(SINCE) + 10_080 * 60_000).toISOString(),
  });
  expect(calm.warnings.join()).not.toContain('main');
  const late = new Date(Date.now() - 6 * 86_400_000).toISOString();
  expect((await look({ live: { ...LIVE, waiting: { group: 'main', since: late } } })).warnings.join()).toContain(
    'main waits without a consumer, and Kafka forgets its offsets from',
  );
  kafka.groups.members.set('main', 1);
  expect((await look({ live: { ...LIVE, waiting } })).waiting).toMatchObject({ expiresAt: undefined });
});

it('names every field of its input that is wrong, and a replay topic that is not there', async () => {
  await expect(look({ group: '', replayTopic: 'a b' })).rejects.toMatchObject({ code: 'input-invalid' });
  await expect(look({ replayTopic: 'gone' })).rejects.toMatchObject({ code: 'replay-topic-changed' });
});
