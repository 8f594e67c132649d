// A job that ends says what is out by its position, and nothing else; and what it has passed over by one policy it doesn't
// take for whole by another.
import { describe, expect, it, vi } from 'vitest';
import type { DescribeGroupOptions } from '../../../../connections/kafka/admin/admin-port.ts';
import type { JobError } from '../../../../activities/step/job-error.ts';
import { archive, BEGIN, HOUR, HOURS, INPUT, lines, nameOf, open, PARTITIONS, RECORDS, upTo } from './hourly-lines.ts';

vi.mock('../../../../activities/replay/publish/pacer.ts', () => import('../../../support/unpaced.ts'));

describe('a job whose files are damaged without a record that is missing', () => {
  const SKIP = { policy: 'skip', limitPercent: 50, limits: {} } as const;
  /** One line more than the name counts. */
  const name = nameOf(1, 2);
  const files = archive({ [name]: Buffer.concat([lines(1, 2), Buffer.from(`{"timestamp":${BEGIN + HOUR + 1}}\n`)]) });

  it.each(['auto', 'whole'] as const)(
    'is not gone on with by the policy "fail", once that was passed over: %s',
    async (sort) => {
      const replay = await open(sort, { files, input: { badData: SKIP } });
      while ((await replay.published()).length < 3 * PARTITIONS * RECORDS)
        await replay.publish({ records: 50 }, upTo(replay, 1));
      const goOn = async (): Promise<void> => {
        await replay.takeUp({ badData: { ...SKIP, policy: 'fail' } });
        await replay.publishAll(50);
      };
      await expect(goOn()).rejects.toMatchObject({ code: 'skip-limit', facts: { field: 'policy', skipped: 0 } });
      await replay.takeUp({ badData: SKIP });
      await replay.publishAll(50);
      expect(await replay.published()).toHaveLength(HOURS * PARTITIONS * RECORDS + 1);
    },
  );
});

describe('what ends a job', () => {
  const text = lines(1, 2).toString().split('\n');
  const bad = archive({ [nameOf(1, 2)]: Buffer.from(text.map((line) => line.slice(0, 5)).join('\n')) });
  const badData = { policy: 'skip', limitPercent: 1 } as const;

  it('says that nothing was published where that is so, though windows were looked at and had records', async () => {
    const from = new Date(BEGIN + HOUR).toISOString();
    const input = { badData, from, archive: { ...INPUT.archive, readAllFiles: true } };
    const replay = await open('auto', { files: bad, input });
    const refusal = await replay.publishAll(50).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'skip-limit' });
    expect((refusal as JobError).message).toContain('Nothing was published.');
    expect(await replay.published()).toEqual([]);
  });

  it('says what is out also of one that is sorted as a whole, and was taken up half published', async () => {
    const replay = await open('whole', { files: bad, input: { badData: { ...badData, limitPercent: 50 } } });
    await replay.publish({ records: 50 }, upTo(replay, 2));
    const { length } = await replay.published();
    expect(length).toBeGreaterThan(0);
    const refusal = await replay.takeUp({ badData: { ...badData, limits: {} } }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'skip-limit' });
    expect((refusal as JobError).message).toContain(`${length} records that come before it are published in events_`);
  });

  it('says what is out also where bad data ends what goes on as a whole', async () => {
    const replay = await open('auto', { files: archive({ [nameOf(3, 2)]: Buffer.from('no line of ours') }) });
    await replay.publish({ records: 50 }, upTo(replay, 2));
    const { length } = await replay.published();
    expect(length).toBeGreaterThan(0);
    await expect(replay.goOnAsWhole()).rejects.toThrow(
      `${length} records that come before it are published in events_`,
    );
  });

  it('says so also of what was committed just now, where the group does not tell of that yet', async () => {
    const replay = await open('auto', { files: archive({ [nameOf(3, 2)]: Buffer.from('no line of ours') }) });
    await replay.publish({ records: 50 }, upTo(replay, 2));
    const { length } = await replay.published();
    const { kafka } = replay;
    const tell = kafka.describeGroup.bind(kafka);
    vi.spyOn(kafka, 'describeGroup').mockImplementation(
      async (group: string, topic: string, options?: DescribeGroupOptions) =>
        options?.pending === 'ignore' ? { group, members: 0, offsets: [] } : tell(group, topic),
    );
    await expect(replay.goOnAsWhole()).rejects.toThrow(
      `${length} records that come before it are published in events_`,
    );
  });
});
