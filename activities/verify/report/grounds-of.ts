import type { Differences } from '../compare/differences.ts';
import type { Finding } from '../steps.ts';
import type { TargetPlan } from '../verify-plan.ts';

/**
 * What speaks against a target, and what is worth knowing of it and speaks against nothing. `within`: records that are
 * taken for older than the topic, since they are the first of a bucket and the topic has not so many.
 */
export function groundsOf(
  { target, topic, comparison, trimmed }: TargetPlan,
  differences: Differences,
  narrowed: readonly Finding[],
  within: bigint,
): { findings: Finding[]; notes: string[] } {
  const { unreadable, moreUnreadable, disorder, moreDiffering, moreOrderOnly } = differences;
  const findings: Finding[] = [
    ...trimmed.map((one): Finding => ({ kind: 'trimmed', target, ...one })),
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
            message: `${moreDiffering} more buckets differ from ${topic} and were not looked at record by record: the report's cells name them`,
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
