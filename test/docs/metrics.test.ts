// The table of metrics in the docs and the code say the same, both ways.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COUNTERS as METRICS } from '../../activities/counters.ts';
import { STEP_SECONDS } from '../../activities/step/metrics.ts';

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
    const metric = (METRICS as Record<string, { unit: string; description: string } | undefined>)[name ?? ''];
    expect(type).toBe(metric === undefined ? 'histogram' : 'counter');
    if (metric === undefined) continue;
    expect(unit).toBe(metric.unit);
    expect(meaning?.split(';')[0]).toBe(
      metric.description.charAt(0).toLowerCase() + metric.description.slice(1).replace(', by type of the error', ''),
    );
  }
});
