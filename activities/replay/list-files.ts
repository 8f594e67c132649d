import { createHash } from 'node:crypto';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { layoutOf } from '../../layouts/layout-of.ts';
import type { PinnedOffsets } from '../../layouts/pinned-offsets.ts';
import { recordsPerByte, type RecordsPerByte } from './decode/records-per-byte.ts';
import { checkSampled, judgeSampled, largestSampled, sampleFiles } from './decode/sample-files.ts';
import type { Dependencies } from '../dependencies.ts';
import { pinnedGroups } from './groups/pin-groups.ts';
import { largestPartition } from './groups/stored-groups.ts';
import { JobError } from '../step/job-error.ts';
import type { ReplayJob } from './job/replay-job.ts';
import { sequenceSettings } from './job/sequence-settings.ts';
import { InputListing } from './manifest/input-listing.ts';
import { joinSplits } from './manifest/join-splits.ts';
import { encodeFooter, encodeLines, type ManifestFile, type Split } from './manifest/manifest.ts';
import { SPLITS_OF_A_SIZE } from './manifest/plan-splits.ts';
import { SplitTable } from './manifest/split-table.ts';
import { readListing, readSplit } from './manifest/read-manifest.ts';
import { assertFits } from './publish/record-size.ts';
import { maxMessageBytes, newMaxMessageBytes } from './publish/topic-settings.ts';
import { newestExecutionName } from './offsets/archive-history.ts';
import { readPins } from './read-offsets.ts';
import { bothAtOnce } from '../step/both-at-once.ts';
import { boundedRemarks } from '../step/bounded-remarks.ts';
import type { StepContext } from '../step/run-step.ts';
import { Staging } from './staging.ts';
import { chooseOffsetWindows } from './windows/choose-offset-windows.ts';
import { chooseWindows, sortRemark, type SortChoice } from './windows/choose-windows.ts';
import { withoutEndedWindows } from './windows/ended-windows.ts';
import { encodeOffsetWindows } from './windows/offset-window-table.ts';
import { offsetsOfSplits } from './windows/offsets-of-splits.ts';
import { windowRoom } from './windows/window-room.ts';
import { encodeWindows } from './windows/window-table.ts';
import type { FileListing, StepInput } from './steps.ts';

/**
 * Writes the manifest: every file of the job in manifest order, grouped or cut into splits. It is written once; an
 * attempt that finds one in place uses it, so that every retry computes the same sequence.
 */
export function listFiles(deps: Dependencies) {
  return async ({ job }: StepInput, context: StepContext): Promise<FileListing> => {
    const { signal } = context;
    const store = deps.hdfs(job.connections.hdfs);
    const staging = new Staging(store, job.staging);
    const present = await readListing(store, staging.manifest, signal);
    const pins = await readPins(store, job, signal);
    if (present !== undefined) {
      if (pins !== undefined && (await mayHaveBeenRefused(store, staging, present, signal)))
        await assertHistoryUnchanged(store, job, pins, signal);
      return withoutEndedWindows(store, staging, present, signal);
    }
    const schema = await staging.readSmall(staging.schema, signal);
    const sourcePartitions = await partitionsOfSource(deps, job);
    const groups = job.groups === undefined ? undefined : ((await pinnedGroups(staging, signal)) ?? {});
    /** `chosen`: that the files are listed once more, as those of a job that is sorted as a whole. */
    const list = async (chosen?: SortChoice): Promise<FileListing | undefined> => {
      const input = new InputListing(store, chosen === undefined ? job : { ...job, sort: 'whole' }, pins, context);
      const draft = new ManifestDraft(input, {
        settings: [JSON.stringify(sequenceSettings(job)), schema ?? ''],
        sourcePartitions,
        groupsPartition: groups === undefined ? -1 : largestPartition(groups),
        remark: (remarks) => keepRemarks(staging, remarks, signal),
        check: async (picked, splits) => {
          if (pins !== undefined && !input.selection.everyNameHasOffsets)
            await assertHistoryUnchanged(store, job, pins, signal);
          const checked = await checkPicked(deps, job, picked, input, schema, context);
          const { choice = chosen } = checked;
          if (chosen === undefined && choice?.why !== undefined && splits > SPLITS_OF_A_SIZE)
            throw new ListedInVain(choice);
          return { ...checked, choice };
        },
      });
      const won = await staging.put(staging.manifest, draft.chunks(), signal);
      return won ? draft.listing : readListing(store, staging.manifest, signal);
    };
    const listing = await list().catch((error: unknown) => {
      if (!(error instanceof ListedInVain)) throw error;
      return list(error.choice);
    });
    if (listing === undefined) throw new TypeError(`${staging.manifest} was in place and is gone`);
    return listing;
  };
}

