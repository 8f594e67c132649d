import { randomBytes } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { ReplayInput } from '../../activities/replay/job/job-input.ts';
import { JobWatch } from '../support/job-watch.ts';
import type { ReplayHarness } from '../support/replay-harness.ts';
import { AttackedRun } from './attacked-run.ts';
import type { FaultStack } from './fault-stack.ts';

/** Short time-outs; several splits, and merge passes although few sections overlap. */
const WORKER = {
  REWIND_HEARTBEAT_TIMEOUT_MS: '3000',
  REWIND_SLICE_MS: '1000',
  REWIND_SPLIT_MIB: '0.03',
  REWIND_MERGE_FAN_IN: '2',
  REWIND_DECODE_CONCURRENCY: '4',
};
/** Little memory, so that windows of large hours don't fit; splits of which such a window has a few, that must be merged. */
const STAGING_WORKER = { ...WORKER, REWIND_MEMORY_MIB: '64', REWIND_SPLIT_MIB: '2' };

/** How a job of a round is sorted. `auto`: of an archive some of whose windows don't fit into memory. */
export const FAULT_SORTS = ['whole', 'windows', 'auto'] as const;
export type FaultSort = (typeof FAULT_SORTS)[number];

export const DECODE_CONCURRENCY = Number(WORKER.REWIND_DECODE_CONCURRENCY);

/** What is replayed. */
export interface ReplayedFiles {
  topic: string;
  job: ReplayInput;
  /** How many will be published. */
  records: number;
}

/** One replay under attack: what strikes may lay hands on. */
export class FaultRound extends AttackedRun {
  readonly files: ReplayedFiles;
  readonly input: ReplayInput & { replayTopic: string; staging: string; offsets: { group: string; kafka: boolean } };
  #handle: WorkflowHandle | undefined;
  #watch: JobWatch | undefined;

  /**
   * `rate`: records a second at first, so that there is something to strike; 0: as fast as it goes. `sort`: that of the job.
   */
  constructor(
    servers: FaultStack,
    harness: ReplayHarness,
    files: ReplayedFiles,
    rate: number,
    sort: FaultSort = 'whole',
  ) {
    super(servers, harness, sort === 'auto' ? STAGING_WORKER : WORKER);
    this.files = files;
    const name = `${files.topic}_${randomBytes(3).toString('hex')}`;
    this.input = {
      ...files.job,
      sort,
      replayTopic: name,
      staging: `${harness.folder}/staging`,
      offsets: { ...files.job.offsets, group: `group-${name}`, kafka: true },
      ...(rate === 0 ? {} : { rate: { records: rate } }),
    };
  }

  get records(): number {
    return this.files.records;
  }

  get handle(): WorkflowHandle {
    if (this.#handle === undefined) throw new TypeError('the job is not started');
    return this.#handle;
  }

  get watch(): JobWatch {
    if (this.#watch === undefined) throw new TypeError('the job is not started');
    return this.#watch;
  }

  async start(): Promise<void> {
    await this.goOnIn((await this.harness.start(this.input)).workflowId);
  }

  /** From now on the job is what this workflow runs, whichever of its runs is the newest. */
  async goOnIn(workflowId: string): Promise<void> {
    await this.#watch?.close();
    this.#handle = this.harness.client.workflow.getHandle(workflowId);
    this.#watch = new JobWatch(this.harness, this.#handle, this.input.replayTopic, this.records);
  }

  override async close(): Promise<void> {
    await this.#watch?.close();
    await super.close();
  }
}
