// What steps of a job of ranges hand on stays small, whatever names and numbers there are: Temporal keeps all of it.
import { expect, it } from 'vitest';
import { RecordBatchBuilder } from '../../../connections/kafka/batch/record-batch.ts';
import { body } from '../../connections/kafka/encoded-body.ts';
import { MemoryRanges } from '../../support/memory-ranges.ts';

const MOST = 64 * 1024;
const group = (number: number): string => `${'g'.repeat(250)}${number}`;
const name = 'f'.repeat(100);

function open(): MemoryRanges {
  return new MemoryRanges({
    range: {
      [name]: async (_, records) => {
        for await (const _ of records);
      },
    },
  });
}

it('a page of a plan, with long names and lost stretches', async () => {
  const ranges = open();
  const topic = 't'.repeat(249);
  await ranges.topic(topic, ...Array.from({ length: 130 }, () => ['a', 'b']));
  for (let partition = 0; partition < 130; partition += 1) {
    ranges.commit(group(1), topic, { [partition]: 0 });
    ranges.kafka.partition(topic, partition).trim(1n);
  }
  const inputs = [{ topic, group: group(1), function: name }];
  const first = await ranges.describe({ inputs, gap: 'report' });
  expect(Buffer.byteLength(JSON.stringify(first))).toBeLessThan(MOST);
  const seen: number[] = first.partitions.map(({ partition }) => partition);
  for (let after = first.next; after !== undefined;) {
    // What is consumed meanwhile moves no partition from one answer to another.
    ranges.commit(group(1), topic, { [after.partition - 1]: 2 });
    const { partitions, next } = await ranges.describe({ inputs, gap: 'report', plan: { after } });
    seen.push(...partitions.map(({ partition }) => partition));
    after = next;
  }
  expect(seen).toEqual(Array.from({ length: 130 }, (_, partition) => partition));
  expect(Buffer.byteLength(JSON.stringify(await ranges.describe({ inputs })))).toBeLessThan(MOST);
});

it('a job, which every step is given', async () => {
  const ranges = open();
  const topic = (number: number): string => `${'t'.repeat(240)}${number}`;
  const inputs = Array.from({ length: 100 }, (_, number) => ({
    topic: topic(number),
    group: group(number),
    function: name,
  }));
  await expect(ranges.validate({ inputs })).rejects.toThrow(
    /inputs: expected at most 32768 bytes of JSON, found 6\d{4}/,
  );
  const job = await ranges.validate({ inputs: inputs.slice(0, 40) });
  expect(Buffer.byteLength(JSON.stringify(job))).toBeLessThan(MOST);
});

it('a plan, which every worker knows: one of too many ranges is refused before anything is begun', async () => {
  const ranges = open();
  await ranges.topic('t', []);
  const bytes = body(null, 'a');
  for (let batch = 0; batch < 11; batch += 1) {
    const builder = new RecordBatchBuilder({ topic: 't', partition: 0, ordinals: false });
    for (let record = 0; record < 10_000; record += 1) builder.add(0, 1000, bytes, 0, bytes.length, 0);
    await ranges.kafka.partition('t', 0).append(builder.take());
  }
  const inputs = [{ topic: 't', group: group(1), function: name }];
  const job = await ranges.validate({ inputs, rangeMiB: 0.000001 });
  await expect(ranges.plan(job)).rejects.toThrow('there are more than 100000 ranges to read: raise rangeMiB');
});
