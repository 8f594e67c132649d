import { NIFI_DELIMITER } from '../../../formats/nifi/delimiter.ts';
import type { ReplayJob } from './replay-job.ts';

/** How lines of NiFi are read: as the job says, or as such flows write them. */
export function nifiLines({
  archive: { nifi },
}: Pick<ReplayJob, 'archive'>): NonNullable<ReplayJob['archive']['nifi']> {
  return nifi ?? { delimiter: NIFI_DELIMITER, empty: 'null' };
}
