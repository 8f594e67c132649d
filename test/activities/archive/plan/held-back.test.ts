// What an open transaction holds back is told whatever its producer has written.
import { expect, test } from 'vitest';
import { heldBackRemarks } from '../../../../activities/archive/plan/held-back.ts';
import type { PlannedPartition } from '../../../../activities/archive/plan/plan-file.ts';

const PARTITION: PlannedPartition = {
  ...{ kind: 'partition', topic: 't', partition: 3, leader: '1', missing: [] },
  ...{ start: '0', to: '10', stable: '10', latest: '14' },
};

test.each([
  ['a time', 1_764_374_400_000n, '2025-11-29T00:00:00.000Z'],
  ['nanoseconds', 1_764_374_400_000_000_000n, '1764374400000000000 ms since 1970'],
  ['no time', -1n, 'an unknown time'],
])('of a producer that writes %s', async (_, lastTimestamp, text) => {
  const open = { producerId: 7n, producerEpoch: 2, lastTimestamp, startOffset: 10n };
  const remarks = await heldBackRemarks({ openTransactions: async () => [open] }, [PARTITION]);
  expect(remarks).toEqual([
    expect.stringContaining(
      `t-3: 4 offsets are held back by a transaction that is open since offset 10, by producer 7`,
    ),
  ]);
  expect(remarks[0]).toContain(`whose last batch is of ${text};`);
});
