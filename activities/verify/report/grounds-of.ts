import type { Differences } from '../compare/differences.ts';
import type { Finding } from '../steps.ts';
import type { TargetPlan } from '../verify-plan.ts';

/** Records of the archive that the topic has no more, and that speak against nothing. */
export interface Unfound {
  /** Taken for older than the topic, since they are the first of a bucket and the topic has not so many. */
  within: bigint;
  /** Not in the topic any more, since it is compacted. */
  compacted: bigint;
}

/** What speaks against a target, and what is worth knowing of it and speaks against nothing. */
export function groundsOf(
  { target, topic, comparison, trimmed, lost, compacted: isCompacted }: TargetPlan,
  differences: Differences,
  narrowed: readonly Finding[],
  { within, compacted }: Unfound,
): { findings: Finding[]; notes: string[] } {
  const { unreadable, moreUnreadable, disorder, moreDiffering, moreOrderOnly } = differences;
  const findings: Finding[] = [
    ...trimmed.map((one): Finding => ({ kind: 'trimmed', target, ...one })),
    ...lost.map((one): Finding => ({ kind: 'missing', target, ...one })),
    ...narrowed,
    ...unreadable.map(({ file, message, records }): Finding => ({
      kind: 'unreadable',
      target,
      message: `${file}: ${message}`,
      file,
      records,
    })),
    ...(moreUnreadable > 0
      ? [{ kind: 'unreadable' as const, target, message: `${moreUnreadable} more places of the archive can't be read` }]
      : []),
    ...disorder.map(({ message, file, ordinal }): Finding => ({
      kind: 'order',
      target,
      message: file === undefined ? message : `${file}: ${message}`,
      file,
      ordinal,
    })),
    ...(moreDiffering > 0
      ? [
          {
            kind: 'differs' as const,
            target,
            message: `${moreDiffering} more buckets differ from ${topic} and were not looked at record by record: the report's cells name them${isCompacted ? `. ${topic} is compacted: records that it has no more may be all of it` : ''}`,
          },
        ]
      : []),
  ];
  const notes: string[] = [];
  const older = BigInt(differences.uncompared) + within;
  if (older > 0n)
    notes.push(
      `${older} records of the archive are older than what ${topic} has: nothing there to compare them with` +
        (within === 0n
          ? ''
          : `; of the ${older} are ${within} so by their place alone, the first ones of their buckets in files that don't tell offsets`),
    );
  if (compacted > 0n)
    notes.push(
      `${compacted} records of the archive are no more in ${topic}, which is compacted: nothing there to compare them with`,
    );
  if (comparison.content === 'none')
    notes.push(`records were counted against ${topic}, and their content was not compared (verify.value)`);
  if (!comparison.partitioned)
    notes.push(`names of files don't tell partitions: the archive was compared with ${topic} as a whole`);
  if (differences.tombstones > 0)
    notes.push(
      `${topic} has ${differences.tombstones} records without a value, which such an archive has no place for`,
    );
  if (differences.undecodable > 0)
    notes.push(
      `${topic} has ${differences.undecodable} values that can't be decoded, and were not looked for in the archive: ${differences.firstUndecodable ?? ''}`,
    );
  if (moreOrderOnly > 0) notes.push(`in ${moreOrderOnly} buckets the order of records was not looked at`);
  return { findings, notes };
}
