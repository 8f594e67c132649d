// How far a job is, in the few words that a list has room for, and as a bar; and no command for jobs that began without.
import { expect, test, vi } from 'vitest';
import type { RunProgress } from '../../workflows/run/run-progress.ts';
import { percentOf, shareBar, waitsCell } from '../../workflows/run/share-bar.ts';
import { PROGRESS_ATTRIBUTE, shareText, ToldShare } from '../../workflows/run/told-share.ts';

const upserted = vi.hoisted(() => [] as unknown[]);
const release = vi.hoisted(() => ({ isOlder: false }));
vi.mock('@temporalio/workflow', () => ({
  upsertSearchAttributes: (pairs: unknown) => upserted.push(pairs),
  patched: () => !release.isOlder,
}));

const PROGRESS: RunProgress = {
  job: 'replay-events/run',
  status: 'running',
  step: 'publish',
  rate: {},
  seconds: {},
  startedAt: '2026-11-22T02:00:00.000Z',
};
const waitingFor = { step: 'mergePublish', for: 'Kafka k1:9092', since: 'now', error: 'a | b' };

test.each<[Partial<RunProgress>, number | undefined, string]>([
  [{}, 47.9, 'publish 45 %'],
  [{ step: 'list' }, undefined, 'list'],
  [{ status: 'paused' }, 12, 'publish 10 %, paused'],
  [{ waitingFor }, 99.99, 'publish 95 %, waits for Kafka k1:9092'],
  [{ status: 'done', step: 'done' }, undefined, 'done'],
])('%j at %s: %s', (progress, percent, text) => {
  expect(shareText({ ...PROGRESS, ...progress }, percent)).toBe(text);
});

test('a job tells once of each five per cent, and one whose server has no such attribute never', () => {
  const share = new ToldShare([PROGRESS_ATTRIBUTE]);
  for (let percent = 0; percent < 12; percent++) share.tell(PROGRESS, percent);
  expect(upserted).toHaveLength(3);
  expect(upserted[0]).toEqual([{ key: { name: 'RewindProgress', type: 'KEYWORD' }, value: 'publish 0 %' }]);
  for (const attributes of [[], ['RewindTopic'], undefined]) new ToldShare(attributes).tell(PROGRESS, 50);
  expect(upserted).toHaveLength(3);
});

test('a job that tells in the order of its ends does not tell what it waits for, which comes in another', () => {
  upserted.length = 0;
  const share = new ToldShare([PROGRESS_ATTRIBUTE], false);
  share.tell({ ...PROGRESS, waitingFor }, 50);
  share.tell(PROGRESS, 50);
  expect(upserted).toEqual([[{ key: { name: 'RewindProgress', type: 'KEYWORD' }, value: 'publish 50 %' }]]);
});

test('a job that a worker of an older release has begun tells nothing, though a newer one has told it of the attribute', () => {
  release.isOlder = true;
  upserted.length = 0;
  const share = new ToldShare([PROGRESS_ATTRIBUTE]);
  release.isOlder = false;
  share.tell(PROGRESS, 50);
  expect(upserted).toEqual([]);
});

test('a bar is as long as the share, and there is none of a whole that is unknown or nothing', () => {
  expect(shareBar(percentOf(1, 4))).toBe(`\`${'█'.repeat(5)}${'░'.repeat(15)}\` 25.0 %`);
  expect(shareBar(percentOf('9', '9'))).toBe(`\`${'█'.repeat(20)}\` 100.0 %`);
  expect([percentOf(1, 0), percentOf(1, undefined), shareBar(undefined)]).toEqual([undefined, undefined, '']);
});

test('what is waited for does not end the cell of its table', () => {
  expect(waitsCell(waitingFor)).toBe('for Kafka k1:9092 since now: a \\| b');
  expect(waitsCell(undefined)).toBe('');
});
