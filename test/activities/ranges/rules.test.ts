// What a job of ranges decides without servers: where a group begins, whether a job may go on with another's plan, how often
// a function may fail, and what it may return.
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { failureOfFunction, failuresBefore } from '../../../activities/ranges/function-failures.ts';
import { parseRangesInput } from '../../../activities/ranges/job/parse-ranges-input.ts';
import type { RangesJob } from '../../../activities/ranges/job/ranges-job.ts';
import { differences, workName } from '../../../activities/ranges/job/work-of.ts';
import { movesOf } from '../../../activities/ranges/offsets/moves-of.ts';
import { inTurns } from '../../../activities/ranges/plan/in-turns.ts';
import { spanOfGroup } from '../../../activities/ranges/plan/span-of-group.ts';
import { FunctionFailed } from '../../../activities/ranges/run/range-task.ts';
import { summaryJson } from '../../../activities/ranges/run/summary-json.ts';
import { messageOf, stackOf } from '../../../activities/step/thrown-in-words.ts';
import { commitConsumerOffsets } from '../../../connections/zookeeper/consumer-offsets.ts';
import { MemoryNodeStore } from '../../support/memory-node-store.ts';

function jobOf(input: object = {}): RangesJob {
  const parsed = parseRangesInput({ inputs: [{ topic: 't', group: 'g', function: 'f' }], ...input });
  const { plan: _plan, staging: _staging, unfinished: _unfinished, offsets, ...rest } = parsed;
  const own = { id: 'w/r', topic: 't', staging: '/s', searchAttributes: [], tuning: { heartbeatTimeoutMs: 1000 } };
  return { ...rest, ...own, offsets: { ...offsets, from: offsets.from ?? 'kafka' } };
}

describe('where a group begins', () => {
  const live = {
    topic: 't',
    partition: 0,
    leader: '1',
    leaderAddress: undefined,
    leaderEpoch: 0,
    earliest: 10n,
    stable: 100n,
    latest: 100n,
    startsAt: undefined,
    bytesPerOffset: 10,
  };
  const known = (offset: bigint, topicId?: string) => ({
    kafka: new Map([[0, offset]]),
    zookeeper: new Map<number, bigint>(),
    topicIds: new Map(topicId === undefined ? [] : [[0, topicId]]),
    epochs: new Map<number, number>(),
  });
  const job = jobOf();

  it.each([
    ['where it has got to', known(40n), undefined, 40n],
    ['at the earliest, without an offset', undefined, undefined, 10n],
    ['not before since', known(40n), 60n, 60n],
    ['where it is, beyond since', known(70n), 60n, 70n],
    ['at since, where what was lost lies before it', known(3n), 60n, 60n],
    ['at since, without an offset', undefined, 60n, 60n],
  ])('%s', (_, offsets, since, from) => {
    expect(spanOfGroup(live, offsets, 'id', since, job)).toMatchObject({ from, to: 100n });
  });

  it('tells what it passes over where the group has no offset', () => {
    const none = { kafka: new Map(), zookeeper: new Map(), topicIds: new Map(), epochs: new Map() };
    const [told] = spanOfGroup(live, none, 'id', 60n, job).remarks;
    expect(told).toBe('t-0: the group has no offset, and offsets 10 to 59 are before since, and are passed over');
    const late = spanOfGroup({ ...live, startsAt: 100n }, none, 'id', 60n, job).remarks;
    expect(late).toEqual(['t-0: the group has no offset, and offsets 10 to 99 are before start, and are passed over']);
    expect(spanOfGroup(live, none, 'id', undefined, job).remarks).toEqual([]);
  });

  it('nowhere, where the log has lost what is not consumed, or the topic is another one', () => {
    expect(spanOfGroup(live, known(3n), 'id', undefined, job).problem).toContain('offsets 3 to 9 are lost');
    expect(spanOfGroup(live, known(3n), 'id', 10n, job).problem).toContain('offsets 3 to 9 are lost');
    expect(spanOfGroup(live, known(40n, 'before'), 'id', undefined, job).problem).toContain('made anew');
    expect(spanOfGroup(live, known(101n), 'id', undefined, job).problem).toContain('the group goes on at offset 101');
  });
});

it('takes partitions in turns, each with its oldest first', () => {
  expect(inTurns([['a1', 'a2', 'a3'], [], ['c1', 'c2']])).toEqual(['a1', 'c1', 'a2', 'c2', 'a3']);
});

it('goes on with a plan where the job differs in how it is done, and not in what', () => {
  const begun = jobOf();
  expect(differences(begun, jobOf({ concurrency: 9, rate: { records: 5 }, retry: { attempts: 1 } }))).toEqual([]);
  expect(differences(begun, jobOf({ rangeMiB: 1, finish: 'x', since: '2026-01-01T00:00:00Z' }))).toEqual([
    'finish',
    'since',
    'rangeMiB',
  ]);
  // As it comes back from its file: fields in another order.
  const { from, ...offsets } = begun.offsets;
  expect(differences(begun, { ...begun, offsets: { from, ...offsets } })).toEqual([]);
  expect(workName(begun)).toBe(workName(jobOf({ rangeMiB: 1 })));
  const [one, other] = ['t', 'u'].map((topic) => ({ topic, group: `g${topic}`, function: 'f' }));
  expect(workName(jobOf({ inputs: [one, other] }))).toBe(workName(jobOf({ inputs: [other, one] })));
  expect(workName(begun)).not.toBe(workName(jobOf({ inputs: [{ topic: 'u', group: 'g', function: 'f' }] })));
});

