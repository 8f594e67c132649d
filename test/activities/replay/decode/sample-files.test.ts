// A small archive is sampled file by file, so that no second thread starts for it; a larger one is four at a time.
import { expect, test } from 'vitest';
import type { Dependencies } from '../../../../activities/dependencies.ts';
import { sampleFiles } from '../../../../activities/replay/decode/sample-files.ts';
import type { FileSample } from '../../../../activities/replay/decode/sample-file.ts';
import type { ReplayJob } from '../../../../activities/replay/job/replay-job.ts';
import { MemoryBudget } from '../../../../activities/step/memory-budget.ts';

const MIB = 1024 * 1024;
const files = Array.from({ length: 9 }, (_, index) => ({ path: `/d/${index}`, length: 1, modifiedAt: 0 }));

/** Most files that were sampled at one time, and the names of the samples in their order. */
async function sampled(bytes: number): Promise<{ most: number; paths: string[] }> {
  let [inHand, most] = [0, 0];
  const sample = async ({ file }: { file: { path: string } }): Promise<FileSample> => {
    most = Math.max(most, (inHand += 1));
    await new Promise((resolve) => setImmediate(resolve));
    inHand -= 1;
    return { format: file.path } as FileSample;
  };
  const deps = { decoder: { sample }, budget: new MemoryBudget(1_024 * MIB) } as unknown as Dependencies;
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const all = await sampleFiles(deps, {} as ReplayJob, { files, bytes: BigInt(bytes) }, undefined, context);
  return { most, paths: all.map((one) => ('sample' in one ? one.sample.format : '')) };
}

test('a few megabytes are sampled by one thread, more by several', async () => {
  const paths = files.map(({ path }) => path);
  expect(await sampled(4 * MIB)).toEqual({ most: 1, paths });
  expect(await sampled(4 * MIB + 1)).toEqual({ most: 4, paths });
});
