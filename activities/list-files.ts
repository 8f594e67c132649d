import { createHash } from 'node:crypto';
import { openFileSource } from '../connections/hdfs/file-source.ts';
import type { FileStore } from '../connections/hdfs/file-store.ts';
import { nearestExisting } from '../connections/hdfs/glob.ts';
import { FormatError } from '../formats/format-error.ts';
import { fileFormat, isCuttable } from './decode/file-format.ts';
import type { Dependencies } from './dependencies.ts';
import { JobError } from './job/job-error.ts';
import type { ReplayJob } from './job/replay-job.ts';
import { sequenceSettings } from './job/sequence-settings.ts';
import { FileSelection } from './manifest/file-selection.ts';
import { encodeFooter, encodeLines, encodeSplitEntry, type ManifestFile, type Split } from './manifest/manifest.ts';
import type { PinnedOffsets } from './manifest/pinned-offsets.ts';
import { SplitPlanner } from './manifest/plan-splits.ts';
import { readListing } from './manifest/read-manifest.ts';
import { walkInput } from './manifest/walk-input.ts';
import { newestExecutionName, readPins } from './read-offsets.ts';
import type { StepContext } from './run-step.ts';
import { Staging } from './staging.ts';
import type { FileListing, StepInput } from './steps.ts';

/**
 * Writes the manifest: every file of the job in manifest order, grouped or cut into splits. It is written once; an
 * attempt that finds one in place uses it, so that every retry computes the same sequence.
 */
export function listFiles(deps: Dependencies) {
  return async ({ job }: StepInput, { signal, progress }: StepContext): Promise<FileListing> => {
    const store = deps.hdfs(job.connections.hdfs);
    const staging = new Staging(store, job.staging);
    const present = await readListing(store, staging.manifest, signal);
    if (present !== undefined) return present;
    const pins = await readPins(store, job, signal);
    const schema = await staging.readSmall(staging.schema, signal);
    const sourcePartitions = await partitionsOfSource(deps, job);
    for (;;) {
      const draft = new ManifestDraft(store, job, pins, sourcePartitions, schema, signal, progress);
      const won = await staging.put(staging.manifest, draft.chunks(), signal);
      const listing = won ? draft.listing : await readListing(store, staging.manifest, signal);
      if (listing === undefined) throw new TypeError(`${staging.manifest} was in place and is gone`);
      if (!won || pins === undefined || draft.everyNameHasOffsets) return listing;
      // Without offsets in the names only an unchanged history proves that no file of a later run was taken.
      const newest = await newestExecutionName(store, job.history ?? '', signal);
      if (newest !== undefined && pins.execution.endsWith(`/${newest}`)) return listing;
      throw new JobError(
        'history-unusable',
        `Camus finished another run (${newest ?? 'none is left'}) while its files were listed, and the names of some files don't tell their offsets, so the files of that run can't be told apart. Start the job again between two runs of Camus.`,
        { pinned: pins.execution, newest },
      );
    }
  };
}

/** One pass over the input that yields the bytes of a manifest, and knows its summary at the end. */
class ManifestDraft {
  readonly #store: FileStore;
  readonly #job: ReplayJob;
  readonly #selection: FileSelection;
  readonly #sourcePartitions: number | undefined;
  readonly #hash = createHash('sha256');
  readonly #signal: AbortSignal;
  readonly #progress: StepContext['progress'];
  #listing: FileListing | undefined;
  #files = 0;
  #bytes = 0n;

  constructor(
    store: FileStore,
    job: ReplayJob,
    pins: PinnedOffsets | undefined,
    sourcePartitions: number | undefined,
    schema: Uint8Array | undefined,
    signal: AbortSignal,
    progress: StepContext['progress'],
  ) {
    this.#store = store;
    this.#job = job;
    this.#sourcePartitions = sourcePartitions;
    this.#selection = new FileSelection(job, pins);
    this.#signal = signal;
    this.#progress = progress;
    this.#hash.update(JSON.stringify(sequenceSettings(job))).update(schema ?? '');
  }