it('counts the faults of a function over attempts, and not workers that died', () => {
  const retry = { attempts: 2, initialSeconds: 1, maximumSeconds: 1 };
  let told: unknown;
  const fail = (resumed: unknown) =>
    failureOfFunction(
      new FunctionFailed('it threw'),
      failuresBefore(resumed) + 1,
      { retry },
      (details) => (told = details),
    );
  expect(fail(undefined)).toMatchObject({ type: 'rewind.job.function-failed', nonRetryable: false });
  expect(told).toEqual({ failures: 1 });
  expect(fail({ records: 7 })).toMatchObject({ nonRetryable: false });
  expect(fail(told)).toMatchObject({ name: 'JobError', code: 'function-failed' });
});

it('takes small JSON for a summary, and says what is wrong with anything else', () => {
  expect(summaryJson(undefined, 100)).toBe('null');
  expect(summaryJson({ a: [1, 'x'] }, 100)).toBe('{"a":[1,"x"]}');
  expect(() => summaryJson({ a: 1n }, 100)).toThrow(/BigInts as texts/);
  expect(() => summaryJson(() => 1, 100)).toThrow("returned a function, which can't be JSON");
  expect(() => summaryJson('ä'.repeat(50), 100)).toThrow('returned 102 bytes of JSON, and at most 100 are kept');
});

it('says what a function threw in words, with what caused it, and not at any length', () => {
  expect(messageOf(new Error('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:80') }))).toBe(
    'fetch failed (connect ECONNREFUSED 127.0.0.1:80)',
  );
  // As Node throws it where no address of a host answers.
  expect(messageOf(new AggregateError([new Error('no ::1'), new Error('no 127.0.0.1')]))).toBe(
    'AggregateError (no ::1; no 127.0.0.1)',
  );
  expect(messageOf({ code: 7 })).toBe('{ code: 7 }');
  expect(messageOf('away')).toBe('away');
  const circle = new Error('round');
  circle.cause = circle;
  expect(messageOf(circle)).toMatch(/^round( \(round){4}\){4}$/);
  const long = new Error('x'.repeat(3_000_000));
  expect(messageOf(long).length).toBeLessThan(2_100);
  expect(stackOf(long)!.length).toBeLessThan(4_100);
});

it('says something of whatever a function threw', () => {
  const broken = (over: object): Error =>
    Object.defineProperties(new Error('x'), Object.getOwnPropertyDescriptors(over));
  expect(messageOf(broken({ message: { code: 7 } }))).toBe('{ code: 7 }');
  expect(messageOf(broken({ message: '', name: undefined }))).toBe('undefined');
  expect(messageOf(null)).toBe('null');
  const get = (): never => {
    throw new TypeError('nothing to get');
  };
  expect(messageOf(Object.defineProperty(new Error(), 'message', { get }))).toBe(
    'something that cannot be told in words',
  );
  expect(stackOf(Object.defineProperty(new Error('x'), 'stack', { get }))).toBeUndefined();
  expect(stackOf(broken({ stack: ['a call'] }))).toBeUndefined();
  const inspected = { [inspect.custom]: get };
  expect(messageOf(inspected)).toBe('something that cannot be told in words');
  // What can be told is told.
  expect(messageOf(new Error('away', { cause: inspected }))).toBe('away (something that cannot be told in words)');
});

it('moves only what another offset comes of, in each place by what that had', () => {
  const of = { kind: 'partition' as const, input: 0, topic: 't', stable: '9', perRange: '0', ranges: 0, missing: [] };
  const partitions = [
    { ...of, partition: 0, kafka: '5', zookeeper: '9', from: '5', to: '9' },
    { ...of, partition: 1, kafka: '9', from: '9', to: '9' },
    { ...of, partition: 2, from: '9', to: '9' },
  ];
  const [moves, ...more] = movesOf({ partitions }, jobOf({ offsets: { zookeeper: true } }));
  expect(more).toEqual([]);
  expect(moves?.kafka.map(({ partition, before, next }) => [partition, before, next])).toEqual([
    [0, 5n, 9n],
    [2, undefined, 9n],
  ]);
  expect(moves?.zookeeper.map(({ partition }) => partition)).toEqual([1, 2]);
});

it('writes over nothing in ZooKeeper that is not as it was, also where it moves between the look and the multi', async () => {
  const store = new MemoryNodeStore();
  const path = '/consumers/g/offsets/t/0';
  store.put(path, '5');
  const request = { group: 'g', topic: 't', existing: 'overwrite', job: 'w/r', layout: '0.8' } as const;
  const commit = () =>
    commitConsumerOffsets(store, {
      ...request,
      offsets: [{ partition: 0, offset: 9n }],
      expected: new Map([['0', '5']]),
    });
  let moved = false;
  store.interruption = ({ call }, when) => {
    if (call !== 'multi' || when !== 'before' || moved) return;
    moved = true;
    store.put(path, '7');
  };
  await expect(commit()).rejects.toMatchObject({
    fault: 'exists',
    facts: { moved: 'partition 0: expected 5, found 7' },
  });
  expect(store.dump('/consumers/g/offsets')).toMatchObject({ [path]: '7' });
  store.put(path, '5');
  expect(await commit()).toMatchObject({ outcome: 'committed' });
  // Its own commit is known, though it is not as it was.
  expect(await commit()).toMatchObject({ outcome: 'already' });
});
