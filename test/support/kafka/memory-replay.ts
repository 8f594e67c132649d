import { catalogueWindow } from '../../../activities/replay/catalogue-window.ts';
import { claimReplayTopic } from '../../../activities/replay/claim-replay-topic.ts';
import { decodeSplit } from '../../../activities/replay/decode-split.ts';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import type { ReplayJob, Tuning } from '../../../activities/replay/job/replay-job.ts';
import { mergePass } from '../../../activities/replay/merge-pass.ts';
import { mergePublish } from '../../../activities/replay/merge-publish.ts';
import { publishWindows } from '../../../activities/replay/publish-windows.ts';
import type {
  CatalogueSummary,
  PublishedSlice,
  StagedWindow,
  VerifiedReplay,
  VerifyInput,
} from '../../../activities/replay/steps.ts';
import { verifyReplay } from '../../../activities/replay/verify-replay.ts';
import { WindowShelf } from '../../../activities/replay/windows/window-shelf.ts';
import { JobError } from '../../../activities/step/job-error.ts';
import { MemoryBudget } from '../../../activities/step/memory-budget.ts';
import type { StepContext } from '../../../activities/step/run-step.ts';
import { MemoryFileStore } from '../memory-file-store.ts';
import { MemoryWorker } from '../memory-worker.ts';
import { committedLog, headerOf } from './committed-log.ts';
import { MemoryKafka } from './memory-kafka.ts';

const BUCKET = Date.UTC(2014, 10, 2, 1);

export interface MemoryReplayOptions {
  partitions?: number;
  filesPerPartition?: number;
  recordsPerFile?: number;
  /** Files below /camus/events/hourly, in place of lines that are made up; `records` then says how many there are. */
  files?: Record<string, Buffer>;
  input?: Partial<ReplayInput>;
  tuning?: Partial<Tuning>;
  /** Bytes of memory that the worker has. @default plenty */
  budget?: number;
}

/** The window in hand that goes through staging, with its catalogue as soon as its splits are sorted. */
interface StagedInHand {
  window: StagedWindow;
  level: number;
  catalogue?: CatalogueSummary;
}

export interface PublishedRecord {
  ordinal: number;
  partition: number;
  value: string | null;
}

/** Of a publisher that dies at each of its transactions, or at every other one. */
const MOST_FAILURES = 1_000;

/** A whole replay in memory, sorted and ready to be claimed, published and verified, step by step. */
export class MemoryReplay {
  readonly kafka = new MemoryKafka();
  readonly worker: MemoryWorker;
  readonly topic = 'events_REPLAY';
  shelf: WindowShelf;
  readonly records: number;
  #input!: VerifyInput & { level: number };
  #staged: StagedInHand | undefined;

  private constructor(store: MemoryFileStore, records: number, { tuning = {}, budget }: MemoryReplayOptions) {
    this.worker = new MemoryWorker(store, tuning);
    if (budget !== undefined) this.worker.deps.budget = new MemoryBudget(budget);
    this.worker.deps.kafka = () => this.kafka;
    this.shelf = new WindowShelf(this.worker.deps.budget);
    this.records = records;
  }

  static async open(options: MemoryReplayOptions = {}): Promise<MemoryReplay> {
    const { partitions = 3, filesPerPartition = 4, recordsPerFile = 100, input = {} } = options;
    const store = new MemoryFileStore();
    if (options.files !== undefined) {
      for (const [path, bytes] of Object.entries(options.files))
        await store.write(`/camus/events/hourly/${path}`, [bytes]);
      const replay = new MemoryReplay(store, 0, options);
      await replay.#prepare({ archive: { dest: '/camus' }, time: {}, output: {}, ...input });
      return replay;
    }
    for (let partition = 0; partition < partitions; partition++)
      for (let file = 0; file < filesPerPartition; file++) {
        const lines = Array.from({ length: recordsPerFile }, (_, n) =>
          JSON.stringify({ timestamp: BUCKET + (n * filesPerPartition + file) * partitions + partition, n, partition }),
        );
        const name = `events.0.${partition}.${recordsPerFile}.${recordsPerFile * (file + 1)}.${BUCKET}.json`;
        const text = lines.map((line) => `${line}\n`).join('');
        await store.write(`/camus/events/hourly/2014/11/02/01/${name}`, [Buffer.from(text)]);
      }
    const replay = new MemoryReplay(store, partitions * filesPerPartition * recordsPerFile, options);
    await replay.#prepare(input);
    return replay;
  }

  get job(): ReplayJob {
    return this.#input.job;
  }

  get input(): VerifyInput & { level: number } {
    return this.#input;
  }

  async claim(): Promise<void> {
    const { job, listing } = this.#input;
    this.#input.claim = await claimReplayTopic(this.worker.deps)({ job, listing }, this.worker.context);
  }

