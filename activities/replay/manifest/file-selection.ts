import type { FileStatus } from '../../../connections/hdfs/file-store.ts';
import type { ArchiveLayout, FileFacts } from '../../../layouts/archive-layout.ts';
import { entryName } from '../../../layouts/archive-tree.ts';
import { layoutOf } from '../../../layouts/layout-of.ts';
import { partitionKey, type PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import { boundedRemarks, shortened } from '../../step/bounded-remarks.ts';
import { JobError } from '../../step/job-error.ts';
import { tellsOffsets } from '../job/own-offsets.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { DoubledPartition } from '../plan/replay-plan.ts';
import type { FileListing } from '../steps.ts';
import { Completeness, type AfterListing } from './completeness.ts';
import { DuplicateCheck } from './duplicate-check.ts';
import { choosesByName } from './expected-times.ts';
import { listedFile } from './listed-file.ts';
import type { ManifestFile } from './manifest.ts';
import { MissingRuns } from './missing-runs.ts';
import { NameChecks } from './name-checks.ts';
import type { Refuse } from './refuse.ts';
import { replayPartitions } from './replay-partitions.ts';
import { RunRecords } from './run-records.ts';

const EXAMPLES = 5;
const LONGEST_EXAMPLE = 500;

/** Files that can't have records of the time range, by what told so. */
const OUT_OF_RANGE = {
  name: 'outside of the time range by their names',
  folder: 'outside of the time range by their folders',
} as const;

const STILL_WRITTEN = 'still being written';

/** How many files were left out for what their names or folders say of time. */
export function leftOutByRange(leftOut: FileListing['leftOut']): number {
  const reasons: readonly string[] = Object.values(OUT_OF_RANGE);
  return leftOut.reduce((sum, { reason, files }) => sum + (reasons.includes(reason) ? files : 0), 0);
}

/** How many files of these were left out since somebody still writes them. */
export function leftOutOpen(leftOut: FileListing['leftOut']): number {
  return leftOut.find(({ reason }) => reason === STILL_WRITTEN)?.files ?? 0;
}

/** Decides which files of the input belong to the job, and keeps count of those that don't, by reason. */
export class FileSelection {
  readonly #job: ReplayJob;
  readonly #pins: PinnedOffsets | undefined;
  readonly #layout: ArchiveLayout;
  readonly #leftOut = new Map<string, { files: number; examples: string[] }>();
  readonly #records: RunRecords;
  readonly #duplicates: DuplicateCheck;
  readonly #completeness: Completeness;
  readonly #names: NameChecks;
  #missing: MissingRuns | undefined;
  #sharingChecked = false;
  readonly #partitions = new Set<string>();
  #largestPartition = -1;
  readonly #refuse: Refuse;
  everyNameHasOffsets = true;
  /** The first file that was taken and whose name tells no partition. */
  #withoutPartition: string | undefined;

  constructor(job: ReplayJob, pins: PinnedOffsets | undefined, refuse: Refuse = throwIt) {
    this.#refuse = refuse;
    this.#job = job;
    this.#pins = pins;
    this.#records = new RunRecords(pins?.boundaries ?? {});
    this.#duplicates = new DuplicateCheck({}, this.#records);
    this.#layout = layoutOf(job.archive.layout);
    this.#completeness = new Completeness(this.#layout, pins);
    this.#names = new NameChecks(this.#layout, job.topic, pins);
  }

  /** Files of one folder that belong to the job, in manifest order. */
  *take(folder: FileStatus[]): Generator<ManifestFile> {
    for (const status of this.#layout.inOrder(folder)) {
      if (!this.#layout.isData(entryName(status.path))) {
        this.#leave(status.path, 'not data by their names');
        continue;
      }
      const refusal = this.#names.refusal(status.path);
      const file = refusal === undefined ? this.#takeData(status) : this.#unusable(status, refusal);
      if (file !== undefined) yield file;
    }
  }

  /** A file that is not read, since somebody still writes it. */
  leaveOpen(status: FileStatus): void {
    this.#leave(status.path, STILL_WRITTEN);
    this.#completeness.takeOpen(status);
  }

  /** Throws for what the job must not go on with; returns what is worth a look. */
  finish(after: Omit<AfterListing, 'missing'> = {}): string[] {
    const remarks = this.#duplicates.remarks();
    if (remarks.length > 0 && this.#job.archive.duplicates === 'fail')
      this.#refuse(
        new JobError(
          'duplicates',
          `The archive holds more records than offsets, so some of them twice (a failed Camus run leaves its files, and the next one writes them again): ${boundedRemarks(remarks).join('; ')}. Remove the files of the failed run, or set archive.duplicates to "report" to replay them all.`,
          { remarks: boundedRemarks(remarks) },
        ),
      );
    const overlapping = this.#names.overlapping(this.#job.archive);
    if (overlapping !== undefined) this.#refuse(overlapping);
    const missing = this.missing();
    const incomplete = this.incomplete(after);
    if (incomplete !== undefined && this.#job.archive.missing === 'fail')
      this.#refuse(
        new JobError(
          'records-missing',
          `The archive is not whole: ${incomplete}. Bring the files back, or set archive.missing to "withhold" to replay what is there without committing offsets, or to "report" to commit them all the same.`,
          { incomplete },
        ),
      );
    return [
      ...remarks,
      ...this.#names.remarks(),
      ...this.#sharingRemark(),
      ...this.#comparePartitions(),
      ...this.#completeness.remarks({ ...after, missing }),
    ];
  }

  /** Runs of which names hold fewer records than offsets; undefined where names can't be compared with a history. */
  missing(): MissingRuns | undefined {
    if (this.#pins === undefined || this.#partitions.size === 0) return undefined;
    return (this.#missing ??= new MissingRuns(this.#records, this.#pins));
  }

  /** Why the replay is not all that the offsets stand for; undefined where nothing says so, or the job doesn't mind. */
  incomplete(after: Omit<AfterListing, 'missing'> = {}): string | undefined {
    if (this.#job.archive.missing === 'report') return undefined;
    const byHistory = this.#completeness.incomplete({ ...after, missing: this.missing() });
    const byNames = this.#names.incomplete();
    return byHistory === undefined || byNames === undefined ? (byHistory ?? byNames) : `${byHistory}; ${byNames}`;
  }

  /** Source partitions of which the archive holds records twice. */
  doubled(): DoubledPartition[] {
    return this.#duplicates.doubled();
  }

  leftOut(): FileListing['leftOut'] {
    return [...this.#leftOut].map(([reason, { files, examples }]) => ({ reason, files, examples }));
  }

  /** Partitions that the replay topic gets. */
  replayPartitions(source: number | undefined, ofGroups = -1): number {
    const found = { largest: this.#largestPartition, withoutPartition: this.#withoutPartition };
    return replayPartitions(this.#job, found, { source, pins: this.#pins, ofGroups }, this.#refuse);
  }

  #takeData(status: FileStatus): ManifestFile | undefined {
    const facts = this.#layout.facts(status.path, this.#job.topic);
    return facts === undefined ? this.#takeOther(status) : this.#takeNamed(status, facts);
  }

  #takeNamed(status: FileStatus, facts: FileFacts): ManifestFile | undefined {
    const { partition, nextOffset } = facts;
    if (nextOffset === undefined) this.everyNameHasOffsets = false;
    this.#refuseShared(status);
    if (nextOffset === undefined && this.#byNames) return this.#withoutOffset(status);
    const key = partitionKey(this.#job.offsets.layout, facts.broker ?? '', partition);
    if (!this.#belongsToPinnedRuns(status, nextOffset, key)) {
      this.#names.leaveLater(key, status.path, facts);
      return undefined;
    }
    this.#records.add(key, facts);
    this.#names.take(key, status.path, facts);
    this.#partitions.add(key);
    this.#completeness.take(status, { named: nextOffset !== undefined });
    if (this.#outside(status)) return undefined;
    this.#largestPartition = Math.max(this.#largestPartition, partition);
    return listedFile(status, facts);
  }

  #takeOther(status: FileStatus): ManifestFile | undefined {
    this.everyNameHasOffsets = false;
    if (this.#job.output.partitions === 'source' && !tellsOffsets(this.#job))
      return this.#unusable(
        status,
        `its name doesn't tell a partition (expected ${this.#layout.nameShape(this.#job.topic)}). Set output.partitions to "one" or "key", or narrow archive.input.`,
      );
    if (this.#byNames) return this.#withoutOffset(status);
    this.#withoutPartition ??= status.path;
    this.#completeness.take(status, { named: false });
    return this.#outside(status) ? undefined : listedFile(status);
  }

  /** Whether the offsets in names sort the records. */
  get #byNames(): boolean {
    return this.#job.order === 'offset' && !tellsOffsets(this.#job);
  }

  #withoutOffset(status: FileStatus): undefined {
    return this.#unusable(
      status,
      `its name doesn't tell an offset (expected ${this.#layout.nameShape(this.#job.topic)}). Set order to "file" or "time", or narrow archive.input.`,
    );
  }

  /** Files of runs after the pinned one are the live topic's business: its consumers get them from there. */
  #belongsToPinnedRuns(status: FileStatus, nextOffset: bigint | undefined, key: string): boolean {
    const pinned = this.#pins?.next[key];
    if (this.#pins === undefined || pinned === undefined) return true;
    if (nextOffset === undefined || nextOffset <= BigInt(pinned)) return true;
    if (status.modifiedAt > this.#pins.startedAt) {
      this.#leave(status.path, `of a ${this.#layout.writer} run after the pinned one`);
      return false;
    }
    const { earlierLife } = this.#job.archive;
    if (earlierLife === 'include') return true;
    if (earlierLife === 'leave-out') {
      this.#leave(status.path, 'of an earlier life of the topic');
      return false;
    }
    this.#refuse(
      new JobError(
        'earlier-life',
        `${status.path}: its next offset ${nextOffset} is above the pinned offset ${pinned} of partition ${key}, and it is older than the pinned execution ${this.#pins.execution}: the topic was re-created since. Set archive.earlierLife to "include" or to "leave-out".`,
        { path: status.path, partition: key, nextOffset, pinned },
      ),
    );
    return false;
  }

  /** Names that stand for two topics: whose records they are can't be told. */
  #refuseShared({ path }: FileStatus): void {
    const { sharing = [] } = this.#pins ?? {};
    if (this.#sharingChecked || sharing.length === 0) return;
    this.#sharingChecked = true;
    const { topic, archive } = this.#job;
    if (archive.sharedFolder === 'accept') return;
    this.#refuse(
      new JobError(
        'topics-share-folder',
        `${path}: ${this.#layout.writer} writes the topics ${[topic, ...sharing].join(', ')} into the same folder under the same names, and its history has records of each, so whose records a file holds can't be told. Set archive.sharedFolder to "accept" to replay them all, with functions.filter to leave out the others', or name files of one topic alone in archive.input.`,
        { path, topic, sharing },
      ),
    );
  }

  #sharingRemark(): string[] {
    const { sharing = [] } = this.#pins ?? {};
    if (sharing.length === 0 || this.#partitions.size === 0) return [];
    return [`records of ${sharing.join(', ')} may be among those of ${this.#job.topic}: both lie in the same folder`];
  }

  #unusable({ path }: FileStatus, why: string): undefined {
    this.#refuse(new JobError('file-unusable', `${path}: ${why}`, { path }));
    return undefined;
  }

  /** Whether no record of the file can be of the job's time range; then it is left out. */
  #outside({ path }: FileStatus): boolean {
    const { from, to, archive, topic } = this.#job;
    if (!choosesByName(this.#job)) return false;
    const span = this.#layout.span(path, topic, archive);
    if (span === undefined) return false;
    const outside = (from !== undefined && span.to <= from) || (to !== undefined && span.from >= to);
    if (outside) this.#leave(path, OUT_OF_RANGE[span.by]);
    return outside;
  }

  #leave(path: string, reason: string): undefined {
    const known = this.#leftOut.get(reason) ?? { files: 0, examples: [] };
    known.files += 1;
    if (known.examples.length < EXAMPLES) known.examples.push(shortened(path, LONGEST_EXAMPLE));
    this.#leftOut.set(reason, known);
    return undefined;
  }

  #comparePartitions(): string[] {
    if (this.#pins === undefined || this.#partitions.size === 0) return [];
    const pinned = new Set(Object.keys(this.#pins.next));
    const withoutOffset = [...this.#partitions].filter((key) => !pinned.has(key));
    const withoutFiles = [...pinned].filter((key) => !this.#partitions.has(key));
    const list = (keys: string[]): string =>
      `${keys.slice(0, 20).join(', ')}${keys.length > 20 ? ` and ${keys.length - 20} more` : ''}`;
    return [
      ...(withoutOffset.length > 0
        ? [`partitions with files and without an offset to commit: ${list(withoutOffset)}`]
        : []),
      ...(withoutFiles.length > 0
        ? [`partitions with an offset to commit and without files: ${list(withoutFiles)}`]
        : []),
    ];
  }
}

function throwIt(error: JobError): never {
  throw error;
}
