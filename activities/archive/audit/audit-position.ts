import { createHash } from 'node:crypto';
import type { AdminPort, DescribeGroupOptions } from '../../../connections/kafka/admin/admin-port.ts';
import type { GroupOffsets } from '../../../connections/kafka/publish/publish-port.ts';
import { JobError } from '../../step/job-error.ts';

/**
 * Transactional id, and group of the position: one for each history, so that whoever posts for it fences those before.
 * The position is committed in the transaction of the events: the newest execution whose counts are out.
 */
export function auditName(history: string): string {
  return `rewind-audit.${createHash('sha256').update(history).digest('hex').slice(0, 12)}`;
}

/** @param execution empty: nothing was posted yet, and whoever finds no position knows that it was forgotten */
export function auditPosition(group: string, topic: string, execution: string): GroupOffsets {
  const metadata = JSON.stringify({ rewind: 1, execution });
  return { group, topic, offsets: [{ partition: 0, offset: 0n, metadata }] };
}

/** The execution of the position; undefined where Kafka has none. */
export async function readAuditPosition(
  kafka: Pick<AdminPort, 'describeGroup'>,
  group: string,
  topic: string,
  options?: DescribeGroupOptions,
): Promise<string | undefined> {
  const { offsets } = await kafka.describeGroup(group, topic, options);
  const entry = offsets.find(({ partition }) => partition === 0);
  if (entry === undefined || entry.offset < 0n) return undefined;
  try {
    const { rewind, execution } = JSON.parse(entry.metadata) as Record<string, unknown>;
    if (rewind === 1 && typeof execution === 'string') return execution;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new JobError(
    'position-foreign',
    `The group ${group} has an offset of ${topic} that no archive wrote (metadata ${JSON.stringify(entry.metadata.slice(0, 100))}). Delete the group; counts are posted again by the next run.`,
    { topic, group },
  );
}
