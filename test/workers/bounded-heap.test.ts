import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { HEAP_GROWTH, ROOM_OF_THREADS } from '../../workers/bounded-heap.ts';

it.each([HEAP_GROWTH, ROOM_OF_THREADS])('%s is a flag of this release of Node.js, which passes over others', (flag) => {
  const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  expect(known).toContain(`${flag.slice(0, flag.indexOf('='))} `);
});