/**
 * Splits that end where buckets do are as many as there are windows at least, and as large as fits into memory. Where a
 * job has very many of them and is sorted as a whole all the same, its files are listed once more: that takes minutes,
 * where a step for each of a million splits takes days.
 */
class ListedInVain extends Error {
  readonly choice: SortChoice;

  constructor(choice: SortChoice) {
    super('the files are listed for windows of time, which the job has not');
    this.choice = choice;
  }
}

/**
 * Whether a manifest in place may be one that its own attempt refused: release 0.1.0 put it there before it looked at the
 * history. Once a split is sorted, the listing had succeeded.
 */
async function mayHaveBeenRefused(
  store: FileStore,
  staging: Staging,
  { splits }: FileListing,
  signal: AbortSignal,
): Promise<boolean> {
  const begun = await staging.readBeginning(signal);
  if (begun?.layout !== 1) return false;
  for await (const _sorted of store.list(`${staging.folder}/sorted`, signal)) return false;
  for (let split = 0; split < splits; split += 1) {
    const { files } = await readSplit(store, staging.manifest, split, signal);
    if (files.some(({ partition }) => partition === undefined)) return true;
  }
  return false;
}

/** Without offsets in the names only an unchanged history proves that no file of a later run was taken. */
async function assertHistoryUnchanged(
  store: FileStore,
  job: ReplayJob,
  pins: PinnedOffsets,
  signal: AbortSignal,
): Promise<void> {
  const newest = await newestExecutionName(store, job, signal);
  if (newest !== undefined && pins.execution.endsWith(`/${newest}`)) return;
  const { writer } = layoutOf(job.archive.layout);
  throw new JobError(
    'history-unusable',
    `${writer} finished another run (${newest ?? 'none is left'}) while its files were listed, and the names of some files don't tell their offsets, so the files of that run can't be told apart. Start the job again between two runs of ${writer}.`,
    { pinned: pins.execution, newest },
  );
}

/**
 * Decodes the beginning of a few files, so that a schema that does not resolve, a time that is not there or a record
 * that is too large for the topic is found now and not after hours. Throws what the job would end with.
 */
async function checkPicked(
  deps: Dependencies,
  job: ReplayJob,
  picked: ManifestFile[],
  { selection, windows, offsetSplits, bytes }: InputListing,
  schema: Uint8Array | undefined,
  context: StepContext,
): Promise<Checked> {
  const json = schema === undefined ? undefined : Buffer.from(schema).toString('utf8');
  const store = deps.hdfs(job.connections.hdfs);
  // Threads sample while this one looks for first offsets, which is half of a listing each.
  const [sampled, offsets] = await bothAtOnce(
    context,
    (own) => sampleFiles(deps, job, { files: picked, bytes }, json, own),
    async (own) => offsetSplits && offsetsOfSplits(store, job, offsetSplits, own),
  );
  checkSampled(sampled);
  const { error: astray } = judgeSampled(job, sampled, selection.leftOut());
  if (astray !== undefined) throw astray;
  const topic = await deps.kafka(job.connections.kafka).describeTopic(job.replayTopic.name);
  assertFits(job, topic === undefined ? newMaxMessageBytes(job) : maxMessageBytes(topic), largestSampled(sampled));
  const { records: room } = windowRoom(deps.budget.total, job.tuning);
  const choice =
    (windows && chooseWindows(job, windows.windows(), sampled, room)) ??
    (offsetSplits && offsets && chooseOffsetWindows(job, offsetSplits, offsets, sampled, room));
  return { recordsPerByte: recordsPerByte(sampled), choice };
}

/** What is too much for a payload stands in a file, which outlives the job's staging. */
async function keepRemarks(staging: Staging, remarks: string[], signal: AbortSignal): Promise<string[]> {
  const kept = boundedRemarks(remarks, staging.remarks);
  if (kept.every((remark, index) => remark === remarks[index])) return kept;
  await staging.beginErrors(signal);
  await staging.putSmall(staging.remarks, Buffer.from(remarks.map((remark) => `${remark}\n`).join('')), signal);
  return kept;
}

/** What the sample tells of all files. */
interface Checked {
  /** For files that can't be read. */
  recordsPerByte: RecordsPerByte;
  /** Whether the job is sorted window by window; undefined where that is not asked. */
  choice: SortChoice | undefined;
}