  get listing(): FileListing {
    if (this.#listing === undefined) throw new TypeError('the manifest was not written to its end');
    return this.#listing;
  }

  get everyNameHasOffsets(): boolean {
    return this.#selection.everyNameHasOffsets;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    const entries: Buffer[] = [];
    let at = 0;
    let lastLines = { at: 0, length: 0, path: '' };
    const takeSplit = (split: Split): Buffer => {
      const path = split.files[0]?.path ?? '';
      // The parts of a file that was cut share its one line.
      const shared = split.range !== undefined && split.range.start > 0 && lastLines.path === path;
      const lines = shared ? Buffer.alloc(0) : encodeLines(split.files);
      if (!shared) lastLines = { at, length: lines.length, path };
      const { start, end } = split.range ?? { start: 0, end: 0 };
      entries.push(encodeSplitEntry({ linesAt: lastLines.at, linesLength: lastLines.length, start, end }));
      at += lines.length;
      this.#hash.update(lines);
      return lines;
    };
    const planner = new SplitPlanner(this.#job.tuning.splitBytes);
    for await (const file of this.#wanted()) {
      const cuttable = file.length > this.#job.tuning.splitBytes && (await this.#isCuttable(file));
      for (const split of planner.add(file, cuttable)) yield takeSplit(split);
    }
    for (const split of planner.end()) yield takeSplit(split);
    const remarks = this.#selection.finish();
    if (this.#files === 0) await this.#refuseEmpty();
    const table = Buffer.concat(entries);
    this.#hash.update(table);
    this.#listing = {
      fingerprint: this.#hash.digest('hex'),
      files: this.#files,
      bytes: this.#bytes.toString(),
      splits: entries.length,
      partitions: this.#selection.replayPartitions(this.#sourcePartitions),
      leftOut: this.#selection.leftOut(),
      remarks,
    };
    const summary = Buffer.from(JSON.stringify(this.#listing));
    yield table;
    yield summary;
    yield encodeFooter({ splitsAt: at, summaryAt: at + table.length, summaryLength: summary.length });
  }

  async *#wanted(): AsyncGenerator<ManifestFile> {
    const { input = '' } = this.#job;
    let seen = 0;
    for await (const folder of walkInput(this.#store, input, this.#signal)) {
      seen += folder.length;
      this.#progress({ listed: seen, taken: this.#files, at: folder[0]?.path });
      for (const file of this.#selection.take(folder)) {
        this.#files += 1;
        this.#bytes += BigInt(file.length);
        yield file;
      }
    }
  }

  async #isCuttable(file: ManifestFile): Promise<boolean> {
    const source = openFileSource(this.#store, { ...file, kind: 'file' });
    try {
      return isCuttable(await fileFormat(source, file.path, this.#job.archive.format, this.#signal));
    } catch (error) {
      // What it is that can't be read is said, or left out, where it is decoded.
      if (error instanceof FormatError) return false;
      throw error;
    }
  }

  async #refuseEmpty(): Promise<never> {
    const { input = '' } = this.#job;
    const left = this.#selection.leftOut().map(({ reason, files }) => `${files} ${reason}`);
    const nearest = await nearestExisting(this.#store, input, this.#signal);
    throw new JobError(
      'no-input-files',
      `No file to replay matches ${input}${left.length > 0 ? ` (left out: ${left.join('; ')})` : ''}. The nearest folder that exists is ${nearest}. Check archive.dest, archive.input and the topic's name.`,
      { input, nearest },
    );
  }
}

async function partitionsOfSource(deps: Dependencies, job: ReplayJob): Promise<number | undefined> {
  if (job.output.partitions !== 'source') return undefined;
  const source = await deps.kafka(job.connections.kafka).describeTopic(job.topic);
  return source?.partitions.length;
}
