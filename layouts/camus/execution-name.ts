import { executionStart } from './execution-history.ts';

const SECOND = 1000;

/** The name of an execution that began at a time: `yyyy-MM-dd-HH-mm-ss` in UTC. */
export function executionName(startedAt: number): string {
  return new Date(startedAt).toISOString().slice(0, 19).replace(/[T:]/g, '-');
}

/**
 * A name for a new execution that sorts behind every entry of the history, whatever the clock says: Camus and
 * Camus2Kafka go on from the lexically last one.
 * @param entries names in the history directory, in any order
 * @param now milliseconds since 1970
 * @throws RangeError naming an entry behind which no execution can sort: it has to be moved away first
 */
export function nextExecutionName(entries: Iterable<string>, now: number): string {
  let last: string | undefined;
  for (const entry of entries) if (last === undefined || entry > last) last = entry;
  const name = executionName(now);
  if (last === undefined || name > last) return name;
  const newest = executionStart(last);
  if (newest !== undefined) {
    const next = executionName(newest + SECOND);
    if (executionStart(next) !== undefined) return next;
  }
  throw new RangeError(
    `the history holds ${JSON.stringify(last)}, which sorts behind every name of an execution: expected names like ${name}; move it out of the history`,
  );
}
