// A short form of `npm run test:mutation`: each small file with a byte here and there changed in six ways. No reader
// crashes, hangs, takes much memory or is silent, and none gives wrong records where a checksum could tell.
import { expect, test } from 'vitest';
import { judgeFile } from './judge-file.ts';
import { originals } from './original.ts';

const names = (await originals()).map(({ name }) => name);

test.each(names)('%s', async (name) => {
  const report = await judgeFile(name, { seed: 3, every: 61 });
  expect(report.defects).toEqual([]);
  expect(report.mutants).toBeGreaterThan(10);
});
