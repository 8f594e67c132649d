// Proves exactly-once across the death of the process: a publisher that is killed (SIGKILL, no handler runs) at any
// moment leaves records and position that agree; what it left open is aborted by the next one, is invisible to
// read_committed, and is counted and located for those who read uncommitted.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { ORDINAL_HEADER } from '../../../connections/kafka/batch/record-batch.ts';
import { numbered, position, sentinel } from './numbered-records.ts';
import { connect, consume, newTopic, publisherOf, uniqueName } from './test-topic.ts';

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

interface Job {
  topic: string;
  group: string;
  end: number;
  step: number;
  hangAt?: number;
}

function startChild({ topic, group, end, step, hangAt }: Job): ChildProcess {
  const child = fork(
    path('publishing-child.ts'),
    [inject('stack').kafka.join(), topic, group, `${end}`, `${step}`, ...(hangAt === undefined ? [] : [`${hangAt}`])],
    { execArgv: ['--import', path('typescript-hooks.mjs')], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Waits for a message of the child that has this field. */
function told(child: ChildProcess, field: 'began' | 'committed' | 'hanging'): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: Record<string, number>) => {
      if (message[field] !== undefined) resolve(message[field]);
    });
    child.once('exit', (code) => reject(new Error(`the child ended with ${code} and without ${field}`)));
  });
}

describe('a publisher that is killed', () => {
  it('in mid transaction leaves records that the next one aborts, nobody reads, and anybody can count', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka);
    const group = uniqueName('position');
    const child = startChild({ topic, group, end: 600, step: 100, hangAt: 500 });
    await told(child, 'hanging');
    expect((await kafka.describeTopic(topic))!.partitions[0]!.latest).toBe(605n); // 5 markers, 100 records of the open one
    await kill(child);

    const publisher = await publisherOf(kafka, { transactionalId: topic });
    expect((await kafka.describeGroup(group, topic)).offsets).toEqual([
      { partition: 0, offset: 500n, metadata: 'job' },
    ]);
    const [last] = await kafka.lastCommittedRecords(topic);
    expect(last).toMatchObject({ offset: 503n });
    expect(last!.headers[ORDINAL_HEADER]!.toString()).toBe('499');
    expect(await kafka.abortedRecords(topic, 0, 0n, 606n)).toEqual({ count: 100n, ranges: [{ from: 505n, to: 605n }] });
    expect(await kafka.abortedRecords(topic, 0, 510n, 520n)).toEqual({
      count: 10n,
      ranges: [{ from: 510n, to: 520n }],
    });
    expect(await kafka.abortedRecords(topic, 0, 0n, 505n)).toEqual({ count: 0n, ranges: [] });

    await publisher.commit({
      batches: [numbered(topic, 0, 500, 600), sentinel(topic)],
      offsets: [position(group, topic, 600)],
    });
    const [committed] = await consume(topic);
    expect(committed!.map(({ key }) => key!.toString())).toEqual(
      Array.from({ length: 600 }, (_, ordinal) => `key ${ordinal}`),
    );
    const [uncommitted] = await consume(topic, 1, true);
    expect(uncommitted).toHaveLength(700);
  });

  it('at any moment, many times, loses and doubles nothing', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka);
    const job = { topic, group: uniqueName('position'), end: 60_000, step: 200 };
    const began: number[] = [];
    for (let life = 0; life < 6; life++) {
      const child = startChild(job);
      began.push(await told(child, 'began'));
      await sleep(40 + life * 53);
      await kill(child);
    }
    const last = startChild(job);
    const exited = once(last, 'exit');
    began.push(await told(last, 'began'));
    expect(await exited).toEqual([0, null]);
    expect(began).toEqual(began.toSorted((a, b) => a - b));
    expect(new Set(began).size).toBeGreaterThan(3); // it was killed in the middle of its work

    const [lastRecord] = await kafka.lastCommittedRecords(topic);
    expect(lastRecord!.headers[ORDINAL_HEADER]!.toString()).toBe('59999');
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    await publisher.commit({ batches: [sentinel(topic)], offsets: [] });
    const [messages] = await consume(topic);
    expect(messages).toHaveLength(job.end);
    expect(messages!.every(({ headers }, ordinal) => headers![ORDINAL_HEADER]!.toString() === `${ordinal}`)).toBe(true);
    const { latest } = (await kafka.describeTopic(topic))!.partitions[0]!;
    const aborted = await kafka.abortedRecords(topic, 0, 0n, latest);
    const [uncommitted] = await consume(topic, 1, true);
    expect(BigInt(uncommitted!.length - messages!.length)).toBe(aborted.count);
  });
});
