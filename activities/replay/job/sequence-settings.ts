import type { ReplayJob } from './replay-job.ts';

/** Whatever the sequence of published records depends on, beside the files themselves. */
export function sequenceSettings(job: ReplayJob): Record<string, unknown> {
  const { topic, archive, from, to, time, order, output, functions, functionsHash, badData } = job;
  const own = functionsHash === undefined ? {} : { functions, functionsHash };
  return { topic, format: archive.format, from, to, time, order, output, ...own, badData: badData.policy };
}
