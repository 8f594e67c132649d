import type { JobErrorCode } from '../activities/step/job-error.ts';

/**
 * What helps after a failure: to `repair` something outside and take the same job up; to correct the `job`, where one that
 * is taken up must be as it was; `either`; to `change` what a job that is taken up may say otherwise; a `file`, which a job
 * takes only as it was listed, or `data` that the job reads wrongly, and to leave out what can't be read of either; a
 * record `outside` of its window; records that may be right as they are, if they are to be `reported`; a job that has the
 * topic `already`, or that is taken up with an input `unlike` its own; or nothing but to begin `anew`.
 */
type Cure =
  'repair' | 'job' | 'either' | 'change' | 'file' | 'data' | 'outside' | 'reported' | 'already' | 'unlike' | 'anew';

/** Complete: who adds an error says here what helps. */
const JOB_CURES: Record<JobErrorCode, Cure> = {
  'input-invalid': 'job',
  'connection-unknown': 'either',
  'function-unknown': 'either',
  'server-unreachable': 'repair',
  'schema-unusable': 'either',
  'no-input-files': 'either',
  'history-missing': 'either',
  'history-unusable': 'either',
  'offsets-missing': 'either',
  'offsets-outside-live-range': 'job',
  'offsets-group-exists': 'either',
  'offsets-group-active': 'repair',
  'source-topic-missing': 'either',
  'groups-unknown': 'either',
  'earlier-life': 'job',
  duplicates: 'either',
  'records-missing': 'either',
  'records-differ': 'reported',
  'topics-share-folder': 'job',
  'file-unusable': 'job',
  'record-timeout': 'job',
  'skip-limit': 'change',
  'time-units-differ': 'job',
  'times-astray': 'reported',
  'record-too-large': 'repair',
  'windows-unusable': 'job',
  'outside-window': 'outside',
  'window-too-large': 'change',
  'replay-topic-foreign': 'either',
  'replay-topic-settings': 'either',
  'replay-topic-partitions': 'either',
  'replay-topic-changed': 'anew',
  'replay-topic-claimed': 'already',
  'position-lost': 'anew',
  'position-foreign': 'anew',
  'staging-lost': 'anew',
  'staging-in-use': 'repair',
  'staging-unusable': 'repair',
  'take-up-unknown': 'unlike',
  'take-up-running': 'repair',
  'take-up-differs': 'unlike',
  'archive-running': 'anew',
  'archive-overtaken': 'anew',
  'archive-leftovers': 'anew',
  'archive-target-exists': 'anew',
  'archive-file-lost': 'anew',
  'archive-file-damaged': 'anew',
  'ranges-unplannable': 'job',
  'ranges-unfinished': 'job',
  'function-failed': 'job',
  'offsets-moved': 'job',
  'history-rewound': 'anew',
  'audit-unknown': 'anew',
};

const OTHER_CURES: Record<string, Cure> = {
  'rewind.format.truncated': 'file',
  'rewind.format.corrupt': 'file',
  'rewind.format.unsupported': 'data',
  'rewind.format.limit': 'data',
  'rewind.format.schema': 'data',
  'rewind.format.time': 'data',
  'rewind.format.function': 'data',
  'rewind.connection.changed': 'anew',
};

/** The second line of an error: what helps after a failure of this type, of the replay that has this id. */
export function remedyOf(type: string | undefined, workflowId: string): string {
  if (type === 'rewind.job.input-invalid')
    return 'Correct the job and start it anew; docs/job.md describes every field.';
  return `This is ${type ?? 'an error without a type'} (docs/errors.md). ${sentence(cureOf(type), workflowId)}`;
}

function cureOf(type = ''): Cure {
  const [, code] = /^rewind\.job\.(.*)$/.exec(type) ?? [];
  return (code === undefined ? OTHER_CURES[type] : (JOB_CURES as Record<string, Cure | undefined>)[code]) ?? 'repair';
}

function skipping(id: string): string {
  return `To leave out what can't be read: set badData.policy to "skip" in the job, and rewind resume ${id} --job JOB.json goes on where it stopped.`;
}

function sentence(cure: Cure, id: string): string {
  switch (cure) {
    case 'repair':
      return `Once its cause is repaired, rewind resume ${id} takes the job up.`;
    case 'job':
      return 'Correct the job and start it anew; taken up as it is, it would fail again.';
    case 'either':
      return `Correct the job and start it anew; or, where the job is right and what it names was repaired, rewind resume ${id} takes it up.`;
    case 'change':
      return `Set in the job what the error names, or repair its cause: rewind resume ${id} --job JOB.json takes it up where it stopped.`;
    case 'file':
      return `A file that reads again unchanged (a lost block that came back): rewind resume ${id} takes the job up. One that was written again: start the job anew. ${skipping(id)}`;
    case 'data':
      return `Correct the job, or write the file again, and start the job anew; taken up as it is, it would fail again. ${skipping(id)}`;
    case 'outside':
      return `Where it belongs behind what is published: set sort to "auto" in the job, and rewind resume ${id} --job JOB.json goes on. Where it belongs before: set sort to "whole", and start the job anew, into another replay topic or when this one and its group are deleted.`;
    case 'reported':
      return `If they are right as they are: set the field of archive that the error names to "report" in the job, and rewind resume ${id} --job JOB.json goes on where it stopped. If not, correct the job and start it anew; taken up as it is, it would fail again.`;
    case 'already':
      return 'Where the job that it names has ended, that one goes on (takeUp in docs/job.md); else start the job anew, into another replay topic.';
    case 'unlike':
      return `Correct the job, and rewind resume ${id} --job JOB.json takes it up; or start it anew, with the same takeUp.`;
    case 'anew':
      return 'Start the job anew, into another replay topic where it has published; taken up, it would fail again.';
  }
}
