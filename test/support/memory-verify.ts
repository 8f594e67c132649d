import { boundTopics } from '../../activities/verify/bound-topics.ts';
import { narrowingBytes, narrowVerify } from '../../activities/verify/narrow-verify.ts';
import { planVerify } from '../../activities/verify/plan-verify.ts';
import { reconcileVerify } from '../../activities/verify/reconcile-verify.ts';
import { reportVerify } from '../../activities/verify/report-verify.ts';
import type { PlannedVerify, ReportedVerify } from '../../activities/verify/steps.ts';
import { tallyArchive } from '../../activities/verify/tally-archive.ts';
import { tallyTopic } from '../../activities/verify/tally-topic.ts';
import { runTally } from '../../activities/verify/threads/run-tally.ts';
import type { Tallier, TallyStep } from '../../activities/verify/threads/tally-task.ts';
import { validateVerify } from '../../activities/verify/validate-verify.ts';
import type { VerifyJob } from '../../activities/verify/job/verify-job.ts';
import type { MemoryKafka } from './kafka/memory-kafka.ts';
import type { MemoryFileStore } from './memory-file-store.ts';
import { MemoryWorker } from './memory-worker.ts';

/** The steps of a job of verify one after the other, on servers in memory. */
export class MemoryVerify {
  readonly worker: MemoryWorker;
  readonly deps: MemoryWorker['deps'];
  readonly #store: MemoryFileStore;
  /** Called between planning and counting. */
  meanwhile: (() => void | Promise<void>) | undefined;
  /** Called between counting and looking at what differs. */
  beforeNarrowing: (() => void | Promise<void>) | undefined;
  /** What was done in threads, had there been some. */
  readonly threaded: TallyStep[] = [];
  #jobs = 0;

  constructor(store: MemoryFileStore, kafka: MemoryKafka, tuning: { splitBytes?: number } = {}) {
    this.worker = new MemoryWorker(store, tuning);
    this.deps = { ...this.worker.deps, kafka: () => kafka, tallier: this.#tallier() };
    this.#store = store;
  }

  async begin(input: unknown): Promise<{ job: VerifyJob; planned: PlannedVerify }> {
    const { deps } = this;
    const id = `verify-events/${(this.#jobs += 1)}`;
    const at = Date.UTC(2026, 10, 28);
    const { context } = this.worker;
    const job = await validateVerify(deps)({ input, id, scheduledAt: at, startedAt: at }, context);
    return { job, planned: await planVerify(deps)({ job }, context) };
  }

  async run(input: unknown): Promise<ReportedVerify> {
    const { deps } = this;
    const { context } = this.worker;
    const { job, planned } = await this.begin(input);
    await this.meanwhile?.();
    for (const { target, ranges } of planned.targets) {
      for (let range = 0; range < ranges; range += 1)
        await runTally('tallyTopic', deps)({ job, target, range }, context);
      await boundTopics(deps)({ job, target }, context);
      for (let split = 0; split < planned.splits; split += 1)
        await runTally('tallyArchive', deps)({ job, target, split }, context);
      const { narrowed } = await reconcileVerify(deps)({ job, target }, context);
      await this.beforeNarrowing?.();
      for (let number = 0; number < narrowed; number += 1)
        await runTally('narrowVerify', deps, narrowingBytes(deps))({ job, target, number }, context);
    }
    return reportVerify(deps)({ job }, context);
  }

  /** The steps of the threads, in none; memory was taken by who asks, as for a thread. */
  #tallier(): Tallier {
    const steps = { tallyTopic, tallyArchive, narrowVerify };
    return {
      tally: async (step, input) => {
        this.threaded.push(step);
        const deps = { ...this.deps, budget: { take: async () => () => undefined } };
        return { tallied: await steps[step](deps)(input as never, this.worker.context), compared: 0 };
      },
      close: async () => undefined,
    };
  }

  async json(path: string): Promise<unknown> {
    const status = await this.#store.status(path);
    return JSON.parse(Buffer.from(await this.#store.read(path, 0, status!.length)).toString()) as unknown;
  }
}
