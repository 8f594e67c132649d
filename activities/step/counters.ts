/** Something that is counted over all attempts of a worker. */
export interface Counter {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
}

/** A table of counters by name: each workflow has one of its own (`activities/WORKFLOW/counters.ts`). */
export function counters<Name extends string>(
  table: Record<Name, { unit: string; description: string }>,
): Readonly<Record<Name, Counter>> {
  const named = Object.entries<{ unit: string; description: string }>(table).map(([name, facts]) => [
    name,
    { name, ...facts },
  ]);
  return Object.fromEntries(named) as Record<Name, Counter>;
}

/** Of any step. */
export const STEP_COUNTERS = counters({
  rewind_step_retries: { unit: 'attempts', description: 'Attempts of steps beyond the first' },
  rewind_step_failures: { unit: 'attempts', description: 'Attempts of steps that failed, by type of the error' },
});
