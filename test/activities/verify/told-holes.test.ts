// Proves that verify believes what an execution of Rewind's says of itself, where no topic can show it any more: a run
// that archived nothing has lost nothing, and one of whose records some are gone has lost a file, though others are there.
import { beforeEach, expect, it } from 'vitest';
import type { ReportedVerify } from '../../../activities/verify/steps.ts';
import { writeOwnExecution } from '../../support/own-execution.ts';
import { ArchivedEvents } from './archived-events.ts';

let events: ArchivedEvents;
let store: ArchivedEvents['store'];
let kafka: ArchivedEvents['kafka'];
let verify: ArchivedEvents['verify'];

/** Four runs of ten offsets: two files each, but for the second, which passed nothing but aborted records. */
beforeEach(async () => {
  events = new ArchivedEvents(5);
  ({ store, kafka, verify } = events);
  await events.publish();
  for (const next of [5, 10, 25, 30, 35, 40]) await events.archive(next);
  for (const next of [10, 20, 30, 40])
    await writeOwnExecution(store, `/exec/history/2026-11-20-1${next / 10}-00-00`, [
      {
        start: `${next - 10}`,
        next: `${next}`,
        ...(next === 20 ? { records: 0, left: { aborted: 9 } } : { records: 10 }),
      },
    ]);
  kafka.partition('events', 0).trim(30n);
});

function run(): Promise<ReportedVerify> {
  return verify.run({
    topic: 'events',
    archive: { dest: '/camus', timeZone: 'UTC', history: '/exec/history' },
    verify: { against: ['source'] },
  });
}

it('a run that archived nothing, and says so, is no finding', async () => {
  const { agrees, findings, notes } = await run();
  expect([agrees, findings]).toEqual([true, []]);
  expect(notes).toContainEqual(expect.stringContaining('9 aborted'));
});

it('a file that is gone beside others of its run is one, with how many records were archived and are there', async () => {
  await store.delete(events.path(25));
  const { findings } = await run();
  expect(findings).toEqual([expect.objectContaining({ kind: 'missing', partition: 0, from: '20', to: '30' })]);
  expect(findings[0]!.message).toMatch(/5 records of the offsets 20 to 29.*2026-11-20-13-00-00.*archived 10 records/);
});

it('so is a run without any of its files', async () => {
  await store.delete(events.path(5));
  await store.delete(events.path(10));
  const { findings } = await run();
  expect(findings).toEqual([expect.objectContaining({ from: '0', to: '10' })]);
  expect(findings[0]!.message).toMatch(/no file has the offsets 0 to 9.*archived 10 records/);
});

it('what the topic still has is told once', async () => {
  await store.delete(events.path(35));
  expect((await run()).findings).toEqual([expect.objectContaining({ kind: 'missing', from: '30', to: '35' })]);
});
