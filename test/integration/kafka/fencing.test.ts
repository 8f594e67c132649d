// Proves that whoever opens a publisher is alone: an earlier one, wherever in its transaction it was paused, ends with
// 'fenced' when it goes on, and nothing that it wrote or still tries to write is ever read.
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { TransactionCoordinator } from '../../../connections/kafka/publish/transaction-coordinator.ts';
import { numbered, position, sentinel } from './numbered-records.ts';
import { connect, consume, newTopic, publisherOf, uniqueName } from './test-topic.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Stops the next call of a step of a transaction before or after it is done, until `resume` is called. */
function pause(
  step: 'addPartitions' | 'commitOffsets' | 'commit',
  when: 'before' | 'after',
): { paused: Promise<void>; resume: () => void } {
  let reached = (): void => undefined;
  let resume = (): void => undefined;
  const paused = new Promise<void>((resolve) => (reached = resolve));
  const resumed = new Promise<void>((resolve) => (resume = resolve));
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const original = TransactionCoordinator.prototype[step] as (...args: unknown[]) => Promise<void>;
  vi.spyOn(TransactionCoordinator.prototype, step).mockImplementationOnce(async function (
    this: TransactionCoordinator,
    ...args: unknown[]
  ) {
    if (when === 'after') await original.apply(this, args);
    reached();
    await resumed;
    if (when === 'before') await original.apply(this, args);
  });
  // A publisher that is closed waits for what it has in hand.
  onTestFinished(resume);
  return { paused, resume };
}

describe('a publisher that is taken over', () => {
  it.each([
    ['before it begins a transaction', 'addPartitions', 'before'],
    ['when it has begun, before it writes', 'addPartitions', 'after'],
    ['while it writes, before its position', 'commitOffsets', 'before'],
    ['when all is written, before it commits', 'commit', 'before'],
  ] as const)('%s ends as fenced, and nothing of it is read', async (_, step, when) => {
    const kafka = connect();
    const topic = await newTopic(kafka);
    const group = uniqueName('position');
    const first = await publisherOf(kafka, { transactionalId: topic });
    await first.commit({ batches: [numbered(topic, 0, 0, 100)], offsets: [position(group, topic, 100, 'first')] });
    const { paused, resume } = pause(step, when);
    const interrupted = first.commit({
      batches: [numbered(topic, 0, 100, 200)],
      offsets: [position(group, topic, 200, 'first')],
    });
    interrupted.catch(() => undefined);
    await paused;

    const second = await publisherOf(kafka, { transactionalId: topic });
    expect((await kafka.describeGroup(group, topic)).offsets).toEqual([
      { partition: 0, offset: 100n, metadata: 'first' },
    ]);
    await second.commit({ batches: [numbered(topic, 0, 100, 150)], offsets: [position(group, topic, 150, 'second')] });
    resume();
    const error: unknown = await interrupted.catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: 'ConnectionError', fault: 'fenced', retryable: false });
    await expect(first.commit({ batches: [numbered(topic, 0, 100, 200)], offsets: [] })).rejects.toBe(error);

    await second.commit({
      batches: [numbered(topic, 0, 150, 200), sentinel(topic)],
      offsets: [position(group, topic, 200, 'second')],
    });
    expect((await kafka.describeGroup(group, topic)).offsets).toEqual([
      { partition: 0, offset: 200n, metadata: 'second' },
    ]);
    const [messages] = await consume(topic);
    expect(messages!.map(({ key }) => key!.toString())).toEqual(
      Array.from({ length: 200 }, (_, ordinal) => `key ${ordinal}`),
    );
  });

  it('is not disturbed by a publisher of another transactional id', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka);
    const first = await publisherOf(kafka, { transactionalId: `${topic}-1` });
    const second = await publisherOf(kafka, { transactionalId: `${topic}-2` });
    for (let turn = 0; turn < 3; turn++)
      await Promise.all(
        [first, second].map((publisher) => publisher.commit({ batches: [numbered(topic, 0, 0, 10)], offsets: [] })),
      );
    expect((await kafka.describeTopic(topic))!.partitions[0]!.latest).toBe(66n);
  });
});

describe('a transaction that its publisher leaves open', () => {
  it('is aborted by the broker after its time-out, and the publisher ends as fenced', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka);
    const publisher = await publisherOf(kafka, { transactionalId: topic, transactionTimeoutMs: 500 });
    const { paused, resume } = pause('commit', 'before');
    const interrupted = publisher.commit({ batches: [numbered(topic, 0, 0, 10)], offsets: [] });
    interrupted.catch(() => undefined);
    await paused;
    expect(await kafka.lastCommittedRecords(topic)).toEqual([undefined]); // waits for the transaction's end
    resume();
    await expect(interrupted).rejects.toMatchObject({ fault: 'fenced' });
    const { latest } = (await kafka.describeTopic(topic))!.partitions[0]!;
    expect(await kafka.abortedRecords(topic, 0, 0n, latest)).toEqual({ count: 10n, ranges: [{ from: 0n, to: 10n }] });
  });

  it('is named by whoever waits for it in vain', async () => {
    const kafka = connect({ waitTimeoutMs: 300 });
    const topic = await newTopic(kafka);
    const group = uniqueName('position');
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    const { paused, resume } = pause('commit', 'before');
    const commit = publisher.commit({ batches: [numbered(topic, 0, 0, 10)], offsets: [position(group, topic, 10)] });
    await paused;
    await expect(kafka.lastCommittedRecords(topic)).rejects.toMatchObject({
      fault: 'unavailable',
      message: /open transaction at offset 0/,
      facts: { topic, partition: 0 },
    });
    await expect(kafka.describeGroup(group, topic)).rejects.toMatchObject({
      fault: 'unavailable',
      message: /UNSTABLE_OFFSET_COMMIT/,
    });
    resume();
    await commit;
    expect((await kafka.describeGroup(group, topic)).offsets[0]!.offset).toBe(10n);
  });
});
