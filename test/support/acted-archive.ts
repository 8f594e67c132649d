import type { ArchiveJob } from '../../activities/archive/job/archive-job.ts';
import type { DecidedRun, PlannedRun, PulledRanges } from '../../activities/archive/steps.ts';

export const archiveJob = {
  ...{ id: 'job', topic: 'events', staging: '/staging', rate: {}, searchAttributes: [] },
  ...{ dest: '/dest', exec: '/exec', history: '/exec/history', limits: {}, ranges: { concurrency: 2 } },
  tuning: { heartbeatTimeoutMs: 60_000 },
} as unknown as ArchiveJob;

/** What the steps of an archive answer where a test stands in for them: one pull of nine records into one file. */
export const planned: PlannedRun = {
  ...{ execution: 'now', predecessor: undefined, topics: 1, partitions: 1, toRead: 1, pulls: 1, offsets: '9' },
  ...{ bytes: '9', problems: [], moreProblems: 0, nothingNew: false, remarks: [] },
};
export const pulled: PulledRanges = {
  pull: 0,
  ranges: 1,
  cut: 0,
  records: '9',
  bytes: '9',
  files: 1,
  left: {},
  seconds: 1,
};
export const decided: DecidedRun = {
  ...{ execution: 'now', files: 1, records: '9', bytes: '9', partitions: 1, offsetsLeft: '0', problems: [] },
  ...{ moreProblems: 0, left: {}, lag: undefined, remarks: [] },
};
