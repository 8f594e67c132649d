// Every topic that Camus's own classes wrote, through the whole workflow on real servers: what a plain consumer then
// reads equals what Java makes of the files, line for line, and the pinned offsets are Camus's.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { sameJson } from '../../support/same-json.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));

interface Case {
  topic: string;
  /** Name of the expected files; the topic's folder unless said. */
  expected?: string;
  schema?: string;
  job?: Partial<ReplayInput>;
}

const CLAMP = { output: { invalidTimestamps: 'clamp' as const } };

const CASES: Case[] = [
  { topic: 'ad_impressions' },
  { topic: 'legacy07' },
  { topic: 'member_updates' },
  { topic: 'page_views' },
  { topic: 'search_clicks', job: CLAMP },
  { topic: 'search_clicks', expected: 'search_clicks.projection', schema: 'search_clicks.projection', job: CLAMP },
  { topic: 'sensor_readings' },
  { topic: 'web.orders', expected: 'web_orders', schema: 'web_orders' },
];

describe('a replay of what Camus wrote', () => {
  let harness: ReplayHarness;

  beforeAll(async () => {
    harness = await ReplayHarness.open(inject('stack'));
    const { folder } = harness;
    for (const name of new Set(CASES.map(({ topic }) => topic.replaceAll('.', '_'))))
      await harness.upload(`${FIXTURES}/camus/dest/${name}`, `${folder}/dest/${name}`);
    await harness.upload(`${FIXTURES}/exec/history`, `${folder}/exec/base/history`);
    await harness.upload(`${FIXTURES}/schemas`, `${folder}/schemas`);
    await harness.startWorker({ REWIND_SPLIT_MIB: '0.01' });
  });

  afterAll(() => harness?.close());

  test.each(CASES)(
    '$topic (expected: $expected) equals what Java reads',
    async ({ topic, expected = topic, schema = topic, job = {} }) => {
      const { folder } = harness;
      const replayTopic = `${expected}_REPLAY_${harness.id}`;
      const result = await harness.replay({
        topic,
        replayTopic,
        archive: { dest: `${folder}/dest`, exec: `${folder}/exec` },
        ...job,
        output: { schema: `${folder}/schemas/${schema}.avsc`, ...job.output },
      });
      const lines = (await readFile(`${FIXTURES}/expected/${expected}.jsonl`, 'utf8')).split('\n').slice(0, -1);
      const messages = await harness.read(replayTopic);
      expect(result.records.published).toBe(String(lines.length));
      expect(messages.length).toBe(lines.length);
      for (const [index, line] of lines.entries()) {
        const { value, headers } = messages[index]!;
        if (!sameJson(value.toString(), line)) expect(`${index}: ${value.toString()}`).toBe(`${index}: ${line}`);
        expect(headers['rewind-ordinal']).toBe(String(index));
      }
    },
  );
});
