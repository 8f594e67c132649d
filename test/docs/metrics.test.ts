// The table of metrics in the docs and the code say the same, both ways.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COUNTERS, GAUGES } from '../../activities/counters.ts';
import { STEP_SECONDS } from '../../activities/step/metrics.ts';
import { JOB_GAUGES } from '../../workers/job-gauges.ts';

const GAUGED = { ...GAUGES, ...JOB_GAUGES };
const METRICS: Record<string, { unit: string; description: string } | undefined> = { ...COUNTERS, ...GAUGED };
const table = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
const rows = [...table.matchAll(/^\| `(rewind_\w+)` +\| (\w+) +\| (\w+) +\| (.*?) *\|$/gm)].map(
  ([, ...cells]) => cells,
);

test('docs/metrics.md lists every metric, and none that is not there', () => {
  const inCode = [...Object.keys(METRICS), STEP_SECONDS];
  expect(rows.map(([name]) => name).toSorted()).toEqual(inCode.toSorted());
});

test('with the unit and the meaning that the code gives it', () => {
  for (const [name, type, unit, meaning] of rows) {
    const metric = METRICS[name ?? ''];
    expect(type).toBe(metric === undefined ? 'histogram' : name! in GAUGED ? 'gauge' : 'counter');
    if (metric === undefined) continue;
    expect(unit).toBe(metric.unit);
    expect(meaning?.split(';')[0]).toBe(
      metric.description.charAt(0).toLowerCase() + metric.description.slice(1).replace(', by type of the error', ''),
    );
  }
});

test.each(['alerts.yml', 'archive-dashboard.json', 'jobs-dashboard.json'])(
  'docs/metrics/%s names metrics that there are',
  (name) => {
    const text = readFileSync(new URL(`../../docs/metrics/${name}`, import.meta.url), 'utf8');
    if (name.endsWith('.json')) expect(() => JSON.parse(text) as unknown).not.toThrow();
    const named = [...text.matchAll(/rewind_\w+/g)].map(([metric]) => metric.replace(/_(bucket|sum|count)$/, ''));
    expect(new Set(named).size).toBeGreaterThan(2);
    expect(named.filter((metric) => !(metric in METRICS) && metric !== STEP_SECONDS)).toEqual([]);
  },
);

test('the alerts in docs/metrics.md are those of the file', () => {
  const alerts = readFileSync(new URL('../../docs/metrics/alerts.yml', import.meta.url), 'utf8');
  const [, block] = /^```yaml\n(.*?)^```/ms.exec(table) ?? [];
  expect(block).toBe(alerts);
});
