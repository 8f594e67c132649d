import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { ReplayActivities } from '../../activities/replay/replay-activities.ts';
import { parseKafkaConfig } from '../../connections/kafka/config.ts';
import { openKafka } from '../../connections/kafka/open-kafka.ts';
import type { KafkaConnection } from '../../connections/kafka/kafka-connection.ts';
import type { ReplayProgress } from '../../workflows/replay/progress.ts';
import type { ReplayHarness } from './replay-harness.ts';
import { StepWatch, type AttemptInHand, type Moment as MomentOf } from './step-watch.ts';
import type { WorkerProcess } from './worker-process.ts';

/** Steps that can be aimed at, in the order in which they come; merge passes and catalogues alternate. */
const RANKS = {
  decodeAndSort: 0,
  catalogueSorted: 1,
  mergePass: 1,
  // Of a window that goes through staging, while others are published before and after it.
  stageSplit: 2,
  catalogueWindow: 2,
  mergeWindowPass: 2,
  publishStaged: 2,
  mergePublish: 2,
  verifyReplay: 3,
  commitOffsets: 4,
  cleanStaging: 5,
} satisfies Partial<Record<keyof ReplayActivities, number>>;

const PUBLISHES: ReadonlySet<string> = new Set<keyof ReplayActivities>(['publishWindows', 'publishStaged']);

export type WatchedStep = keyof typeof RANKS;

/** `share` is that of the splits that are decoded, or of the records that are in the log. */
export type Moment = MomentOf<WatchedStep>;

/** Watches a replay from outside, to strike at a chosen moment. */
export class JobWatch extends StepWatch<WatchedStep> {
  readonly #harness: ReplayHarness;
  readonly #kafka: KafkaConnection;
  readonly #topic: string;
  readonly #records: number;

  /** `records` is how many the job will publish. */
  constructor(harness: ReplayHarness, handle: WorkflowHandle, replayTopic: string, records: number) {
    super(handle, RANKS);
    this.#harness = harness;
    this.#kafka = openKafka(parseKafkaConfig({ brokers: harness.stack.kafka }, 'test'));
    this.#topic = replayTopic;
    this.#records = records;
  }

  /** Offset behind the last record of the replay topic, open and aborted transactions included. */
  async logEnd(): Promise<bigint> {
    const topic = await this.#kafka.describeTopic(this.#topic);
    return topic?.partitions.reduce((sum, { latest }) => sum + latest, 0n) ?? 0n;
  }

  /** Stops a worker (SIGSTOP) while a transaction of its is open in the log; false once the job is past publishing. */
  async stopInTransaction(worker: WorkerProcess): Promise<boolean> {
    if (!(await this.reach({ step: 'mergePublish' }))) return false;
    let before = await this.logEnd();
    while ((await this.inHand())?.some(({ step }) => step === 'mergePublish') === true) {
      const end = await this.logEnd();
      if (end > before) {
        worker.signal('SIGSTOP');
        await sleep(100); // what the broker has of it is written by then
        before = await this.logEnd();
        if ((await this.#stableEnd()) < before) return true;
        worker.signal('SIGCONT');
      }
    }
    return false;
  }

  async progress(): Promise<ReplayProgress | undefined> {
    return this.handle.query<ReplayProgress | undefined>('progress');
  }

  /** Publishing is `mergePublish`, whichever way the job is sorted; out of staging it is known by its own name as well. */
  override async inHand(): Promise<AttemptInHand[] | undefined> {
    const inHand = await super.inHand();
    return inHand?.flatMap(({ step, attempt }) => {
      const publishes = PUBLISHES.has(step) ? [{ step: 'mergePublish', attempt }] : [];
      return publishes.length === 0 || step === 'publishStaged' ? [{ step, attempt }, ...publishes] : publishes;
    });
  }

  override close(): Promise<void> {
    return this.#kafka.close();
  }

  /** Offset up to which read_committed consumers can read. */
  async #stableEnd(): Promise<bigint> {
    const partitions = await this.#harness.admin((admin) => admin.fetchTopicOffsets(this.#topic));
    return partitions.reduce((sum, { high }) => sum + BigInt(high), 0n);
  }

  protected async share(step: WatchedStep): Promise<number> {
    if (step === 'mergePublish') return Number(await this.logEnd()) / this.#records;
    if (step !== 'decodeAndSort') return 1;
    // Where every worker is dead or frozen nobody answers, and nothing is decoded either.
    const { decoded, total } = (await this.progress().catch(() => undefined))?.splits ?? { decoded: 0, total: 0 };
    return total === 0 ? 0 : decoded / total;
  }
}
