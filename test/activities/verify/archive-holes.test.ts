// Proves that a file is missed which no topic can show any more: the history says what was archived, and names of files
// what is there.
import { beforeEach, expect, it } from 'vitest';
import type { ReportedVerify } from '../../../activities/verify/steps.ts';
import { batchOf } from '../../support/odd-records.ts';
import { wholeRecordFile } from '../../support/whole-records.ts';
import { writeExecution } from '../../support/write-execution.ts';
import { ArchivedEvents, RECORDS, TIME } from './archived-events.ts';

let events: ArchivedEvents;
let store: ArchivedEvents['store'];
let kafka: ArchivedEvents['kafka'];
let verify: ArchivedEvents['verify'];

/** Four runs, each with a file. */
beforeEach(async () => {
  events = new ArchivedEvents(10);
  ({ store, kafka, verify } = events);
  await events.publish();
  for (const next of [10, 20, 30, 40]) {
    await events.archive(next);
    await writeExecution(store, `/exec/base/history/2026-11-20-1${next / 10}-00-00`, { events: { 0: next } });
  }
});

function run(exec = true): Promise<ReportedVerify> {
  return verify.run({
    topic: 'events',
    archive: { dest: '/camus', timeZone: 'UTC', ...(exec && { exec: '/exec' }) },
    verify: { against: ['source'] },
  });
}

it('a file that is gone is told once where the topic still has its records', async () => {
  await store.delete(events.path(20));
  expect((await run()).findings).toEqual([expect.objectContaining({ kind: 'missing', from: '10', to: '20' })]);
});

it('a file that is gone is told where the topic has its records no more, wholly or in part', async () => {
  await store.delete(events.path(20));
  kafka.partition('events', 0).trim(30n);
  const [finding, ...others] = (await run()).findings;
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ kind: 'missing', partition: 0, from: '10', to: '20' });
  expect(finding!.message).toContain(
    'no file has the offsets 10 to 19, which the execution 2026-11-20-12-00-00 has passed',
  );
  kafka.deleteTopic('events');
});

it('the newest file is missed where there is a history, and a note says that it can not be where there is none', async () => {
  await store.delete(events.path(40));
  expect((await run()).findings).toEqual([expect.objectContaining({ kind: 'missing', from: '30', to: '40' })]);
  const without = await run(false);
  expect(without.findings).toEqual([]);
  expect(without.notes.join()).toContain('no history of executions says up to where the archive goes');
});

it('nothing is missed where all is there, also below what the topic has', async () => {
  kafka.partition('events', 0).trim(35n);
  expect(await run()).toMatchObject({ agrees: true, findings: [] });
});

it('a file that is gone is told behind many runs without one that the topic still shows', async () => {
  await kafka.createTopic('clicks', { partitions: 2, replicationFactor: 1, settings: {} });
  const shown = Array.from({ length: 12 }, (_, offset) => ({
    ...RECORDS[offset]!,
    timestamp: BigInt(TIME),
    headers: [],
  }));
  await kafka.partition('clicks', 0).append(batchOf('clicks', 0, shown));
  const gone = RECORDS.slice(0, 24).map((each) => ({ ...each, timestamp: BigInt(each.timestamp), headers: [] }));
  await kafka.partition('clicks', 1).append(batchOf('clicks', 1, gone));
  for (let run = 1; run <= 12; run++) {
    const name = `2026-11-21-${String(run).padStart(2, '0')}-00-00`;
    await writeExecution(store, `/exec/base/history/${name}`, { clicks: { 0: run, 1: 2 * run } });
    const ofRun = RECORDS.slice(2 * run - 2, 2 * run).map((each) => ({ ...each, topic: 'clicks', partition: 1 }));
    const path = `/camus/clicks/hourly/2026/11/20/10/clicks.1.1.2.${2 * run}.${TIME}.avro`;
    if (run !== 4) await store.write(path, [wholeRecordFile(ofRun)]);
  }
  kafka.partition('clicks', 1).trim(20n);
  const { findings } = await verify.run({
    topic: 'clicks',
    archive: { dest: '/camus', timeZone: 'UTC', exec: '/exec' },
    verify: { against: ['source'] },
  });
  expect(findings.filter(({ message }) => message.includes('no topic has them any more'))).toEqual([
    expect.objectContaining({ kind: 'missing', partition: 1, from: '6', to: '8' }),
  ]);
});
