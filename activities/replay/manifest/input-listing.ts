import { openFileSource } from '../../../connections/hdfs/file-source.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { nearestExisting } from '../../../connections/hdfs/glob/glob.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { layoutOf } from '../../../layouts/layout-of.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import { fileFormat, isCuttable } from '../decode/file-format.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { StepContext } from '../../step/run-step.ts';
import type { FileListing } from '../steps.ts';
import { archiveTree } from './archive-tree.ts';
import { FilePicker, nameEnding } from './file-picker.ts';
import { FileSelection, leftOutByRange, leftOutOpen } from './file-selection.ts';
import type { Refuse } from './refuse.ts';
import { givenUpByRun } from './given-up-by-run.ts';
import type { ManifestFile, Split } from './manifest.ts';
import { SplitPlanner } from './plan-splits.ts';
import { UnfinishedFiles } from './unfinished-files.ts';
import { walkInput } from './walk-input.ts';
import { BucketSplits } from '../windows/bucket-splits.ts';
import { fileTimes } from '../windows/file-times.ts';
import { mayHaveOffsetWindows, mayHaveWindows } from '../windows/may-have-windows.ts';
import { OffsetSplits } from '../windows/offset-splits.ts';
import { PlaceSplits } from '../windows/place-splits.ts';
import { WindowPlanner } from '../windows/window-planner.ts';

/** Endings of names of which it is known whether such files can be cut. */
const MOST_ENDINGS = 64;

export interface InputListingOptions {
  /** Called with each file that is taken. */
  onFile?: (file: ManifestFile) => void;
  /** What to do about a file that the job must not go on with. @default throw the error */
  refuse?: Refuse;
}

/**
 * One pass over the input of a job: its files in manifest order, grouped or cut into splits. Memory holds the folders'
 * paths, the files of one folder and those of one split.
 */
export class InputListing {
  readonly selection: FileSelection;
  /** A few files of those that were taken. */
  readonly picked = new FilePicker();
  /** Of a job that may be sorted window by window. */
  readonly windows: WindowPlanner | undefined;
  /** The same, of a job whose windows may be of offsets. */
  readonly offsetSplits: OffsetSplits | undefined;
  files = 0;
  bytes = 0n;
  readonly #store: FileStore;
  readonly #unfinished: UnfinishedFiles;
  readonly #job: ReplayJob;
  readonly #pins: PinnedOffsets | undefined;
  readonly #context: Pick<StepContext, 'signal' | 'progress'>;
  readonly #onFile: InputListingOptions['onFile'];
  /** By the endings of names. */
  readonly #cuttable = new Map<string, boolean>();

  constructor(
    store: FileStore,
    job: ReplayJob,
    pins: PinnedOffsets | undefined,
    context: Pick<StepContext, 'signal' | 'progress'>,
    { onFile, refuse }: InputListingOptions = {},
  ) {
    this.#store = store;
    this.#job = job;
    this.#pins = pins;
    this.#context = context;
    this.#onFile = onFile;
    this.selection = new FileSelection(job, pins, refuse);
    this.windows = mayHaveWindows(job) ? new WindowPlanner() : undefined;
    this.offsetSplits = mayHaveOffsetWindows(job) ? new OffsetSplits(job.tuning.splitBytes) : undefined;
    this.#unfinished = new UnfinishedFiles(store, layoutOf(job.archive.layout), job.topic);
  }

  get splitBytes(): number {
    return this.#job.tuning.splitBytes;
  }

