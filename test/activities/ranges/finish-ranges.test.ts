// What a job of ranges makes of all its summaries: once, before any offset moves, and again only where a worker died.
import { beforeEach, expect, it } from 'vitest';
import type { RangeSummary } from '../../../activities/ranges/run/range-function.ts';
import { stepContext } from '../../support/step-context.ts';
import { countRecords, MemoryRanges } from '../../support/memory-ranges.ts';

const job = { inputs: [{ topic: 't', group: 'g', function: 'count' }], finish: 'sum', rangeMiB: 0.0001 };

let ranges: MemoryRanges;
/** What `finish` was called with: job, attempt, ids. */
let finished: [string, number, string[]][];
let finish: (summaries: AsyncIterable<RangeSummary>) => unknown;

const sum = async (summaries: AsyncIterable<RangeSummary>): Promise<number> => {
  let count = 0;
  for await (const { summary } of summaries) count += summary as number;
  return count;
};

beforeEach(async () => {
  finished = [];
  finish = sum;
  ranges = new MemoryRanges({
    range: { count: countRecords },
    finish: {
      sum: async (summaries, { job: id, attempt }) => {
        const ids: string[] = [];
        const seen = async function* (): AsyncGenerator<RangeSummary> {
          for await (const each of summaries) {
            ids.push(each.range.id);
            yield each;
          }
        };
        finished.push([id, attempt, ids]);
        return finish(seen());
      },
      twice: async (summaries) => [await sum(summaries), await sum(summaries)],
    },
  });
  await ranges.topic(
    't',
    Array.from({ length: 12 }, () => 'a'),
    ['b', 'b', 'b', 'b'],
  );
});

it('runs again with the same summaries where a worker died in the middle, and not where its answer got lost', async () => {
  const of = await ranges.validate(job);
  await ranges.runAll(of);
  const dead = new AbortController();
  finish = async (summaries) => {
    for await (const _ of summaries) {
      dead.abort(new Error('the worker is killed'));
      return new Promise(() => undefined);
    }
  };
  const dying = ranges.finish(of, stepContext({ signal: dead.signal }));
  await expect.poll(() => dead.signal.aborted).toBe(true);
  finish = sum;
  const { result } = await ranges.finish(of, stepContext({ attempt: 2 }));
  expect(result).toBe('16');
  expect(await ranges.finish(of, stepContext({ attempt: 3 }))).toMatchObject({ result });
  const [first, second, ...more] = finished;
  expect(more).toEqual([]);
  expect(first).toMatchObject([of.id, 1, [second![2][0]]]);
  expect(second!.slice(0, 2)).toEqual([of.id, 2]);
  expect(new Set(second![2]).size).toBeGreaterThan(3);
  void dying;
});

it('keeps what the first of two attempts has returned, whichever ends later', async () => {
  const of = await ranges.validate(job);
  await ranges.runAll(of);
  let wake!: (value: string) => void;
  finish = () => new Promise((resolve) => (wake = resolve));
  const asleep = ranges.finish(of);
  await expect.poll(() => finished.length).toBe(1);
  finish = () => 'first';
  const { result } = await ranges.finish(of);
  wake('late');
  expect((await asleep).result).toBe(result);
});

it('counts what finish throws over attempts, and not workers that died; a job that goes on begins to count anew', async () => {
  const of = await ranges.validate({ ...job, retry: { attempts: 2 } });
  await ranges.runAll(of);
  finish = () => {
    throw new Error('no space');
  };
  let told: unknown;
  const progress = (details: Record<string, unknown>): void => void (told = details);
  await expect(ranges.finish(of, stepContext({ progress }))).rejects.toMatchObject({ nonRetryable: false });
  const last = ranges.finish(of, stepContext({ progress, resumed: told, attempt: 5 }));
  await expect(last).rejects.toThrow('finish.sum threw after 0 of');
  await expect(last).rejects.toMatchObject({ code: 'function-failed' });
  ranges.running.delete(of.id);
  finish = sum;
  const next = await ranges.validate(job);
  await ranges.plan(next);
  expect((await ranges.finish(next)).result).toBe('16');
  expect(finished.at(-1)![0]).toBe(of.id);
});

it('gives the summaries as often as they are asked for', async () => {
  const { finished: both } = await ranges.whole({ ...job, finish: 'twice' });
  expect(both).toEqual([16, 16]);
});

it('says how to go on where too many values were skipped: what is done of the plan has skipped them', async () => {
  const inputs = [{ topic: 't', group: 'g', function: 'count', decode: 'json' as const }];
  const of = await ranges.validate({ inputs, badData: { policy: 'skip' } });
  await ranges.runAll(of);
  await expect(ranges.finish(of)).rejects.toMatchObject({ code: 'skip-limit' });
  await expect(ranges.finish(of)).rejects.toThrow(
    'Raise the limit and start the job again; or mend the schema and start it with unfinished "discard"',
  );
});
