import type { ReplayJob } from './replay-job.ts';

/**
 * What becomes of each field of a job that is taken up by name.
 * - `same`: what is listed, sorted or published depends on it. Another value than the job was begun with is refused.
 * - `begun`: it is as the job was begun, whatever the input or the worker says now: how it works, not what it does.
 * - `now`: what the input and the worker say now counts.
 * - `looser`: as it is now, if the job was begun with `fail`: nothing that is out by then holds what a job with `fail` ends
 *   for, so it is the beginning of what the looser job publishes. Any other value than `fail` must stay.
 *
 * An object tells it of its own fields. The compiler asks for a field that is new.
 */
type Rule = 'same' | 'begun' | 'now' | 'looser';
type Rules<T> = { readonly [K in keyof T]-?: Rule | (T[K] extends object ? Rules<T[K]> : never) };

const RULES: Rules<ReplayJob> = {
  id: 'begun',
  topic: 'same',
  // The rest of it is for a topic that is created.
  replayTopic: {
    name: 'same',
    replicationFactor: 'now',
    maxMessageBytes: 'now',
    unsafeSettings: 'now',
    allowSource: 'now',
  },
  // Both come from `archive`, which is compared; how, may differ between releases.
  input: 'begun',
  history: 'begun',
  // Whether times that stray are an error is judged anew by each step; what is published does not depend on it.
  archive: {
    layout: 'same',
    dest: 'same',
    topicsDir: 'same',
    subDir: 'same',
    exec: 'same',
    history: 'same',
    input: 'same',
    format: 'same',
    nifi: 'same',
    timeZone: 'same',
    readAllFiles: 'same',
    bucketMinutes: 'same',
    strayTimes: 'now',
    earlierLife: 'same',
    duplicates: 'same',
    overlaps: 'same',
    missing: 'same',
    sharedFolder: 'same',
    gaps: 'now',
    conflicts: 'now',
  },
  from: 'same',
  to: 'same',
  scheduledAt: 'begun',
  begunAt: 'begun',
  time: 'same',
  order: 'same',
  // How the sequence is made, not what it is. The manifest says which, and this what to do where windows end.
  sort: 'now',
  output: 'same',
  // The newest schema may be another by now: the job goes on with the one that it has begun with.
  frameId: 'begun',
  functions: 'same',
  functionsHash: 'same',
  // A job that failed at the commit may be told to do something else there.
  offsets: {
    layout: 'same',
    group: 'now',
    zookeeper: 'now',
    kafka: 'now',
    existing: 'now',
    outsideLiveRange: 'now',
    evenIfPartial: 'now',
  },
  // They are pinned when the job begins.
  groups: 'same',
  badData: { policy: 'looser', limitPercent: 'now', limits: 'now' },
  rate: 'now',
  offsetsOnly: 'same',
  staging: 'begun',
  // Where the records are, and the replay topic with its position.
  connections: { hdfs: 'same', kafka: 'same', zookeeper: 'now', registry: 'now' },
  searchAttributes: 'now',
  tuning: {
    heartbeatTimeoutMs: 'begun',
    decodeConcurrency: 'begun',
    sliceMs: 'begun',
    splitBytes: 'begun',
    mergeFanIn: 'begun',
    // Where workers wait now.
    decodeTaskQueue: 'now',
    publishTaskQueue: 'now',
  },
};

/** The job that goes on: as it was begun, but for what the input and the worker of now decide. */
export function goingOn(begun: ReplayJob, now: ReplayJob): ReplayJob {
  return merged(RULES, begun, now) as ReplayJob;
}

/** A line for each field that must be the same and isn't: `archive.input was "/a" and is "/b"`. */
export function differences(begun: ReplayJob, now: ReplayJob): string[] {
  return differing(RULES, begun, now, []);
}

function merged(rules: Rule | Rules<unknown>, begun: unknown, now: unknown): unknown {
  if (rules === 'now' || rules === 'looser') return now;
  if (typeof rules === 'string') return begun;
  return Object.fromEntries(fieldsOf(rules, begun, now).map(([field, rule, b, n]) => [field, merged(rule, b, n)]));
}

function differing(rules: Rule | Rules<unknown>, begun: unknown, now: unknown, path: string[]): string[] {
  if (rules === 'same' || (rules === 'looser' && begun !== 'fail')) return sameOrNot(begun, now, path);
  if (typeof rules === 'string') return [];
  return fieldsOf(rules, begun, now).flatMap(([field, rule, b, n]) => differing(rule, b, n, [...path, field]));
}

/** Fields that no rule names are of `same` objects, where each counts. */
function sameOrNot(begun: unknown, now: unknown, path: string[]): string[] {
  if (isObject(begun) && isObject(now))
    return [...new Set([...Object.keys(begun), ...Object.keys(now)])].flatMap((field) =>
      sameOrNot(begun[field], now[field], [...path, field]),
    );
  const text = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
  return text(begun) === text(now) ? [] : [`${path.join('.')} was ${text(begun)} and is ${text(now)}`];
}

function fieldsOf(
  rules: Rules<unknown>,
  begun: unknown,
  now: unknown,
): [field: string, rule: Rule | Rules<unknown>, begun: unknown, now: unknown][] {
  const [b, n] = [isObject(begun) ? begun : {}, isObject(now) ? now : {}];
  return Object.entries(rules as Record<string, Rule | Rules<unknown>>).map(([field, rule]) => [
    field,
    rule,
    b[field],
    n[field],
  ]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
