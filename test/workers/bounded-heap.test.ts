import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { HEAP_GROWTH } from '../../workers/bounded-heap.ts';

it('names a flag that this release of Node.js has, which passes over those that it does not know', () => {
  const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  expect(known).toContain(`${HEAP_GROWTH.slice(0, HEAP_GROWTH.indexOf('='))} `);
});
