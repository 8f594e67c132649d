import type { GivenUp } from '../../../layouts/archive-layout.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import type { RunOfPartition, RunRecords } from './run-records.ts';

/** Runs that are named one by one; a number stands for the others. */
const NAMED = 10;

/** What was given up in a run, by `runKey`. */
export type GivenUpByRun = ReadonlyMap<string, GivenUp>;

export const runKey = ({ partition, run }: Pick<RunOfPartition, 'partition' | 'run'>): string => `${partition} ${run}`;

/** Runs of which names hold fewer records than offsets. */
export class MissingRuns {
  /** The first of those whose execution is known: without any file, and with too few records in their files. */
  readonly empty: RunOfPartition[] = [];
  readonly short: RunOfPartition[] = [];
  /** Before the oldest known execution: the archive may begin later than the topic did. */
  readonly older: RunOfPartition[] = [];
  #more = { empty: 0, short: 0, older: 0 };
  readonly #records: RunRecords;
  readonly #pins: PinnedOffsets;

  constructor(records: RunRecords, pins: PinnedOffsets) {
    this.#records = records;
    this.#pins = pins;
    for (const run of records.runs()) {
      const kind = kindOf(run);
      if (kind === undefined) continue;
      if (this[kind].length < NAMED) this[kind].push(run);
      else this.#more[kind] += 1;
    }
  }

  /** All runs without any file, those that are not named too. */
  *withoutFiles(): Generator<RunOfPartition> {
    for (const run of this.#records.runs()) if (kindOf(run) === 'empty') yield run;
  }

  /** Name of the execution that ended a run. */
  executionOf({ partition, run }: RunOfPartition): string | undefined {
    const { executions, reachedBy, execution } = this.#pins;
    const name = executions?.[reachedBy?.[partition]?.[run] ?? -1];
    return name ?? (run === (this.#pins.boundaries[partition]?.length ?? 0) - 1 ? lastOf(execution) : undefined);
  }

  /** `elsewhere`: where the records may be all the same. */
  remarks(elsewhere: string | undefined, givenUp: GivenUpByRun): string[] {
    const but = elsewhere === undefined ? '' : `; it may be in ${elsewhere}`;
    const { empty, short } = this.#more;
    return [
      ...this.empty.map((run) => {
        const reason = givenUp.get(runKey(run));
        return `partition ${run.partition}: no file holds the ${this.#offsets(run)}${reason === undefined ? '' : `; ${named(reason)}`}${but}`;
      }),
      ...(empty > 0 ? [`no file holds the offsets of ${empty} more runs of partitions`] : []),
      ...this.short.map((run) => this.#short(run, givenUp.get(runKey(run))) + but),
      ...(short > 0 ? [`fewer records than offsets in ${short} more runs of partitions`] : []),
      ...this.#olderRemark(),
    ];
  }

  /** The runs without a file in a few words; undefined where there is none. */
  get incomplete(): string | undefined {
    const [first] = this.empty;
    if (first === undefined) return undefined;
    const more = this.empty.length - 1 + this.#more.empty;
    const others = more > 0 ? `, nor of ${more} more runs of partitions` : '';
    return `no file holds the records of partition ${first.partition} at the ${this.#offsets(first)}${others}`;
  }

  /** The same of what was before the oldest known execution. */
  get olderMissing(): string | undefined {
    const [first] = this.older;
    return first && `records of partition ${first.partition} at the ${offsetsOf(first)} are missing`;
  }

  #offsets(run: RunOfPartition): string {
    const execution = this.executionOf(run);
    return `${offsetsOf(run)}${execution === undefined ? '' : ` (execution ${execution})`}`;
  }

  #short(run: RunOfPartition, givenUp: GivenUp | undefined): string {
    const missing = run.to - run.from - run.records;
    const cause =
      givenUp === undefined
        ? 'transaction markers and compaction leave such holes, and so do lost files'
        : named(givenUp);
    return `partition ${run.partition} has ${run.records} records for the ${this.#offsets(run)}, ${missing} fewer; ${cause}`;
  }

  #olderRemark(): string[] {
    if (this.older.length === 0) return [];
    const list = this.older.map(
      (run) => `partition ${run.partition}: ${run.files === 0 ? 'no' : run.records} records for the ${offsetsOf(run)}`,
    );
    const more = this.#more.older > 0 ? `, and ${this.#more.older} more partitions` : '';
    return [
      `before the oldest execution that the history keeps there are fewer records than offsets (the archive may begin later than the topic): ${list.join(', ')}${more}`,
    ];
  }
}

/** What a run is short of; undefined where its files have all that it passed. */
function kindOf(run: RunOfPartition): 'empty' | 'short' | 'older' | undefined {
  if (run.files > 0 && (!run.counted || run.records >= run.to - run.from)) return undefined;
  return run.run === 0 ? 'older' : run.files === 0 ? 'empty' : 'short';
}

function named({ where, records, offsets, reason }: GivenUp): string {
  const more = records > offsets.length ? ' ...' : '';
  return `${where} names ${records} that could not be archived: ${offsets.join(', ')}${more} (${reason})`;
}

function offsetsOf({ from, to }: RunOfPartition): string {
  return `offsets ${from} to ${to - 1n}`;
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