interface DraftOptions {
  /** Keeps remarks, and returns as many of them as the listing may have. */
  remark: (remarks: string[]) => Promise<string[]>;
  /** Whatever the sequence of published records depends on, beside the files themselves. */
  settings: (string | Uint8Array)[];
  /** Partitions of the source topic, where the replay topic gets as many. */
  sourcePartitions: number | undefined;
  /** Largest partition of which a group's offset is to be translated, or -1. */
  groupsPartition: number;
  /**
   * Called when all files are listed, with a few of them and the number of splits: throws where the job must not go on with these. Before the end
   * of the manifest is written, so that a listing that was refused is never in place.
   */
  check: (picked: ManifestFile[], splits: number) => Promise<Checked>;
}

/** One pass over the input that yields the bytes of a manifest, and knows its summary at the end. */
class ManifestDraft {
  readonly #input: InputListing;
  readonly #options: DraftOptions;
  readonly #hash = createHash('sha256');
  #listing: FileListing | undefined;

  constructor(input: InputListing, options: DraftOptions) {
    this.#input = input;
    this.#options = options;
    for (const part of options.settings) this.#hash.update(part);
  }

  get listing(): FileListing {
    if (this.#listing === undefined) throw new TypeError('the manifest was not written to its end');
    return this.#listing;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    const entries = new SplitTable();
    let at = 0;
    let lastLines = { at: 0, length: 0, path: '' };
    const takeSplit = (split: Split): Buffer => {
      const path = split.files[0]?.path ?? '';
      // The parts of a file that was cut share its one line.
      const shared = split.range !== undefined && split.range.start > 0 && lastLines.path === path;
      const lines = shared ? Buffer.alloc(0) : encodeLines(split.files);
      if (!shared) lastLines = { at, length: lines.length, path };
      const { start, end } = split.range ?? { start: 0, end: 0 };
      entries.add({ linesAt: lastLines.at, linesLength: lastLines.length, start, end });
      at += lines.length;
      this.#hash.update(lines);
      return lines;
    };
    const { selection, picked } = this.#input;
    for await (const split of this.#input.splits()) yield takeSplit(split);
    const { remarks: all, incomplete, offsets } = await this.#input.finish();
    const kept = await this.#options.remark(all);
    if (this.#input.files === 0) throw await this.#input.nothingToRead();
    const { sourcePartitions, groupsPartition } = this.#options;
    const { recordsPerByte, choice } = await this.#options.check(picked.files, entries.splits);
    const remarks = [...kept, ...sortRemark(choice)];
    const { offsetSplits, splitBytes } = this.#input;
    const isCutSmall = offsetSplits !== undefined && choice?.windows === undefined;
    const splits = isCutSmall ? joinSplits(entries, offsetSplits.sizes, splitBytes) : entries;
    const table = splits.bytes();
    this.#hash.update(table);
    const encode = offsetSplits === undefined ? encodeWindows : encodeOffsetWindows;
    const windows = encode(choice?.windows ?? []);
    this.#hash.update(windows);
    this.#listing = {
      fingerprint: this.#hash.digest('hex'),
      files: this.#input.files,
      bytes: this.#input.bytes.toString(),
      splits: splits.splits,
      partitions: selection.replayPartitions(sourcePartitions, groupsPartition),
      leftOut: selection.leftOut(),
      remarks,
      recordsPerByte,
      ...listedWindows(choice, at + table.length),
      incomplete,
      offsets,
    };
    const summary = Buffer.from(JSON.stringify(this.#listing));
    yield table;
    yield windows;
    yield summary;
    const summaryAt = at + table.length + windows.length;
    yield encodeFooter({ splitsAt: at, summaryAt, summaryLength: summary.length });
  }
}

function listedWindows(choice: SortChoice | undefined, at: number): Pick<FileListing, 'windows'> {
  if (choice?.windows === undefined) return {};
  const { windows, largest, memoryPerByte, fitting, largestFitting = largest, largestStaged } = choice;
  return {
    windows: {
      count: windows.length,
      at,
      largestBytes: (fitting === 0 ? 0 : largestFitting.bytes).toString(),
      memoryPerByte,
      direct: fitting,
      ...(largestStaged !== undefined && { largestStagedBytes: largestStaged.bytes.toString() }),
    },
  };
}

/** How many partitions the source topic has, where the replay topic gets as many. */
export async function partitionsOfSource(deps: Dependencies, job: ReplayJob): Promise<number | undefined> {
  if (job.output.partitions !== 'source') return undefined;
  const source = await deps.kafka(job.connections.kafka).describeTopic(job.topic);
  return source?.partitions.length;
}
