import { cleanRanges } from '../../activities/ranges/clean-ranges.ts';
import { describeRanges } from '../../activities/ranges/describe-ranges.ts';
import { finishRanges } from '../../activities/ranges/finish-ranges.ts';
import type { RangesInput } from '../../activities/ranges/job/ranges-input.ts';
import type { RangesJob } from '../../activities/ranges/job/ranges-job.ts';
import { moveOffsets } from '../../activities/ranges/move-offsets.ts';
import type { RangesOutlook } from '../../activities/ranges/plan/ranges-outlook.ts';
import { planRanges } from '../../activities/ranges/plan-ranges.ts';
import { callFinish } from '../../activities/ranges/run/call-finish.ts';
import { callRange } from '../../activities/ranges/run/call-range.ts';
import { decoderOf } from '../../activities/ranges/run/decoder-of.ts';
import { runRange } from '../../activities/ranges/run-range.ts';
import type { DoneRange, FinishedRanges, MovedOffsets, PlannedRanges } from '../../activities/ranges/steps.ts';
import { validateRanges } from '../../activities/ranges/validate-ranges.ts';
import { summaryOf, type FunctionsModule } from '../../activities/replay/functions/functions-module.ts';
import type { StepContext } from '../../activities/step/run-step.ts';
import { RecordBatchBuilder } from '../../connections/kafka/batch/record-batch.ts';
import { body } from '../connections/kafka/encoded-body.ts';
import { MemoryKafka } from './kafka/memory-kafka.ts';
import { MemoryFileStore } from './memory-file-store.ts';
import { MemoryNodeStore } from './memory-node-store.ts';
import { MemoryRegistry } from './memory-registry.ts';
import { MemoryWorker } from './memory-worker.ts';

let runs = 0;

/** A function over a range: how many records there are. */
export async function countRecords(_range: unknown, records: AsyncIterable<readonly unknown[]>): Promise<number> {
  let count = 0;
  for await (const batch of records) count += batch.length;
  return count;
}

/** The steps of jobs of ranges on servers in memory; functions run in this thread. */
export class MemoryRanges {
  readonly kafka = new MemoryKafka();
  readonly zookeeper = new MemoryNodeStore();
  readonly registry = new MemoryRegistry();
  readonly store = new MemoryFileStore();
  readonly worker: MemoryWorker;
  functions: FunctionsModule;
  /** Ids of jobs whose workflows run, as Temporal says. */
  readonly running = new Set<string>();

  constructor(functions: FunctionsModule) {
    this.functions = functions;
    const isRunning = async ({ workflowId, runId }: { workflowId: string; runId: string }): Promise<boolean> =>
      this.running.has(`${workflowId}/${runId}`);
    this.worker = new MemoryWorker(
      this.store,
      {},
      { temporal: { namespace: 'default', isRunning, keywordAttributes: async () => [] } },
    );
    const loaded = () => ({ path: '/functions.mjs', hash: 'hash', functions: this.functions });
    const { deps } = this.worker;
    deps.kafka = () => this.kafka;
    deps.zookeeper = async () => this.zookeeper;
    deps.registry = () => this.registry;
    deps.functions = async () => summaryOf(loaded());
    deps.ranger = {
      range: async ({ job, range, reader, attempt }, { signal }) => {
        const input = job.inputs[range.input]!;
        const done = await callRange(range, this.kafka.openReader(), {
          functions: loaded(),
          name: input.function,
          group: input.group,
          attempt,
          decoder: decoderOf(input.decode, range.topic, job, reader, this.registry),
          skips: job.badData.policy === 'skip',
          signal,
          alive: () => undefined,
          pace: async () => undefined,
        });
        return { ...done, seconds: 0 };
      },
      finish: (task, { signal }) =>
        callFinish(task, { functions: loaded(), store: this.store, signal, alive: () => undefined }),
      close: async () => undefined,
    };
  }

  /** A topic whose partitions hold these values, one record a batch, so that ranges may end anywhere. */
  async topic(name: string, ...partitions: (readonly (string | Buffer | null)[])[]): Promise<void> {
    await this.kafka.createTopic(name, { partitions: partitions.length, replicationFactor: 1, settings: {} });
    for (const [partition, values] of partitions.entries()) await this.append(name, partition, values);
  }

  async append(topic: string, partition: number, values: readonly (string | Buffer | null)[]): Promise<void> {
    for (const value of values) {
      const builder = new RecordBatchBuilder({ topic, partition, ordinals: false });
      const bytes = body(null, value);
      builder.add(0, 1000, bytes, 0, bytes.length, 0);
      await this.kafka.partition(topic, partition).append(builder.take());
    }
  }

  /** A new job, of a workflow of its own, which runs until `running` says otherwise. */
  async validate(input: Omit<RangesInput, 'staging'>, id = `ranges-${(runs += 1)}/run`): Promise<RangesJob> {
    this.running.add(id);
    const at = Date.UTC(2026, 10, 28);
    const step = { input: { staging: '/staging', ...input }, id, scheduledAt: at, startedAt: at };
    return validateRanges(this.worker.deps)(step, this.worker.context);
  }

  describe(input: Omit<RangesInput, 'staging'>): Promise<RangesOutlook> {
    const step = { input: { staging: '/staging', plan: true, ...input }, id: 'look/run', scheduledAt: 0, startedAt: 0 };
    return describeRanges(this.worker.deps)(step, this.worker.context);
  }

  plan(job: RangesJob): Promise<PlannedRanges> {
    return planRanges(this.worker.deps)({ job }, this.worker.context);
  }

  run(job: RangesJob, range: number, context: Partial<StepContext> = {}): Promise<DoneRange> {
    return runRange(this.worker.deps)({ job, range, rate: {} }, { ...this.worker.context, ...context });
  }

  async runAll(job: RangesJob): Promise<void> {
    const { ranges } = await this.plan(job);
    for (let range = 0; range < ranges; range += 1) await this.run(job, range);
  }

  finish(job: RangesJob, context: Partial<StepContext> = {}): Promise<FinishedRanges> {
    return finishRanges(this.worker.deps)({ job }, { ...this.worker.context, ...context });
  }

  move(job: RangesJob): Promise<MovedOffsets> {
    return moveOffsets(this.worker.deps)({ job }, this.worker.context);
  }

  clean(job: RangesJob): Promise<void> {
    return cleanRanges(this.worker.deps)({ job }, this.worker.context);
  }

  /** All steps, and the end of the workflow. */
  async whole(
    input: Omit<RangesInput, 'staging'>,
  ): Promise<{ job: RangesJob; finished: unknown; moved: MovedOffsets }> {
    const job = await this.validate(input);
    await this.runAll(job);
    const finished = JSON.parse((await this.finish(job)).result) as unknown;
    const moved = await this.move(job);
    await this.clean(job);
    this.running.delete(job.id);
    return { job, finished, moved };
  }

  /** A group's offsets in Kafka, by partition. */
  async offsets(group: string, topic: string): Promise<Record<number, number>> {
    const { offsets } = await this.kafka.describeGroup(group, topic);
    return Object.fromEntries(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  /** What consumers, or people, commit. */
  commit(group: string, topic: string, offsets: Record<number, number>, metadata = ''): void {
    const all = Object.entries(offsets).map(([partition, offset]) => ({
      partition: Number(partition),
      offset: BigInt(offset),
      metadata,
    }));
    this.kafka.groups.commit({ group, topic, offsets: all });
  }
}
