import { LAYOUT_NAMES } from '../../../layouts/layout-of.ts';
import { nifiLines } from './nifi-lines.ts';
import type { ReplayJob } from './replay-job.ts';

/**
 * Whether the sequence of published records depends on a field of a job: complete, so that the compiler asks whoever
 * adds one. What is marked is taken up only with the same value.
 */
export const SHAPES_SEQUENCE = {
  id: false,
  topic: true,
  replayTopic: false,
  input: false,
  history: false,
  archive: true,
  from: true,
  to: true,
  scheduledAt: false,
  begunAt: false,
  time: true,
  order: true,
  sort: false,
  output: true,
  frameId: true,
  functions: true,
  functionsHash: true,
  offsets: false,
  groups: false,
  badData: true,
  rate: false,
  offsetsOnly: false,
  staging: false,
  connections: false,
  searchAttributes: false,
  tuning: false,
} satisfies Record<keyof ReplayJob, boolean>;

type SequenceField = {
  [Field in keyof ReplayJob]-?: (typeof SHAPES_SEQUENCE)[Field] extends true ? Field : never;
}[keyof ReplayJob];

/** Whatever the sequence of published records depends on, beside the files themselves. */
export function sequenceSettings(job: Pick<ReplayJob, SequenceField>): Record<string, unknown> {
  const { topic, archive, from, to, time, order, output, frameId, functions, functionsHash, badData } = job;
  // Jobs that began before there were others have no layout.
  const layout = archive.layout === LAYOUT_NAMES[0] ? undefined : archive.layout;
  const nifi = archive.format === 'nifi' ? { nifi: nifiLines({ archive }) } : {};
  const own = functionsHash === undefined ? {} : { functions, functionsHash };
  return {
    topic,
    layout,
    format: archive.format,
    from,
    to,
    time,
    order,
    output,
    frameId,
    ...nifi,
    ...own,
    badData: badData.policy,
  };
}
