// A thread, and the command, begins with the bundle of its modules, but never with one that is older than any of them.
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { bundleOf, bundledCode } from '../../../activities/step/bundled-code.ts';

const ROOMS = ['activities', 'cli', 'connections', 'formats', 'layouts', 'workers', 'workflows'];
const [MODULE, BUNDLE] = ['activities/a/in-thread.js', 'activities/a/in-thread.bundle.mjs'];

/** A project that is compiled, by the seconds at which its files were written. */
async function compiled(files: Record<string, number>): Promise<{ root: string; module: URL }> {
  const root = await mkdtemp(join(tmpdir(), 'rewind-threads-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const name of ROOMS) await mkdir(join(root, name));
  for (const [name, at] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), '');
    await utimes(join(root, name), at, at);
  }
  return { root, module: pathToFileURL(join(root, MODULE)) };
}

test('a thread begins with the bundle that lies beside its module', async () => {
  const { root, module } = await compiled({ [MODULE]: 100, 'formats/b/c.js': 200, [BUNDLE]: 200 });
  expect(bundledCode(module, root)).toBe(pathToFileURL(join(root, BUNDLE)).href);
  expect(bundledCode(module, root)).toBe(bundleOf(module).href);
});

test('of modules that were compiled since, in whichever room, it begins with the module', async () => {
  for (const room of ROOMS) {
    const { root, module } = await compiled({ [MODULE]: 100, [`${room}/b/c.js`]: 201, [BUNDLE]: 200 });
    expect(bundledCode(module, root)).toBe(module.href);
  }
});

test('without a bundle, as of sources, it begins with the module', async () => {
  const { root, module } = await compiled({ [MODULE]: 100 });
  expect(bundledCode(module, root)).toBe(module.href);
});