  /** One slice of publishing, at so many records a second and so many a transaction. */
  async publish(rate: { records?: number } = {}, context: Partial<StepContext> = {}): Promise<PublishedSlice> {
    const { deps } = this.worker;
    const own = { ...this.worker.context, ...context };
    if (this.#input.listing.windows === undefined) return mergePublish(deps)({ ...this.#input, rate }, own);
    if (this.#staged !== undefined) return this.#publishStaged(this.#staged, rate, own);
    const mayStage = this.job.sort !== 'windows';
    const slice = await publishWindows(deps, this.shelf)({ ...this.#input, rate, mayStage }, own);
    if (slice.sequence !== undefined) this.#input.catalogue = slice.sequence;
    if (slice.stage !== undefined) this.#staged = { window: slice.stage, level: 0 };
    return slice;
  }

  /** Publishes until all is out, over attempts that fail; an error that no attempt would do better about ends it. */
  async publishAll(records?: number): Promise<void> {
    for (let failures = 0; ;) {
      try {
        if ((await this.publish(records === undefined ? {} : { records })).done) return;
      } catch (error) {
        if (error instanceof JobError || (failures += 1) > MOST_FAILURES) throw error;
      }
    }
  }

  /** All committed records by their ordinals. */
  async published(): Promise<PublishedRecord[]> {
    const logs = await committedLog(this.kafka, this.topic);
    const all = logs.flatMap((log, partition) =>
      log.map((record) => ({ ordinal: Number(headerOf(record, 'rewind-ordinal')), partition, value: record.value })),
    );
    return all.sort((a, b) => a.ordinal - b.ordinal);
  }

  /** The window in hand, where it goes through staging. */
  get staged(): StagedWindow | undefined {
    return this.#staged?.window;
  }

  /** As a run that was reset to where a window came that goes through staging. */
  resetTo(window: StagedWindow): void {
    this.#staged = { window, level: 0 };
  }

  /** As the workflow publishes a window that does not fit into memory. */
  async #publishStaged(
    staged: StagedInHand,
    rate: { records?: number },
    context: StepContext,
  ): Promise<PublishedSlice> {
    const { deps } = this.worker;
    const { job, listing, claim } = this.#input;
    const { window } = staged;
    if (staged.catalogue === undefined)
      for (let split = window.firstSplit; split < window.endSplit; split += 1)
        await decodeSplit(deps)({ job, listing, split, window }, context);
    while (staged.catalogue === undefined) {
      const { level } = staged;
      const catalogue = await catalogueWindow(deps)({ job, listing, claim, window, level }, context);
      for (let pass = 0; pass < catalogue.passes; pass += 1)
        await mergePass(deps)({ job, listing, level, pass, window }, context);
      if (catalogue.passes === 0) staged.catalogue = catalogue;
      else staged.level += 1;
    }
    const { catalogue, level } = staged;
    const slice = await mergePublish(deps)({ ...this.#input, catalogue, level, window, rate }, context);
    if (slice.done) this.#staged = undefined;
    return { ...slice, done: false };
  }

  /** As the workflow lets a job go on whose windows can't. */
  async goOnAsWhole(): Promise<void> {
    const { job } = this.#input;
    const { windows: _windows, ...listed } = this.#input.listing;
    const listing = { ...listed, afterWindows: true as const };
    const decoded = await this.worker.decode(job, listing);
    const { level, summary } = await this.worker.mergeUntilItFits(job, listing, decoded);
    this.#input = { ...this.#input, listing, level, catalogue: summary };
  }

  /** As a workflow that takes the job up lets it go on, on another worker, with what the input of now says otherwise. */
  async takeUp(now: Partial<ReplayJob> = {}): Promise<void> {
    const { deps } = this.worker;
    deps.budget = new MemoryBudget(deps.budget.total);
    this.shelf = new WindowShelf(deps.budget);
    this.#staged = undefined;
    this.#input = { ...this.#input, job: { ...this.job, ...now } };
    this.#input = { ...this.#input, listing: await this.worker.list(this.job) };
    if (this.#input.listing.windows === undefined) await this.goOnAsWhole();
  }

  verify(context: Partial<StepContext> = {}): Promise<VerifiedReplay> {
    return verifyReplay(this.worker.deps)(this.#input, { ...this.worker.context, ...context });
  }

  async #prepare(input: Partial<ReplayInput>): Promise<void> {
    const { worker } = this;
    const job = await worker.validate(
      {
        topic: 'events',
        archive: { dest: '/camus', format: 'text' },
        time: { field: 'timestamp', format: 'unix_milliseconds' },
        staging: '/staging',
        output: { partitions: 'source' },
        offsets: { zookeeper: false },
        sort: 'whole',
        ...input,
      },
      'replay-events/run-1',
    );
    const listing = await worker.list(job);
    // Of windows it is known when all are out.
    const { level, summary } =
      listing.windows === undefined
        ? await worker.mergeUntilItFits(job, listing, await worker.decode(job, listing))
        : { level: 0, summary: sequenceOf(this.records) };
    const claim = { topic: this.topic, partitions: listing.partitions, created: true, maxMessageBytes: 1_000_000 };
    this.#input = { job, listing, claim, catalogue: summary, level };
  }
}

function sequenceOf(records: number): CatalogueSummary {
  const times = { firstTime: undefined, lastTime: undefined };
  return { records: String(records), sections: 0, overlap: 0, passes: 0, ...times, largestRecord: 0 };
}
