import type { GivenUp } from '../../../layouts/archive-layout.ts';
import type { PinnedOffsets, ToldRun } from '../../../layouts/pinned-offsets.ts';
import type { RunOfPartition, RunRecords } from './run-records.ts';
import { ToldHoles } from './told-holes.ts';

/** Runs that are named one by one; a number stands for the others. */
const NAMED = 10;

/** What was given up in a run, by `runKey`. */
export type GivenUpByRun = ReadonlyMap<string, GivenUp>;

export const runKey = ({ partition, run }: Pick<RunOfPartition, 'partition' | 'run'>): string => `${partition} ${run}`;

/** A run, and how many records its execution says that it archived; undefined where it doesn't say. */
export type MissingRun = RunOfPartition & { archived?: number | undefined };

/** Runs of which names hold fewer records than executions say that they archived, or else than offsets. */
export class MissingRuns {
  /** The first of those whose execution is known: without any file, and with fewer records than offsets. */
  readonly empty: MissingRun[] = [];
  readonly short: MissingRun[] = [];
  /** Of these the execution says that it archived more. */
  readonly lost: MissingRun[] = [];
  /** Before the oldest known execution: the archive may begin later than the topic did. */
  readonly older: MissingRun[] = [];
  /** Holes that executions account for. */
  readonly told = new ToldHoles();
  #more = { empty: 0, short: 0, lost: 0, older: 0 };
  readonly #records: RunRecords;
  readonly #pins: PinnedOffsets;

  constructor(records: RunRecords, pins: PinnedOffsets) {
    this.#records = records;
    this.#pins = pins;
    for (const run of records.runs()) {
      const told = this.#toldOf(run);
      if (told !== undefined) this.told.take(run, told);
      const kind = kindOf(run, told);
      if (kind === undefined) continue;
      if (this[kind].length < NAMED) this[kind].push({ ...run, archived: told?.records });
      else this.#more[kind] += 1;
    }
  }

  /** All runs that have lost files, those that are not named too: without any, or with fewer records than they say. */
  *gone(): Generator<MissingRun> {
    for (const run of this.#records.runs()) {
      const told = this.#toldOf(run);
      const kind = kindOf(run, told);
      if (kind === 'empty' || kind === 'lost') yield { ...run, archived: told?.records };
    }
  }

  /** Those of which more is asked: what they gave up. */
  get unexplained(): RunOfPartition[] {
    return [...this.empty, ...this.short, ...this.told.bad];
  }

  /** Name of the execution that ended a run. */
  executionOf({ partition, run }: Pick<RunOfPartition, 'partition' | 'run'>): string | undefined {
    const { executions, reachedBy, execution } = this.#pins;
    const name = executions?.[reachedBy?.[partition]?.[run] ?? -1];
    return name ?? (run === (this.#pins.boundaries[partition]?.length ?? 0) - 1 ? lastOf(execution) : undefined);
  }

  /** `elsewhere`: where the records may be all the same. */
  remarks(elsewhere: string | undefined, givenUp: GivenUpByRun): string[] {
    const but = elsewhere === undefined ? '' : `; it may be in ${elsewhere}`;
    const { empty, short, lost } = this.#more;
    return [
      ...this.empty.map((run) => {
        const reason = givenUp.get(runKey(run));
        return `partition ${run.partition}: no file holds the ${this.#offsets(run)}${archivedText(run)}${reason === undefined ? '' : `; ${named(reason)}`}${but}`;
      }),
      ...(empty > 0 ? [`no file holds the offsets of ${empty} more runs of partitions`] : []),
      ...this.lost.map((run) => this.#lost(run) + but),
      ...(lost > 0 ? [`fewer records than were archived in ${lost} more runs of partitions`] : []),
      ...this.short.map((run) => this.#short(run, givenUp.get(runKey(run))) + but),
      ...(short > 0 ? [`fewer records than offsets in ${short} more runs of partitions`] : []),
      ...this.#olderRemark(),
      ...this.told.remarks(
        (run) => this.#offsets(run),
        (run) => {
          const reason = givenUp.get(runKey(run));
          return reason && named(reason);
        },
      ),
    ];
  }

  /** The runs that have lost files in a few words; undefined where there is none. */
  get incomplete(): string | undefined {
    const { empty, lost } = this.#more;
    const reasons = [
      ...this.empty.slice(0, 1).map((first) => {
        const more = this.empty.length - 1 + empty;
        const others = more > 0 ? `, nor of ${more} more runs of partitions` : '';
        return `no file holds the records of partition ${first.partition} at the ${this.#offsets(first)}${others}`;
      }),
      ...this.lost.slice(0, 1).map((first) => {
        const more = this.lost.length - 1 + lost;
        return `${this.#lost(first)}${more > 0 ? `; so are some of ${more} more runs of partitions` : ''}`;
      }),
    ];
    return reasons.length === 0 ? undefined : reasons.join('; ');
  }

  /** The same of what was before the oldest known execution. */
  get olderMissing(): string | undefined {
    const [first] = this.older;
    return first && `records of partition ${first.partition} at the ${offsetsOf(first)} are missing`;
  }

  #toldOf({ partition, run }: RunOfPartition): ToldRun | undefined {
    return this.#pins.told?.[partition]?.[run] ?? undefined;
  }

  #offsets(run: RunOfPartition): string {
    const execution = this.executionOf(run);
    return `${offsetsOf(run)}${execution === undefined ? '' : ` (execution ${execution})`}`;
  }

  #lost(run: MissingRun): string {
    const archived = BigInt(run.archived ?? 0);
    return `partition ${run.partition}: files hold ${run.records} of the ${archived} records that were archived at the ${this.#offsets(run)}, ${archived - run.records} are missing`;
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

/** What a run is short of; undefined where its files have all that it archived, or else all that it passed. */
function kindOf(run: RunOfPartition, told: ToldRun | undefined): 'empty' | 'short' | 'lost' | 'older' | undefined {
  if (run.files > 0 && !run.counted) return undefined;
  if (told !== undefined) {
    if (run.records >= BigInt(told.records)) return undefined;
    return run.files === 0 ? 'empty' : 'lost';
  }
  if (run.files > 0 && run.records >= run.to - run.from) return undefined;
  return run.run === 0 ? 'older' : run.files === 0 ? 'empty' : 'short';
}

function archivedText({ archived }: MissingRun): string {
  return archived === undefined ? '' : `, of which it archived ${archived} records`;
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