  async *splits(): AsyncGenerator<Split> {
    const planner = this.#planner();
    for await (const file of this.#taken()) {
      const cuttable = file.length > planner.bytesFor(file.path) && (await this.#isCuttable(file));
      yield* planner.add(file, cuttable);
    }
    yield* planner.end();
  }

  #planner(): SplitPlanner | OffsetSplits | PlaceSplits | BucketSplits {
    const { splitBytes, windows } = this;
    if (windows === undefined) return this.offsetSplits ?? new SplitPlanner(splitBytes);
    if (this.#job.order === 'file') return new PlaceSplits(splitBytes, windows);
    return new BucketSplits(splitBytes, (path) => fileTimes(this.#job, path), windows);
  }

  /** What is worth a look, and why the replay is not whole, if it isn't; throws for what the job must not go on with. */
  async finish(): Promise<Pick<FileListing, 'remarks' | 'incomplete' | 'offsets'>> {
    const { archive, topic } = this.#job;
    const { signal } = this.#context;
    const tree = archiveTree(this.#store);
    const after = {
      beside: await layoutOf(archive.layout).beside(tree, archive, topic, signal),
      givenUp: await givenUpByRun(tree, this.#job, this.#pins, this.selection.missing(), signal),
    };
    return {
      remarks: [...this.selection.finish(after), ...this.#unfinished.remarks()],
      incomplete: this.selection.incomplete(after),
      offsets: this.#mostRecords(),
    };
  }

  /** The error about an input of which no file was taken. */
  async nothingToRead(): Promise<JobError> {
    const { input = '' } = this.#job;
    const leftOut = this.selection.leftOut();
    const reasons = leftOut.map(({ reason, files }) => `${files} ${reason}`).join('; ');
    const nearest = await nearestExisting(this.#store, input, this.#context.signal);
    if (reasons !== '')
      return new JobError(
        'no-input-files',
        `Of the files that match ${input} none is left to replay (left out: ${reasons}). ${this.#remedy(leftOut)}`,
        { input, nearest },
      );
    return new JobError(
      'no-input-files',
      `No file to replay matches ${input}. The nearest folder that exists is ${nearest}. Check archive.dest, archive.input and the topic's name.`,
      { input, nearest },
    );
  }

  /** Unknown where offsets are bytes, and where the archive holds an earlier life of the topic as well. */
  #mostRecords(): string | undefined {
    const { offsets, archive } = this.#job;
    if (this.#pins === undefined || offsets.layout === '0.7' || archive.earlierLife === 'include') return undefined;
    const next = Object.values(this.#pins.next);
    return next.length === 0 ? undefined : next.reduce((sum, offset) => sum + BigInt(offset), 0n).toString();
  }

  /** What to look at where files were found, and none was taken. */
  #remedy(leftOut: ReturnType<FileSelection['leftOut']>): string {
    const byRange = leftOutByRange(leftOut);
    const all = leftOut.reduce((sum, { files }) => sum + files, 0);
    const zone = `Dates of folders are read in ${this.#job.archive.timeZone} (archive.timeZone).`;
    if (byRange === all) return `The range from and to holds none of them; correct it. ${zone}`;
    if (leftOutOpen(leftOut) === all)
      return 'Wait until their writer has closed them; if it is dead, "hdfs debug recoverLease -path" closes a file.';
    const others = 'The result of a plan (rewind plan) names examples of each reason.';
    return byRange > 0 ? `${others} Of those outside of the range: correct from and to. ${zone}` : others;
  }

  async *#taken(): AsyncGenerator<ManifestFile> {
    const { input = '' } = this.#job;
    const { signal, progress } = this.#context;
    let seen = 0;
    const layout = layoutOf(this.#job.archive.layout);
    for await (const folder of walkInput(this.#store, input, layout, signal)) {
      seen += folder.length;
      progress({ listed: seen, taken: this.files, at: folder[0]?.path });
      const open = await this.#unfinished.open(folder, signal);
      for (const file of open) this.selection.leaveOpen(file);
      for (const file of this.selection.take(folder.filter((file) => !open.has(file)))) {
        this.files += 1;
        this.bytes += BigInt(file.length);
        this.picked.offer(file);
        this.#onFile?.(file);
        yield file;
      }
    }
  }

  /**
   * Whether files like this one have sync markers, as the first of them says that is large: to ask each would be two
   * round trips to HDFS for every file. One that turns out to be of another kind is read with its first part.
   */
  async #isCuttable(file: ManifestFile): Promise<boolean> {
    const ending = nameEnding(file.path);
    const known = this.#cuttable.get(ending);
    if (known !== undefined) return known;
    const cuttable = await this.#looksCuttable(file);
    if (this.#cuttable.size < MOST_ENDINGS) this.#cuttable.set(ending, cuttable);
    return cuttable;
  }

  async #looksCuttable(file: ManifestFile): Promise<boolean> {
    const source = openFileSource(this.#store, { ...file, kind: 'file' });
    try {
      return isCuttable(await fileFormat(source, file.path, this.#job.archive.format, this.#context.signal));
    } catch (error) {
      // What it is that can't be read is said, or left out, where it is decoded.
      if (error instanceof FormatError) return false;
      throw error;
    }
  }
}
