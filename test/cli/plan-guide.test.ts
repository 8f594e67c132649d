// What a plan leads to: the runbook's path, a job that is valid, and commands with the names filled in.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { PlannedSituation, ReplayPlan } from '../../activities/replay/plan/replay-plan.ts';
import { parseReplayInput } from '../../activities/replay/job/parse-input.ts';
import { resolveJob } from '../../activities/replay/job/resolve-job.ts';
import { replayTopicSettings } from '../../activities/replay/publish/topic-settings.ts';
import { TUNING } from '../support/memory-worker.ts';
import { ANCHORS, guideLines, planGuide } from '../../cli/plan-guide.ts';

const RUNBOOK = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
const JOB = { topic: 'events', archive: { dest: '/camus/dest', exec: '/camus/exec' } };
const WITH_GROUP = { ...JOB, offsets: { group: 'bill ing', kafka: true, zookeeper: false } };

function guideOf(situation: Partial<PlannedSituation>, job: object = WITH_GROUP) {
  const plan = {
    topic: 'events',
    situation: { why: 'so it is', partitions: 4, empty: false, gap: false, ...situation },
  };
  return planGuide(plan as unknown as ReplayPlan, job as Record<string, unknown>, 'job.json')!;
}

test.each(Object.entries(ANCHORS))('the way of a topic that is %s is a heading of the runbook', (_, anchor) => {
  const anchors = [...RUNBOOK.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  expect(anchors).toContain(anchor);
});

test('a topic that is gone: made with its partitions, and replayed into while it is empty', () => {
  const { job, commands, situation } = guideOf({ state: 'absent' });
  expect(situation).toBe('events is gone: so it is');
  expect(parseReplayInput(job)).toMatchObject({ replayTopic: { name: 'events' }, output: { partitions: 'source' } });
  expect(job).not.toHaveProperty('offsets');
  expect(commands).toEqual([
    expect.stringMatching(
      /^kafka-topics\.sh --bootstrap-server \$BROKERS --create --topic events --partitions 4 --config /,
    ),
    'rewind replay job.json --id replay-events --watch',
    'rewind result replay-events',
  ]);
});

test('is made with all that the replay would refuse it without, as these brokers know it', () => {
  const job = { ...resolveJob(parseReplayInput(WITH_GROUP), 'w/r', 0, { tuning: TUNING }) };
  const needed = replayTopicSettings(job);
  const settingsOf = (plan: object): Record<string, string> => {
    const [command = ''] = planGuide(plan as ReplayPlan, WITH_GROUP, 'job.json')!.commands;
    return Object.fromEntries(
      [...command.matchAll(/--config ([\w.]+)=(\S+)/g)].map(([, name, value]) => [name!, value!]),
    );
  };
  const situation = { state: 'absent', why: 'so it is', partitions: 4, empty: false, gap: false };
  const plan = { topic: 'events', situation };
  expect(settingsOf({ ...plan, replayTopic: { exists: false, settings: needed } })).toEqual(needed);
  for (const [name, value] of Object.entries(settingsOf(plan))) expect(needed[name]).toBe(value);
  expect(Object.keys(settingsOf(plan))).toContain('message.timestamp.after.max.ms');
  const existing = { exists: true, settings: { 'retention.ms': '604800000' } };
  expect(settingsOf({ ...plan, replayTopic: existing })['retention.ms']).toBe('-1');
});

test('one that was re-created and holds records: no offsets, and the group begins at its beginning', () => {
  const { job, commands } = guideOf({ state: 'recreated' });
  expect(parseReplayInput(job).offsets.group).toBeUndefined();
  expect(job).toEqual(JOB);
  expect(commands).toContain("rewind drain replay-events --group 'bill ing-replay' --watch");
  expect(commands.at(-1)).toContain("--group 'bill ing' --topic events --reset-offsets --to-earliest");
});

test('one that was re-created and is empty takes the records itself', () => {
  expect(guideOf({ state: 'recreated', empty: true }).job).toMatchObject({ replayTopic: { allowSource: true } });
});

test('one that was trimmed: the job as it is, or with a group', () => {
  expect(guideOf({ state: 'trimmed' })).not.toHaveProperty('job');
  const { job } = guideOf({ state: 'trimmed' }, JOB);
  expect(parseReplayInput(job).offsets.group).toBe('GROUP');
});

test('one that is whole needs no other job', () => {
  const { job, runbook } = guideOf({ state: 'alive' });
  expect(job).toBeUndefined();
  expect(runbook).toBe('docs/runbook.md#the-topic-is-whole');
  expect(guideOf({ state: 'absent' }).commands.join()).not.toContain('drain');
});

test('for a person: the situation, the way, the job, the commands', () => {
  const lines = guideLines(guideOf({ state: 'recreated' }), true);
  expect(lines).toContain('  the way from here: docs/runbook.md#when-the-topic-was-re-created');
  expect(lines).toContain('    "topic": "events",');
  expect(lines.join('\n')).toMatch(/records between them are in neither/);
  expect(lines.at(-1)).toMatch(/^ {2}kafka-consumer-groups\.sh/);
});

test('a plan of which nothing is known of the topic has no guide', () => {
  expect(planGuide({ topic: 'events' } as ReplayPlan, WITH_GROUP, 'job.json')).toBeUndefined();
});
