import type { TopicReader } from '../../connections/kafka/read/topic-reader.ts';
import { OffsetOutOfRange } from '../../connections/kafka/read/offset-out-of-range.ts';
import type { StepContext } from '../step/run-step.ts';
import type { Servers } from '../step/servers.ts';
import { decodingJob } from './content/comparison.ts';
import { eachInLog, type LogCounts } from './content/log-records.ts';
import { LogValues } from './content/log-values.ts';
import type { SeenRecord } from './content/seen-record.ts';
import type { VerifyJob } from './job/verify-job.ts';
import type { TargetPlan } from './verify-plan.ts';

export interface ComparedRange {
  partition: number;
  from: bigint;
  to: bigint;
}

/**
 * Shows the committed records of a range as they are compared. Where the log was trimmed meanwhile it begins at what is
 * left: `begin` is told where, each time anew, and what was shown before is to be forgotten.
 */
export async function readCompared(
  deps: Pick<Servers, 'kafka' | 'registry'>,
  job: VerifyJob,
  plan: TargetPlan,
  { partition, from, to }: ComparedRange,
  { signal, progress }: Pick<StepContext, 'signal' | 'progress'>,
  { begin, take }: { begin: (from: bigint) => void; take: (record: SeenRecord) => void },
): Promise<LogCounts> {
  const { comparison, topic, target, own } = plan;
  const kafka = deps.kafka(job.connections.kafka);
  const reader: TopicReader = kafka.openReader();
  try {
    for (;;) {
      const earliest = (await kafka.listOffsets([{ topic, partitions: [partition] }], 'earliest'))[0]?.offset ?? from;
      const start = earliest <= from ? from : earliest < to ? earliest : to;
      begin(start);
      const range = { topic, topicId: plan.topicId, partition, from: start, to };
      const options = {
        content: comparison.content,
        own: own && target === 'source' && comparison.content !== 'none',
        values: valuesOf(deps, job, plan),
        ordinals: target === 'replay' && job.replay.output.headers.ordinal,
        signal,
        progress: (next: bigint) => progress({ partition, next: String(next) }),
      };
      try {
        return await eachInLog(reader, range, options, take);
      } catch (error) {
        if (!(error instanceof OffsetOutOfRange)) throw error;
        const now = (await kafka.listOffsets([{ topic, partitions: [partition] }], 'earliest'))[0]?.offset;
        // Not by retention: the log has lost its end.
        if (now === undefined || now <= start) throw error;
      }
    }
  } finally {
    await reader.close();
  }
}

function valuesOf(
  deps: Pick<Servers, 'kafka' | 'registry'>,
  job: VerifyJob,
  { target, comparison, schema }: TargetPlan,
): LogValues | undefined {
  if (target === 'replay' || comparison.content !== 'value') return undefined;
  const registry = comparison.framed ? deps.registry(job.connections.registry ?? 'default') : undefined;
  return new LogValues(decodingJob(job, target), schema, registry);
}
