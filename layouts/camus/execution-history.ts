import { entryName, type ArchiveTree } from '../archive-tree.ts';

/** The newest execution of a history directory. */
export interface NewestExecution {
  /** `yyyy-MM-dd-HH-mm-ss` in UTC, the time at which the job began. */
  name: string;
  /** The same in milliseconds since 1970 UTC. */
  startedAt: number;
  /** Entries that are no executions, sorted. */
  ignored: string[];
}

const NAME = /^(\d{4})-(\d{2})-(\d{2})-(\d{2})-(\d{2})-(\d{2})$/;

/**
 * The newest execution in a history directory, and the entries that are none. Camus itself takes the last name whatever
 * it is, and then finds no offsets in it. Undefined where no entry is an execution.
 *
 * @param names - of the entries of the history directory, in any order
 */
export function newestExecution(names: Iterable<string>): NewestExecution | undefined {
  let newest: Omit<NewestExecution, 'ignored'> | undefined;
  const ignored: string[] = [];
  for (const name of names) {
    const startedAt = executionStart(name);
    if (startedAt === undefined) ignored.push(name);
    else if (newest === undefined || startedAt > newest.startedAt) newest = { name, startedAt };
  }
  return newest && { ...newest, ignored: ignored.sort() };
}

/** When the execution of this name began, in milliseconds since 1970 UTC; undefined for what is not such a time. */
export function executionStart(name: string): number | undefined {
  const digits = NAME.exec(name)?.slice(1);
  if (digits === undefined) return undefined;
  const [year, month, day, hour, minute, second] = digits;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const startedAt = Date.parse(iso);
  // The parser of dates takes 30 February for 2 March, and hour 24 for the next day.
  return !Number.isNaN(startedAt) && new Date(startedAt).toISOString() === iso ? startedAt : undefined;
}

/** Name of the newest execution that is in the history now. */
export async function newestEntry(
  tree: ArchiveTree,
  history: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const names: string[] = [];
  for await (const entry of tree.list(history, signal))
    if (entry.kind === 'directory') names.push(entryName(entry.path));
  return newestExecution(names)?.name;
}
