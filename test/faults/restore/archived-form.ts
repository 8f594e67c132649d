import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import type { RoundValues } from '../archive/round-values.ts';
import type { WholeRecord } from './read-whole.ts';
import type { ExpectedRecord } from './restore-source.ts';

/** In which form topics are archived, and how they come back. */
export interface ArchivedForm {
  values: RoundValues;
  /** What the job says beside the topic, and where its archive is. */
  job: Pick<ReplayInput, 'time' | 'output'> & { archive: Pick<NonNullable<ReplayInput['archive']>, 'format'> };
  /** What must come of the records of one partition, in the order in which they must stand there. */
  expected: (records: WholeRecord[]) => ExpectedRecord[];
  /** Whether the archive tells the offset of each record. */
  keepsOffsets: boolean;
}
