// The rules and dashboards of docs/metrics on a Prometheus: each alert fires for what it is for (promtool), and each query
// of a panel finds something at a worker that has run a replay and an archive. Skipped where Prometheus can't be had.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { endProcess } from '../../support/end-process.ts';
import { freeAddress } from '../../support/free-port.ts';
import { prometheusPackage } from '../../support/prometheus-package.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { writeTestArchive } from '../../support/test-archive.ts';

const found = await prometheusPackage();
const pathOf = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

describe.skipIf(found === undefined)('docs/metrics/alerts.yml', () => {
  test.each([
    ['is what Prometheus takes', ['check', 'rules', pathOf('docs/metrics/alerts.yml')]],
    ['fires for what it is for, and for nothing else', ['test', 'rules', pathOf('test/docs/promtool/alerts.test.yml')]],
  ])('%s', (_, args) => {
    const { status, stdout, stderr } = spawnSync(found!.promtool, args, { encoding: 'utf8' });
    expect(status, `${stdout}\n${stderr}`).toBe(0);
  });
});

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
}
const queriesOf = (name: string): [title: string, query: string][] =>
  (JSON.parse(readFileSync(pathOf(`docs/metrics/${name}`), 'utf8')) as Dashboard).panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }): [string, string] => [title, expr.replaceAll('$topic', '.*')]),
  );
const QUERIES = [...queriesOf('jobs-dashboard.json'), ...queriesOf('archive-dashboard.json')];
/** Of what went wrong, or is left by a reason, which doesn't happen here; and of jobs that are over too soon to be seen. */
const MAY_BE_EMPTY = /rewind_records_left|_to_publish|_to_run/;

describe.skipIf(found === undefined)('the dashboards', () => {
  let harness: ReplayHarness;
  let address: string;
  let folder: string;
  let server: ReturnType<typeof spawn>;

  beforeAll(async () => {
    harness = await ReplayHarness.open(inject('stack'));
    const [metrics, web] = [await freeAddress(), await freeAddress()];
    await harness.startWorker({ REWIND_METRICS_PROMETHEUS: metrics });
    folder = mkdtempSync(join(tmpdir(), 'rewind-prometheus-'));
    address = web;
    const config = {
      global: { scrape_interval: '1s' },
      scrape_configs: [{ job_name: 'rewind', static_configs: [{ targets: [metrics] }] }],
    };
    // JSON is YAML.
    writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
    server = spawn(found!.prometheus, [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${web}`,
    ]);
    const made = await writeTestArchive(harness, { records: 100 });
    await harness.replay(made.job);
    const archive = new ArchiveHarness(harness, 'dashboards');
    const topic = archive.topic('dashboards');
    await archive.createTopic(topic, 1);
    const messages = Array.from({ length: 10 }, (_, n) => ({ value: `{"n":${n}}`, timestamp: String(Date.now()) }));
    await archive.produce(topic, messages);
    await archive.run(archive.job({ topics: { include: [topic] }, files: { timeZone: 'UTC' } }));
  });
  afterAll(async () => {
    await endProcess(server, 'SIGKILL');
    rmSync(folder, { recursive: true });
    await harness.close();
  });

  async function seriesOf(query: string): Promise<unknown[]> {
    const answer = await fetch(`http://${address}/api/v1/query?query=${encodeURIComponent(query)}`);
    const { status, error, data } = (await answer.json()) as {
      status: string;
      error?: string;
      data?: { result: unknown[] };
    };
    expect(status, error).toBe('success');
    return data!.result;
  }

  test.each(QUERIES)('%s: %s', async (_, query) => {
    if (MAY_BE_EMPTY.test(query)) await seriesOf(query);
    else await expect.poll(() => seriesOf(query).then((series) => series.length)).toBeGreaterThan(0);
  });
});
