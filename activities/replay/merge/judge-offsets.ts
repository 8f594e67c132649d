import { boundedRemarks } from '../../step/bounded-remarks.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { Census, PartitionOffsets } from './offset-census.ts';

/**
 * What the offsets of an archive are worth a look for: records that are there more than once, of which the first counts,
 * and offsets that none of them has.
 *
 * @throws JobError 'records-differ' where such a record holds something else than the first, unless the job takes that
 * @throws JobError 'records-missing' where the job asks for an archive without gaps
 */
export function judgeOffsets({ archive, from, to, functions }: ReplayJob, { partitions }: Census): string[] {
  const conflicting = partitions.filter(({ conflicts }) => conflicts > 0);
  const conflicts = conflicting.map(conflictRemark);
  if (conflicts.length > 0 && (archive.conflicts ?? conflictsOf(archive.format)) === 'fail')
    throw new JobError(
      'records-differ',
      `Records of ${conflicts.length} partitions stand in the archive with an offset that another one has, and hold other things: ${boundedRemarks(conflicts).join('; ')}. Nothing was published. Name the files of one life of the topic in archive.input; or set archive.conflicts to "report" to publish the record whose file comes first.`,
      { partitions: conflicts.length },
    );
  const repeated = partitions.filter(({ repeats }) => repeats > 0);
  // Records that the job leaves out leave gaps that say nothing.
  const all = from === undefined && to === undefined && functions.filter === undefined;
  const gapped = all ? partitions.filter(({ gaps }) => gaps > 0) : [];
  const gaps = gapped.map(gapRemark);
  if (gaps.length > 0 && archive.gaps === 'fail')
    throw new JobError(
      'records-missing',
      `Offsets are missing in ${gaps.length} partitions of the archive, and archive.gaps is "fail": ${boundedRemarks(gaps).join('; ')}. Nothing was published. Bring the files back; or, where these are markers of transactions or what compaction has removed, set archive.gaps to "report".`,
      { partitions: gaps.length },
    );
  return [...repeatRemark(repeated), ...boundedRemarks(conflicts), ...boundedRemarks(gaps)];
}

/** Flows of NiFi write messages again after a failure, and nothing of them says which write was the last. */
const conflictsOf = (format: ReplayJob['archive']['format']): 'fail' | 'report' =>
  format === 'nifi' ? 'report' : 'fail';

/** The records of a partition that are not what the first of their offset is, the first ones by name. */
function conflictRemark({ partition, conflicts, conflicting }: PartitionOffsets): string {
  const named = conflicting.map(({ offset, file, other }) => `offset ${offset} in ${file} and ${other}`);
  const more = conflicts > conflicting.length ? ` and ${conflicts - conflicting.length} more` : '';
  return `partition ${partition}: other records with the same offset: ${named.join(', ')}${more}: of a topic that was made anew, that lost a leader, or of two clusters`;
}

/** The gaps of a partition, the first ones by name. */
export function gapRemark({ partition, gaps, missing, listed }: PartitionOffsets): string {
  const named = listed.map(({ from, to }) => (from === to ? from : `${from} to ${to}`));
  const more = gaps > listed.length ? ` and ${gaps - listed.length} more gaps` : '';
  return `partition ${partition}: no record has the offsets ${named.join(', ')}${more} (${missing} in all): markers of transactions and compaction leave such, and so do lost files`;
}

function repeatRemark(repeated: readonly PartitionOffsets[]): string[] {
  if (repeated.length === 0) return [];
  const sum = repeated.reduce((all, { repeats }) => all + repeats, 0);
  const named = repeated.slice(0, 10).map(({ partition, repeats }) => `${repeats} of partition ${partition}`);
  const more = repeated.length > 10 ? ` and of ${repeated.length - 10} more partitions` : '';
  return [
    `${sum} records stand in the archive again, with a partition and an offset that another one has, and were left out: ${named.join(', ')}${more}`,
  ];
}
