// A plan is of one log. Where an unclean election takes its end away, other records get its offsets: they must not be taken
// for those that were planned, nor for consumed.
import { beforeEach, expect, it } from 'vitest';
import { MemoryRanges } from '../../support/memory-ranges.ts';

const job = { inputs: [{ topic: 't', group: 'g', function: 'see' }] };

let ranges: MemoryRanges;
let seen: string[];
let meanwhile: (value: string) => Promise<void>;
beforeEach(async () => {
  seen = [];
  meanwhile = async () => undefined;
  ranges = new MemoryRanges({
    range: {
      see: async (_, records) => {
        for await (const batch of records)
          for (const { value } of batch) {
            seen.push(String(value));
            await meanwhile(String(value));
          }
        return seen.length;
      },
    },
  });
  await ranges.topic('t', ['a', 'b', 'c', 'd']);
});

/** The log ends at an offset, and goes on with other records. */
async function elect(end: bigint, ...values: string[]): Promise<void> {
  ranges.kafka.partition('t', 0).truncate(end);
  await ranges.append('t', 0, values);
}

it('hands a function no record that has taken the offset of a lost one', async () => {
  const of = await ranges.validate(job);
  await ranges.plan(of);
  await elect(2n, 'other', 'another', 'more');
  const run = ranges.run(of, 0);
  await expect(run).rejects.toMatchObject({ fault: 'changed' });
  await expect(run).rejects.toThrow(
    't-0, offset 2: expected a batch of a leader up to epoch 0, found one of epoch 1: an unclean election',
  );
  await expect(run).rejects.toThrow('start the job with unfinished "discard"');
  expect(seen).not.toContain('other');
});

it('tells it also in the middle of a range, and a new plan reads what is there now', async () => {
  const of = await ranges.validate(job);
  await ranges.plan(of);
  await elect(4n);
  ranges.running.delete(of.id);
  // A log that has lost nothing of the plan is read as it was planned.
  expect((await ranges.whole(job)).finished).toMatchObject([{ summary: 4 }]);
  await ranges.append('t', 0, ['e', 'f']);
  const next = await ranges.validate(job);
  await ranges.plan(next);
  await elect(5n, 'other');
  await expect(ranges.run(next, 0)).rejects.toMatchObject({ fault: 'changed' });
  ranges.running.delete(next.id);
  seen = [];
  await ranges.whole({ ...job, unfinished: 'discard' });
  expect(seen).toEqual(['e', 'other']);
});

it('neither finishes nor moves offsets where the log was lost behind the reading', async () => {
  const of = await ranges.validate(job);
  await ranges.runAll(of);
  await elect(3n, 'other', 'another');
  const message = 't-0: an unclean election lost the log from offset 3 on while it was read up to 4';
  await expect(ranges.finish(of)).rejects.toMatchObject({ fault: 'changed' });
  await expect(ranges.finish(of)).rejects.toThrow(message);
  await expect(ranges.move(of)).rejects.toThrow(message);
  expect(await ranges.offsets('g', 't')).toEqual({});
});

it('does not go back on offsets that have moved', async () => {
  const of = await ranges.validate(job);
  await ranges.runAll(of);
  await ranges.finish(of);
  await ranges.move(of);
  await elect(3n, 'other');
  expect((await ranges.move(of)).groups).toMatchObject([{ kafka: 'already' }]);
});

it('moves no offsets of a topic that was made anew since it was read', async () => {
  const of = await ranges.validate(job);
  await ranges.runAll(of);
  ranges.kafka.deleteTopic('t');
  await ranges.topic('t', ['x', 'y', 'z', 'w', 'v']);
  await expect(ranges.finish(of)).rejects.toThrow('t: the topic was deleted and made anew: expected id');
  await expect(ranges.move(of)).rejects.toMatchObject({ fault: 'changed' });
});

it('waits for a leader that does not tell', async () => {
  const of = await ranges.validate(job);
  await ranges.runAll(of);
  let asked = 0;
  const { kafka } = ranges;
  const epochEnds = kafka.epochEnds.bind(kafka);
  kafka.epochEnds = async (partitions) => {
    asked += 1;
    if (asked > 1) return epochEnds(partitions);
    return partitions.map(({ topic, partition }) => ({ topic, partition, error: 'NOT_LEADER_OR_FOLLOWER' }));
  };
  await ranges.finish(of);
  expect(asked).toBe(2);
});

it('knows in the next job that what was consumed is lost, by the epoch beside the offsets', async () => {
  await ranges.whole(job);
  await elect(2n, 'other', 'another', 'more');
  const of = await ranges.validate(job);
  await expect(ranges.plan(of)).rejects.toThrow(
    't-0: an unclean election lost offsets 2 to 3, which were consumed: other records have these offsets now',
  );
  ranges.running.delete(of.id);
  seen = [];
  await ranges.whole({ ...job, recreated: 'continue-at-earliest' });
  expect(seen).toEqual(['other', 'another', 'more']);
});
