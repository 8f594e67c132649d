// What a function gets of a range's records: decoded by a registry's schemas, aborted ones left out, and what keeps it from
// its end told as such.
import { beforeEach, expect, it } from 'vitest';
import { callRange } from '../../../activities/ranges/run/call-range.ts';
import type { PlannedRange } from '../../../activities/ranges/plan/range-plan-file.ts';
import type { RangeRecord } from '../../../activities/ranges/run/range-function.ts';
import { RecordBatchBuilder } from '../../../connections/kafka/batch/record-batch.ts';
import type { TopicReader } from '../../../connections/kafka/read/topic-reader.ts';
import { body } from '../../connections/kafka/encoded-body.ts';
import { MemoryRanges } from '../../support/memory-ranges.ts';

const V1 = { type: 'record', name: 'Order', fields: [{ name: 'id', type: 'long' }] };
const V2 = {
  ...V1,
  fields: [...V1.fields, { name: 'note', type: ['null', 'string'], default: null }],
};

let ranges: MemoryRanges;
let seen: { offset: number; decoded: unknown }[];
beforeEach(() => {
  seen = [];
  const take = (batch: readonly RangeRecord[]): void => {
    for (const { offset, decoded } of batch) seen.push({ offset: Number(offset), decoded });
  };
  ranges = new MemoryRanges({
    range: {
      see: async (_, records) => {
        for await (const batch of records) take(batch);
      },
      hides: async (_, records) => {
        try {
          for await (const batch of records) take(batch);
        } catch {
          return 'fine';
        }
        return 'read';
      },
    },
  });
});

/** In the frame of a registry: a byte, the schema's id, the datum. */
function framed(id: number, ...datum: number[]): Buffer {
  return Buffer.from([0, 0, 0, 0, id, ...datum]);
}

const inputs = [{ topic: 't', group: 'g', function: 'see', decode: 'registry' as const }];

it('decodes Avro to the schema that was the newest when the job was planned, or to its own', async () => {
  const first = ranges.registry.register('t-value', JSON.stringify(V1));
  const second = ranges.registry.register('t-value', JSON.stringify(V2));
  await ranges.topic('t', [framed(first, 2), null, framed(second, 4, 2, 2, 0x78)]);
  const job = await ranges.validate({ inputs });
  await ranges.plan(job);
  // Newer ones are the next job's.
  ranges.registry.register('t-value', JSON.stringify({ ...V2, fields: [{ name: 'id', type: 'long', default: 0 }] }));
  await ranges.run(job, 0);
  expect(seen).toEqual([
    { offset: 0, decoded: { id: 1, note: null } },
    { offset: 1, decoded: null },
    { offset: 2, decoded: { id: 2, note: 'x' } },
  ]);
  ranges.running.delete(job.id);
  seen = [];
  const anew = await ranges.validate({ inputs, schema: 'writer', unfinished: 'discard' });
  await ranges.runAll(anew);
  expect(seen.map(({ decoded }) => decoded)).toEqual([{ id: 1 }, null, { id: 2, note: 'x' }]);
});

it('tells a value that can not be decoded apart from a fault of the function, whatever that hides', async () => {
  const id = ranges.registry.register('t-value', JSON.stringify(V1));
  await ranges.topic('t', [framed(id, 2), framed(9, 2), framed(id)]);
  const hides = [{ ...inputs[0]!, function: 'hides' }];
  const job = await ranges.validate({ inputs: hides });
  await ranges.plan(job);
  await expect(ranges.run(job, 0)).rejects.toThrow('t-0, offset 1: unknown-schema: ');
  ranges.running.delete(job.id);
  // How bad values are met may be another when a job goes on.
  const skip = await ranges.validate({
    inputs: hides,
    badData: { policy: 'skip', limitPercent: 100, topicLimitPercent: 100 },
  });
  expect(skip.id).toBe(job.id);
  expect(await ranges.run(skip, 0)).toMatchObject({ records: '1', left: { 'unknown-schema': 1, corrupt: 1 } });
  const { remarks } = await ranges.finish(skip);
  expect(remarks[0]).toContain('2 of 3 records could not be decoded');
});

it('waits for a registry that is away: that is no fault of the function', async () => {
  const id = ranges.registry.register('t-value', JSON.stringify(V1));
  await ranges.topic('t', [framed(id, 2)]);
  const job = await ranges.validate({ inputs, retry: { attempts: 1 } });
  await ranges.plan(job);
  ranges.registry.away = true;
  await expect(ranges.run(job, 0)).rejects.toMatchObject({ fault: 'unavailable' });
  ranges.registry.away = false;
  expect(await ranges.run(job, 0)).toMatchObject({ records: '1' });
});

