import { LAYOUT_NAMES } from '../../../layouts/layout-of.ts';
import type { ReplayJob } from './replay-job.ts';

/** Whatever the sequence of published records depends on, beside the files themselves. */
export function sequenceSettings(job: ReplayJob): Record<string, unknown> {
  const { topic, archive, from, to, time, order, output, functions, functionsHash, badData } = job;
  // Jobs that began before there were others have no layout.
  const layout = archive.layout === LAYOUT_NAMES[0] ? undefined : archive.layout;
  const own = functionsHash === undefined ? {} : { functions, functionsHash };
  return { topic, layout, format: archive.format, from, to, time, order, output, ...own, badData: badData.policy };
}
