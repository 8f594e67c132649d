/**
 * A decision of Rewind that the job can't go on as it is asked: always final, always with a remedy. `code` is stable
 * and listed in docs/errors.md.
 */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly code: JobErrorCode;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: JobErrorCode, message: string, facts: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.facts = facts;
  }
}

export const JOB_ERROR_CODES = [
  'input-invalid',
  'connection-unknown',
  'function-unknown',
  'server-unreachable',
  'schema-unusable',
  'no-input-files',
  'history-missing',
  'history-unusable',
  'offsets-missing',
  'offsets-outside-live-range',
  'offsets-group-exists',
  'offsets-group-active',
  'source-topic-missing',
  'groups-unknown',
  'earlier-life',
  'duplicates',
  'records-missing',
  'records-differ',
  'topics-share-folder',
  'file-unusable',
  'record-timeout',
  'skip-limit',
  'time-units-differ',
  'times-astray',
  'record-too-large',
  'windows-unusable',
  'outside-window',
  'window-too-large',
  'replay-topic-foreign',
  'replay-topic-settings',
  'replay-topic-partitions',
  'replay-topic-changed',
  'replay-topic-claimed',
  'position-lost',
  'position-foreign',
  'staging-lost',
  'staging-in-use',
  'staging-unusable',
  'take-up-unknown',
  'take-up-running',
  'take-up-differs',
  'archive-running',
  'archive-overtaken',
  'archive-leftovers',
  'archive-target-exists',
  'archive-file-lost',
  'archive-file-damaged',
  'ranges-unplannable',
  'ranges-unfinished',
  'function-failed',
  'offsets-moved',
  'history-rewound',
  'audit-unknown',
] as const;

export type JobErrorCode = (typeof JOB_ERROR_CODES)[number];
