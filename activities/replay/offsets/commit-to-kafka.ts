import type { DescribeGroupOptions } from '../../../connections/kafka/admin/admin-port.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import { firstTen } from '../../step/first-ten.ts';
import { partialGroupRemarks } from './partial-group.ts';
import { openSettledPublisher, settleTransactions, type Outcome } from '../../step/settled-publisher.ts';
import type { CommitStatus } from '../steps.ts';

/** Of a job what a commit depends on: `topic` is the one whose offsets they are. */
export type CommittingJob = Pick<ReplayJob, 'id' | 'topic'> & { offsets: Pick<ReplayJob['offsets'], 'existing'> };

export interface KafkaCommit {
  status: CommitStatus;
  remarks: string[];
}

/** Kafka's default of `offsets.retention.minutes`: how long an empty group keeps its offsets. */
const DEFAULT_RETENTION = 'offsets.retention.minutes after the commit (7 days unless the brokers say otherwise)';

/**
 * Commits a group's offsets in Kafka: all partitions in one transaction, together with the same offsets for a group
 * that nobody consumes with. That one tells a retry that its own commit went through, even where consumers of the real
 * group have moved on since.
 */
export async function commitToKafka(
  kafka: KafkaConnection,
  job: CommittingJob,
  group: string,
  pins: Pick<PinnedOffsets, 'next'>,
): Promise<KafkaCommit> {
  const markerGroup = markerGroupOf(group);
  const options = { transactionalId: markerGroup };
  const scope = { topic: job.topic, groups: [group, markerGroup], records: false };
  const outcome = (): Promise<Outcome> => outcomeByGroups(kafka, job, scope.groups);
  await settleTransactions(kafka, options, scope, outcome);
  if (await isOurs(kafka, job, markerGroup)) return { status: 'already', remarks: [] };
  const checked = await checkGroup(kafka, job, group, pins);
  if (checked !== undefined) return checked;
  const publisher = await openSettledPublisher(kafka, options, scope, outcome);
  try {
    // Whoever was here before is fenced now: what it committed shows, and it commits no more.
    if (await isOurs(kafka, job, markerGroup)) return { status: 'already', remarks: [] };
    const metadata = JSON.stringify({ rewind: 1, job: job.id });
    const offsets = Object.entries(pins.next).map(([partition, offset]) => ({
      partition: Number(partition),
      offset: BigInt(offset),
      metadata,
    }));
    await publisher.commit({
      batches: [],
      offsets: [group, markerGroup].map((name) => ({ group: name, topic: job.topic, offsets })),
    });
  } finally {
    await publisher.close();
  }
  return {
    status: 'committed',
    remarks: [
      `Kafka forgets the offsets of group ${group} ${DEFAULT_RETENTION} if no consumer of the group is active until then. If draining the replay takes longer, start the job again with offsetsOnly.`,
    ],
  };
}

/** Throws where `commitToKafka` would: a group with offsets that must not be touched, or with active members. */
export async function assertCommittable(
  kafka: KafkaConnection,
  job: CommittingJob,
  group: string,
  pins: Pick<PinnedOffsets, 'next'>,
): Promise<void> {
  if (!(await isOurs(kafka, job, markerGroupOf(group)))) await checkGroup(kafka, job, group, pins);
}

/** Group, and transactional id, by which a retry knows its own commit for a group. */
export function markerGroupOf(group: string): string {
  return `rewind.offsets.${group}`;
}

/**
 * How a commit of this job was decided to end that hangs in one of the groups, and that no coordinator remembers: both
 * groups are of one transaction, so where one has its offsets the other gets them. An aborted one is committed again.
 */
async function outcomeByGroups(
  kafka: KafkaConnection,
  job: CommittingJob,
  groups: readonly string[],
): Promise<Outcome> {
  for (const group of groups) if (await isOurs(kafka, job, group, { pending: 'ignore' })) return 'commit';
  return 'abort';
}

async function isOurs(
  kafka: KafkaConnection,
  job: CommittingJob,
  group: string,
  options?: DescribeGroupOptions,
): Promise<boolean> {
  const { offsets } = await kafka.describeGroup(group, job.topic, options);
  return offsets.some(({ metadata }) => metadata === JSON.stringify({ rewind: 1, job: job.id }));
}

async function checkGroup(
  kafka: KafkaConnection,
  job: CommittingJob,
  group: string,
  pins: Pick<PinnedOffsets, 'next'>,
): Promise<KafkaCommit | undefined> {
  const { members, offsets } = await kafka.describeGroup(group, job.topic);
  const known = offsets.filter(({ offset }) => offset >= 0n);
  const present = known.map(({ partition, offset }) => `partition ${partition}: ${offset}`);
  if (present.length > 0 && job.offsets.existing === 'leave')
    return {
      status: 'left',
      remarks: [
        `group ${group} has offsets in Kafka already, which were left alone: ${firstTen(present)}`,
        ...partialGroupRemarks(
          'Kafka',
          group,
          pins,
          known.map(({ partition }) => String(partition)),
        ),
      ],
    };
  if (present.length > 0 && job.offsets.existing === 'fail')
    throw new JobError(
      'offsets-group-exists',
      `Group ${group} has offsets of ${job.topic} in Kafka already (${present.slice(0, 5).join(', ')}). Set offsets.existing to "leave" or "overwrite", or use another group.`,
      { group },
    );
  if (members > 0)
    throw new JobError(
      'offsets-group-active',
      `Group ${group} has ${members} active members in Kafka: they would write over what is committed. Stop them, then start the job again with offsetsOnly.`,
      { group, members },
    );
  return undefined;
}
