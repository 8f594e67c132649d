import type { ManifestFile, Split } from '../manifest/manifest.ts';
import { LARGEST_SPLIT_BYTES, MAX_FILES_PER_SPLIT } from '../manifest/plan-splits.ts';
import { BucketChanges, type Span } from './bucket-changes.ts';
import type { FileTimes } from './file-times.ts';
import type { WindowPlanner } from './window-planner.ts';

/** Splits of a bucket's first bytes are so much smaller: a window has several of them, and the first record comes soon. */
const SMALLER = 8;
const SMALLEST = 1024 * 1024;

interface Files {
  files: ManifestFile[];
  bytes: number;
  span: Span | undefined;
}

/**
 * Groups files in the order of the manifest into splits, as `SplitPlanner` does, that begin and end where buckets do, as
 * far as buckets are small enough: whole buckets share a split, or a bucket has splits of its own. So windows, which are
 * made of splits, begin and end there too. Tells the planner of windows of each split before it yields it.
 */
export class BucketSplits {
  readonly #splitBytes: number;
  readonly #timesOf: (path: string) => FileTimes;
  #last: { path: string; times: FileTimes } | undefined;
  readonly #windows: WindowPlanner;
  readonly #changes = new BucketChanges();
  /** Whole buckets that wait for more of them, and the files of the bucket at hand. */
  #whole = none();
  #open = none();
  #times: FileTimes | undefined;
  #span: Span = { from: -Infinity, to: Infinity };
  /** Bytes of the bucket at hand so far, and whether some of it is in a split already. */
  #bucketBytes = 0;
  #begun = false;

  constructor(splitBytes: number, timesOf: (path: string) => FileTimes, windows: WindowPlanner) {
    this.#splitBytes = splitBytes;
    this.#timesOf = timesOf;
    this.#windows = windows;
  }

  /** Bytes of a split from here on. */
  bytesFor(path: string): number {
    return this.#bytesBehind(isSame(this.#timesOfLast(path), this.#times) ? this.#bucketBytes : 0);
  }

  /** Takes the next file; yields the splits that are complete. `cuttable`: the format has sync markers. */
  *add(file: ManifestFile, cuttable: boolean): Generator<Split> {
    yield* this.#turn(this.#timesOfLast(file.path));
    const most = this.bytesFor(file.path);
    if (cuttable && file.length > most * 1.5) {
      yield* this.#yieldAll();
      yield* this.#partsOf(file);
      this.#begun = true;
      return;
    }
    this.#bucketBytes += file.length;
    const full = (files: number, bytes: number): boolean => bytes + file.length > most || files >= MAX_FILES_PER_SPLIT;
    const [whole, open] = [this.#whole, this.#open];
    if (full(whole.files.length + open.files.length, whole.bytes + open.bytes)) {
      yield* this.#yieldWhole();
      if (full(open.files.length, open.bytes)) yield* this.#yieldOpen();
    }
    take(this.#open, [file], file.length, this.#span);
  }

  /** Bytes of a split behind so many of its bucket. */
  #bytesBehind(bucketBytes: number): number {
    // A bucket of many splits is not for memory: one of a hundred gigabytes has forty.
    if (bucketBytes >= this.#splitBytes)
      return Math.min(LARGEST_SPLIT_BYTES, Math.max(this.#splitBytes, Math.floor(bucketBytes / 4)));
    return Math.min(this.#splitBytes, Math.max(SMALLEST, Math.ceil(this.#splitBytes / SMALLER)));
  }

  /** The parts of a file that is cut at sync markers, each as large as a split is there. */
  *#partsOf(file: ManifestFile): Generator<Split> {
    for (let start = 0; start < file.length;) {
      const [left, most] = [file.length - start, this.#bytesBehind(this.#bucketBytes)];
      const end = left > most * 1.5 ? start + most : file.length;
      this.#bucketBytes += end - start;
      yield this.#told({ files: [file], range: { start, end } }, this.#span, end - start);
      start = end;
    }
  }

  /** The splits that are not full yet, if they have files. */
  *end(): Generator<Split> {
    yield* this.#turn(undefined);
    yield* this.#yieldWhole();
  }

  /** Asked several times of each file, and reading a name takes longer than all else. */
  #timesOfLast(path: string): FileTimes {
    if (this.#last?.path !== path) this.#last = { path, times: this.#timesOf(path) };
    return this.#last.times;
  }

  /** Ends the bucket at hand where the next file is of another one. */
  *#turn(times: FileTimes | undefined): Generator<Split> {
    if (times !== undefined && isSame(times, this.#times)) return;
    if (this.#begun) yield* this.#yieldOpen();
    else if (this.#open.files.length > 0) {
      take(this.#whole, this.#open.files, this.#open.bytes, this.#open.span!);
      this.#open = none();
    }
    this.#begun = false;
    this.#bucketBytes = 0;
    this.#times = times;
    if (times !== undefined) this.#span = this.#changes.spanOf(times);
  }

  *#yieldAll(): Generator<Split> {
    yield* this.#yieldWhole();
    yield* this.#yieldOpen();
  }

  *#yieldWhole(): Generator<Split> {
    const { files, bytes, span } = this.#whole;
    this.#whole = none();
    if (files.length > 0) yield this.#told({ files, range: undefined }, span!, bytes);
  }

  *#yieldOpen(): Generator<Split> {
    const { files, bytes, span } = this.#open;
    this.#open = none();
    if (files.length === 0) return;
    this.#begun = true;
    yield this.#told({ files, range: undefined }, span!, bytes);
  }

  #told<S extends Split>(split: S, span: Span, bytes: number): S {
    this.#windows.add(span, bytes, split.files.length);
    return split;
  }
}

function none(): Files {
  return { files: [], bytes: 0, span: undefined };
}

function take(into: Files, files: readonly ManifestFile[], bytes: number, span: Span): void {
  into.files.push(...files);
  into.bytes += bytes;
  const { from, to } = into.span ?? span;
  into.span = { from: Math.min(from, span.from), to: Math.max(to, span.to) };
}

function isSame(a: FileTimes, b: FileTimes | undefined): boolean {
  return b !== undefined && a.from === b.from && a.to === b.to;
}
