import { randomBytes } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { ArchiveInput } from '../../../activities/archive/job/archive-input.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { ArchiveWatch } from '../../support/archive-watch.ts';
import type { Draws } from '../../support/camus-archive/draws.ts';
import type { ReplayHarness } from '../../support/replay-harness.ts';
import { AttackedRun } from '../attacked-run.ts';
import type { FaultStack } from '../fault-stack.ts';
import type { RoundValues } from './round-values.ts';
import { SourceTopics } from './source-topics.ts';

/** Short time-outs, so that a worker that sleeps is soon taken for dead. */
const WORKER = { REWIND_HEARTBEAT_TIMEOUT_MS: '3000' };

/** What a run of the round came to. */
export interface StartedRun {
  handle: WorkflowHandle;
  /** Why it may fail or be closed by hand, where it may. */
  mayFail?: string;
}

/** One archive under attack, in as many runs as it takes. */
export class ArchiveRound extends AttackedRun {
  readonly archive: ArchiveHarness;
  readonly values: RoundValues;
  readonly source: SourceTopics;
  readonly input: ArchiveInput;
  readonly runs: StartedRun[] = [];
  #run: StartedRun | undefined;
  #watch: ArchiveWatch | undefined;

  constructor(servers: FaultStack, harness: ReplayHarness, draws: Draws, values: RoundValues) {
    super(servers, harness, WORKER);
    const name = `round_${randomBytes(4).toString('hex')}`;
    this.archive = new ArchiveHarness(harness, name);
    this.values = values;
    this.source = new SourceTopics(this.archive, name, draws, values);
    const rate = draws.pick([0, 300, 1_000]);
    this.input = this.archive.job({
      topics: { include: [`${name}\\..*`] },
      ...values.archive,
      files: { timeZone: 'UTC', codec: draws.pick(values.codecs) },
      ranges: { rangeMiB: draws.pick([0.01, 0.03, 1]), concurrency: draws.pick([1, 2, 4]) },
      gap: 'report',
      recreated: 'continue-at-earliest',
      ...(rate > 0 && { rate: { records: rate } }),
    });
  }

  get handle(): WorkflowHandle {
    return this.run.handle;
  }

  /** The run that strikes are aimed at. */
  get run(): StartedRun {
    if (this.#run === undefined) throw new TypeError('no run is started');
    return this.#run;
  }

  get watch(): ArchiveWatch {
    if (this.#watch === undefined) throw new TypeError('no run is started');
    return this.#watch;
  }

  /** Starts a run of the archive under an id of its own; strikes are aimed at it from here on. */
  async start(input: Partial<ArchiveInput> = {}): Promise<StartedRun> {
    const { workflowId } = await this.archive.start({ ...this.input, ...input });
    // Of whichever run is the newest: a reset ends the one that was started.
    const run: StartedRun = { handle: this.harness.client.workflow.getHandle(workflowId) };
    this.runs.push(run);
    this.aimAt(run);
    return run;
  }

  aimAt(run: StartedRun): void {
    this.#run = run;
    this.#watch = new ArchiveWatch(run.handle);
  }
}
