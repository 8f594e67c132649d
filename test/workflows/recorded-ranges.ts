import { numbered, type RangesHarness } from '../support/ranges-harness.ts';
import { pauseSignal, rateSignal, resumeSignal } from '../../workflows/run/messages.ts';
import type { Recorded } from './recorded-archives.ts';

/** What the worker that runs them is told to load. */
export const RANGE_FUNCTIONS = `
export const range = {
  count: async (range, records) => { let count = 0; for await (const batch of records) count += batch.length; return count; },
  refuses: async () => { throw new Error('the table is gone'); },
};
export const finish = {
  sum: async (summaries) => { let sum = 0; for await (const { summary } of summaries) sum += summary; return sum; },
};`;

const RECORDS = 2_000;

/** One run of ranges of each kind; the worker must have RANGE_FUNCTIONS. */
export async function* recordedRanges(ranges: RangesHarness): AsyncGenerator<Recorded> {
  const topic = ranges.topics.topic('ranges');
  await ranges.topics.createTopic(topic, 3);
  await ranges.topics.produce(topic, numbered(RECORDS, 3));
  const job = (group: string, name = 'count') =>
    ranges.job({ inputs: [{ topic, group, function: name }], finish: 'sum', rangeMiB: 0.005, concurrency: 2 });
  yield ['ranges-plan', await ranges.start({ ...job('planned'), plan: true })];
  yield ['ranges', await ranges.start(job('plain'))];
  yield ['ranges-nothing-new', await ranges.start(job('plain'))];
  yield [
    'ranges-failed',
    await ranges.start({
      ...job('failed', 'refuses'),
      retry: { attempts: 2, initialSeconds: 0.1, maximumSeconds: 0.1 },
    }),
  ];
  yield ['ranges-refused', await ranges.start(job('refused', 'no-such-function'))];
  const slow = { ...job('controlled'), rate: { records: 500 } };
  const controlled = await ranges.start(slow);
  await controlled.signal(pauseSignal);
  await controlled.signal(rateSignal, { records: 5_000 });
  await controlled.signal(resumeSignal);
  yield ['ranges-controlled', controlled];
  const cancelled = await ranges.start({ ...job('cancelled'), rate: { records: 100 } });
  await cancelled.signal(pauseSignal);
  await cancelled.cancel();
  yield ['ranges-cancelled', cancelled];
}
