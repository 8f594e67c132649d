import type { RecordAction } from '../schema/resolver-action.ts';

/** What to do next with a record; `field` is a place in the reader's record, `source` one in the writer's. */
export type PlannedStep =
  | { kind: 'emit'; field: number; source: number }
  | { kind: 'default'; field: number }
  | { kind: 'skip'; source: number }
  /** Note where the field is, and skip it: it is emitted later. */
  | { kind: 'mark'; source: number; mark: number }
  | { kind: 'emit-marked'; field: number; source: number; mark: number };

export interface RecordPlan {
  steps: PlannedStep[];
  /** How many positions must be noted. */
  marks: number;
}

/**
 * The order of work for a record whose fields the reader wants in another order than they come in, without keeping
 * any value: a field that comes too early is skipped, and decoded where it lies once its turn has come.
 */
export function planRecord(action: RecordAction): RecordPlan {
  const wanted = new Set(action.sources);
  const marks = new Map<number, number>();
  const steps: PlannedStep[] = [];
  let next = 0;
  const pass = (until: number): void => {
    for (; next < until; next++)
      if (wanted.has(next)) {
        steps.push({ kind: 'mark', source: next, mark: marks.size });
        marks.set(next, marks.size);
      } else steps.push({ kind: 'skip', source: next });
  };
  for (const [field, source] of action.sources.entries()) {
    const mark = marks.get(source);
    if (source < 0) steps.push({ kind: 'default', field });
    else if (mark !== undefined) steps.push({ kind: 'emit-marked', field, source, mark });
    else {
      pass(source);
      steps.push({ kind: 'emit', field, source });
      next = source + 1;
    }
  }
  pass(action.writer.fields.length); // nothing of these is wanted: all that is wanted has been emitted
  return { steps, marks: marks.size };
}
