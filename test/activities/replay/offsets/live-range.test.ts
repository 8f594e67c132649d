// Proves what is said of offsets that the live topic doesn't hold: what Kafka can't commit is refused whatever the job
// asks for, before anything is published; and the remedy fits the case.
import { beforeEach, describe, expect, it } from 'vitest';
import { compareWithLive } from '../../../../activities/replay/offsets/live-range.ts';
import type { PinnedOffsets } from '../../../../layouts/pinned-offsets.ts';
import { numbered } from '../../../integration/kafka/numbered-records.ts';
import { MemoryKafka } from '../../../support/kafka/memory-kafka.ts';
import { replayJob } from '../../../support/replay-job.ts';

let kafka: MemoryKafka;
beforeEach(() => {
  kafka = new MemoryKafka();
});

const pins = (...next: number[]): PinnedOffsets =>
  ({ next: Object.fromEntries(next.map((offset, partition) => [partition, String(offset)])), remarks: [] }) as never;

function job(offsets: object) {
  const base = replayJob();
  return { ...base, offsets: { ...base.offsets, group: 'billing', ...offsets } };
}

async function topic(...records: number[]): Promise<void> {
  await kafka.createTopic('events', { partitions: records.length, replicationFactor: 1, settings: {} });
  for (const [partition, count] of records.entries())
    if (count > 0) await kafka.partition('events', partition).append(numbered('events', partition, 0, count));
}

describe('without a source topic', () => {
  it.each(['fail', 'report'] as const)(
    'offsets can not be committed in Kafka, with outsideLiveRange %s',
    async (outsideLiveRange) => {
      const compared = compareWithLive(kafka, job({ kafka: true, outsideLiveRange }), pins(10, 20));
      await expect(compared).rejects.toMatchObject({
        code: 'source-topic-missing',
        message: expect.stringMatching(/events does not exist.*offsets.kafka to false/) as string,
      });
    },
  );

  it('they may be committed in ZooKeeper, if the job says so', async () => {
    await expect(compareWithLive(kafka, job({}), pins(10))).rejects.toMatchObject({
      code: 'source-topic-missing',
      message: expect.stringContaining('"report"') as string,
    });
    const { remarks } = await compareWithLive(kafka, job({ outsideLiveRange: 'report' }), pins(10));
    expect(remarks).toEqual(['the source topic events does not exist']);
  });

  it('nothing is an error where nothing is to be committed', async () => {
    const { remarks } = await compareWithLive(kafka, job({ kafka: true }), pins(10), { onlyReport: true });
    expect(remarks).toHaveLength(1);
  });
});

describe('with one', () => {
  it('a partition that it lacks can not be committed in Kafka either', async () => {
    await topic(30);
    const compared = compareWithLive(kafka, job({ kafka: true, outsideLiveRange: 'report' }), pins(10, 20));
    await expect(compared).rejects.toMatchObject({
      code: 'offsets-outside-live-range',
      message: expect.stringMatching(
        /partition 1 \(offset 20\) is not in the live topic.*offsets.kafka to false/,
      ) as string,
    });
  });

  it('that was re-created the remedy is that of the runbook', async () => {
    await topic(5, 30);
    await expect(compareWithLive(kafka, job({ kafka: true }), pins(10, 20))).rejects.toMatchObject({
      code: 'offsets-outside-live-range',
      message: expect.stringMatching(
        /was the topic re-created\?.*leave offsets.group out.*When the topic was re-created/,
      ) as string,
    });
    const { remarks } = await compareWithLive(kafka, job({ kafka: true, outsideLiveRange: 'report' }), pins(10, 20));
    expect(remarks).toHaveLength(1);
  });

  it('that has lost records the gap may be reported', async () => {
    await topic(30);
    kafka.partition('events', 0).trim(15n);
    await expect(compareWithLive(kafka, job({ kafka: true }), pins(10))).rejects.toMatchObject({
      message: expect.stringMatching(
        /offsets 10 to 14 are neither.*Set offsets.outsideLiveRange to "report"/,
      ) as string,
    });
  });

  it('a partition with records of which the history knows nothing is told, and one without records is not', async () => {
    await topic(30, 5, 0);
    await expect(compareWithLive(kafka, job({}), pins(10))).rejects.toMatchObject({
      code: 'offsets-outside-live-range',
      message: expect.stringContaining(
        'partition 1 of the live topic has records and no offset in the history',
      ) as string,
    });
    const { remarks } = await compareWithLive(kafka, job({ outsideLiveRange: 'report' }), pins(10));
    expect(remarks).toEqual(['partition 1 of the live topic has records and no offset in the history']);
  });
});
