// Files of one run that hold more records than the run had offsets are told; honest archives are not.
import { describe, expect, it } from 'vitest';
import { DuplicateCheck } from '../../../../activities/replay/manifest/duplicate-check.ts';

type File = [partition: string, count: number, nextOffset: bigint];

function check(boundaries: Record<string, string[]>, files: File[]): string[] {
  const found = new DuplicateCheck(boundaries);
  for (const [partition, count, nextOffset] of files)
    found.add(partition, { topic: 't', partition: Number(partition), count, nextOffset, offsetsCountRecords: true });
  return found.remarks();
}

describe('a check for records that are there twice', () => {
  it('says nothing of runs whose files hold what their offsets span, or less', () => {
    const files: File[] = [
      ['0', 6, 6n],
      ['0', 4, 10n],
      ['0', 5, 15n],
      ['0', 4, 30n],
      ['1', 3, 3n],
    ];
    expect(check({ '0': ['10', '15', '30'], '1': ['3'] }, files)).toEqual([]);
  });

  it('names the partition, the records and the offsets of the run', () => {
    const files: File[] = [
      ['0', 10, 10n],
      ['0', 5, 15n],
      ['0', 4, 14n],
      ['1', 3, 3n],
    ];
    expect(check({ '0': ['10', '15'], '1': ['3'] }, files)).toEqual([
      'partition 0 has 9 records for the offsets 10 to 14',
    ]);
  });

  it('counts beyond 2^53', () => {
    const far = 9_007_199_254_740_993n;
    expect(check({ '7': [`${far - 2n}`, `${far}`] }, [['7', 3, far]])).toEqual([
      `partition 7 has 3 records for the offsets ${far - 2n} to ${far - 1n}`,
    ]);
  });

  it('leaves alone what it can not compare: other partitions, later files, and offsets of Kafka 0.7, which are bytes', () => {
    expect(
      check({ '0': ['10'] }, [
        ['1', 99, 5n],
        ['0', 99, 11n],
      ]),
    ).toEqual([]);
    const bytes = new DuplicateCheck({ '3-0': ['10'] });
    bytes.add('3-0', { topic: 't', partition: 0, count: 99, nextOffset: 5n, offsetsCountRecords: false });
    expect(bytes.remarks()).toEqual([]);
  });
});
