// Proves that a group gets its offsets in Kafka once, and wholly, where the marker of the commit got lost in one of its
// two groups and no coordinator remembers how it ended: what one group has, the other gets.
import { beforeEach, describe, expect, it } from 'vitest';
import { commitToKafka, markerGroupOf } from '../../../../activities/replay/offsets/commit-to-kafka.ts';
import type { PinnedOffsets } from '../../../../layouts/pinned-offsets.ts';
import { MemoryKafka } from '../../../support/kafka/memory-kafka.ts';
import { replayJob } from '../../../support/replay-job.ts';

const GROUP = 'billing';
const PINS = { next: { '0': '10', '1': '20' }, remarks: [] } as unknown as PinnedOffsets;
const base = replayJob();
const job = { ...base, offsets: { ...base.offsets, group: GROUP, existing: 'fail' as const } };

let kafka: MemoryKafka;
beforeEach(async () => {
  kafka = new MemoryKafka();
  await kafka.createTopic(job.topic, { partitions: 2, replicationFactor: 1, settings: {} });
});

const offsetsOf = async (group: string): Promise<bigint[]> =>
  (await kafka.describeGroup(group, job.topic)).offsets.map(({ offset }) => offset);

/** The commit is decided, its marker gets lost in these groups, and the worker dies before it hears of it. */
async function lose(groups: readonly string[]): Promise<void> {
  kafka.losesGroupMarkers = (group) => groups.includes(group);
  kafka.interruption = ({ call }, when) => {
    if (call === 'commit' && when === 'after') throw new Error('the worker is killed');
  };
  await expect(commitToKafka(kafka, job, GROUP, PINS)).rejects.toThrow('killed');
  kafka.losesGroupMarkers = () => false;
  kafka.interruption = undefined;
}

it('commits all partitions, and tells its own commit from another', async () => {
  expect((await commitToKafka(kafka, job, GROUP, PINS)).status).toBe('committed');
  expect(await offsetsOf(GROUP)).toEqual([10n, 20n]);
  expect((await commitToKafka(kafka, job, GROUP, PINS)).status).toBe('already');
  const other = { ...job, id: 'another/run' };
  await expect(commitToKafka(kafka, other, GROUP, PINS)).rejects.toMatchObject({ code: 'offsets-group-exists' });
});

describe.each([true, false])('a marker that got lost, and a coordinator that remembers: %s', (tellsOutcomes) => {
  it.each([
    ['of the group', [GROUP]],
    ['of the group that tells a retry', [markerGroupOf(GROUP)]],
  ])('%s: the other one has it, and both do', async (_, groups) => {
    kafka.tellsOutcomes = tellsOutcomes;
    await lose(groups);
    expect((await commitToKafka(kafka, job, GROUP, PINS)).status).toBe('already');
    expect(await offsetsOf(GROUP)).toEqual([10n, 20n]);
    expect(await offsetsOf(markerGroupOf(GROUP))).toEqual([10n, 20n]);
  });

  it('of both: the offsets are there all the same', async () => {
    kafka.tellsOutcomes = tellsOutcomes;
    await lose([GROUP, markerGroupOf(GROUP)]);
    expect((await commitToKafka(kafka, job, GROUP, PINS)).status).toBe(tellsOutcomes ? 'already' : 'committed');
    expect(await offsetsOf(GROUP)).toEqual([10n, 20n]);
  });
});
