// What a scraper finds at the endpoint of a worker is what docs/metrics.md promises: families, types and labels.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { JOB_GAUGES } from '../../../workers/job-gauges.ts';
import { freeAddress } from '../../support/free-port.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { writeTestArchive } from '../../support/test-archive.ts';

const DOCS = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
/** Only told of topics and reasons that this test doesn't have: all else begins at 0. */
const notMade = (name: string): boolean => /_left$|_archive_|_to_publish$|_to_run$/.test(name);

let harness: ReplayHarness;
beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
});
afterAll(() => harness.close());

async function scraped(address: string): Promise<string> {
  return (await fetch(`http://${address}/metrics`)).text();
}

/** Told of jobs, and not by their steps. */
const OF_JOBS = Object.keys(JOB_GAUGES);

interface Sample {
  name: string;
  labels: string[];
}

function samplesIn(text: string): Sample[] {
  return [...text.matchAll(/^(\w+)\{(.*?)\} /gm)].map(([, name = '', labels = '']) => ({
    name: name.replace(/_(bucket|sum|count)$/, ''),
    labels: [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label).filter((label) => label !== 'le'),
  }));
}

test('the endpoint has the families and the labels of the docs, and the docs those of the endpoint', async () => {
  const address = await freeAddress();
  await harness.startWorker({ REWIND_METRICS_PROMETHEUS: address });
  const made = await writeTestArchive(harness, { records: 100 });
  await harness.replay(made.job);
  const verify = { args: [made.job], taskQueue: harness.taskQueue, workflowId: `verify-${harness.id}` };
  expect(await harness.client.workflow.execute('verify', verify)).toMatchObject({ agrees: true });
  await harness.failure({ ...made.job, archive: { dest: '/nowhere' }, replayTopic: `${made.replayTopic}_2` });
  const text = await scraped(address);
  const samples = samplesIn(text);
  const own = samples.filter(({ name }) => name.startsWith('rewind_'));

  const rows = [...DOCS.matchAll(/^\| `(rewind_\w+)` +\| (\w+) .*$/gm)].map(([row, name = '', type = '']) => ({
    name,
    type,
    labels: [...row.matchAll(/label `(\w+)`/g)].map(([, label = '']) => label),
  }));
  const counted = rows.filter(({ name }) => !notMade(name));
  expect([...new Set(own.map(({ name }) => name))].toSorted()).toEqual(counted.map(({ name }) => name).toSorted());
  for (const { name, type } of counted) expect(text).toContain(`# TYPE ${name} ${type}`);

  const [, promised = ''] = /Every one has the labels ([^.]*?), and `topic`/s.exec(DOCS) ?? [];
  const always = [...promised.matchAll(/`(\w+)`/g)].map(([, label = '']) => label);
  expect(always).toContain('step');
  for (const { name, labels } of own) {
    const more = rows.find((row) => row.name === name)?.labels ?? [];
    if (OF_JOBS.includes(name)) {
      expect(labels.toSorted()).toEqual(['namespace', 'taskQueue', ...more].toSorted());
      continue;
    }
    expect(labels.filter((label) => label !== 'topic').toSorted()).toEqual([...always, ...more].toSorted());
  }
  const withTopic = own.filter(({ labels }) => labels.includes('topic'));
  expect(withTopic.length).toBeGreaterThan(0);

  const [, ofTheSdk = ''] = /The SDK's own metrics write theirs otherwise \(([^)]*)\)/s.exec(DOCS) ?? [];
  const sdk = samples.find(({ name }) => name === 'temporal_activity_execution_latency');
  for (const [, label] of ofTheSdk.matchAll(/`(\w+)`/g)) expect(sdk?.labels).toContain(label);
  for (const [, name] of DOCS.matchAll(/`(temporal_\w+)`/g)) expect(text).toContain(`# TYPE ${name} `);
});