it('ends, with what to do, where the log has lost a range that is planned', async () => {
  await ranges.topic('t', ['a', 'b', 'c']);
  const plain = { inputs: [{ topic: 't', group: 'g', function: 'see' }] };
  const job = await ranges.validate(plain);
  await ranges.plan(job);
  ranges.kafka.partition('t', 0).trim(2n);
  const run = ranges.run(job, 0);
  await expect(run).rejects.toMatchObject({ fault: 'changed' });
  await expect(run).rejects.toThrow('start the job with unfinished "discard"');
  ranges.running.delete(job.id);
  await expect(
    ranges.plan(await ranges.validate({ ...plain, gap: 'report', unfinished: 'discard' })),
  ).resolves.toMatchObject({ offsets: '1' });
});

it('passes over what is before since in a topic that was made anew as well', async () => {
  await ranges.topic('t', ['a', 'b', 'c']);
  ranges.commit('g', 't', { 0: 7 });
  const job = await ranges.validate({
    inputs: [{ topic: 't', group: 'g', function: 'see' }],
    recreated: 'continue-at-earliest',
    since: '2026-01-01T00:00:00Z',
  });
  const planned = await ranges.plan(job);
  expect(planned).toMatchObject({ ranges: 0, nothingNew: false });
  expect(planned.remarks.join('; ')).toContain('offsets 0 to 2 are before since, and are passed over');
  await ranges.move(job);
  expect(await ranges.offsets('g', 't')).toEqual({ 0: 3 });
});

const whole = (to: number): PlannedRange => ({
  kind: 'range',
  id: `t-0-0-${to}-x`,
  input: 0,
  topic: 't',
  partition: 0,
  from: '0',
  to: String(to),
  bytes: 1,
});

it('reads no further than one batch ahead of what the function has asked for, and makes batches as small as a rate asks', async () => {
  await ranges.topic(
    't',
    Array.from({ length: 2500 }, () => 'x'),
  );
  const reader = ranges.kafka.openReader();
  let read = 0;
  const counting: TopicReader = {
    async *read(...of) {
      for await (const batch of reader.read(...of)) {
        read += 1;
        yield batch;
      }
    },
    close: () => reader.close(),
  };
  const batches: { size: number; ahead: number }[] = [];
  let handed = 0;
  const see = async (_: unknown, records: AsyncIterable<readonly RangeRecord[]>): Promise<void> => {
    for await (const { length } of records) {
      handed += length;
      // Whatever would read on by itself has the time to.
      await new Promise((resolve) => setTimeout(resolve, 5));
      batches.push({ size: length, ahead: read - handed });
    }
  };
  const call = (mostRecords?: number): Promise<unknown> => {
    [read, handed] = [0, 0];
    return callRange(whole(2500), counting, {
      functions: { path: '', hash: '', functions: { range: { see } } },
      ...{ name: 'see', group: 'g', attempt: 1, decoder: undefined, skips: false },
      ...(mostRecords !== undefined && { mostRecords }),
      signal: new AbortController().signal,
      alive: () => undefined,
      pace: async () => undefined,
    });
  };
  await call();
  expect(batches.map(({ size }) => size)).toEqual([1000, 1000, 500]);
  await call(200);
  expect(Math.max(...batches.slice(3).map(({ size }) => size))).toBe(200);
  expect(Math.max(...batches.map(({ ahead }) => ahead))).toBeLessThanOrEqual(1);
});

it('moves while it reads what the function does not get: a long aborted stretch is no function that stands still', async () => {
  await ranges.topic('t', []);
  const log = ranges.kafka.partition('t', 0);
  const producer = { id: 7n, epoch: 0 };
  for (let number = 0; number < 30; number += 1) {
    const builder = new RecordBatchBuilder({ topic: 't', partition: 0, ordinals: false });
    const bytes = body(null, 'x'.repeat(300));
    builder.add(0, 1000, bytes, 0, bytes.length, 0);
    await log.append(builder.take(), producer);
  }
  await log.mark(producer, 'abort');
  let alive = 0;
  const done = await callRange(whole(31), ranges.kafka.openReader(), {
    functions: { path: '', hash: '', functions: ranges.functions },
    ...{ name: 'see', group: 'g', attempt: 1, decoder: undefined, skips: false },
    signal: new AbortController().signal,
    alive: () => (alive += 1),
    pace: async () => undefined,
  });
  expect(done).toMatchObject({ records: 0, left: { aborted: 30 } });
  expect(alive).toBeGreaterThan(20);
});
