import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { bundleOf } from '../activities/step/thread-code.ts';
import { projectRoot } from './stack/project-root.ts';

/** The modules that threads begin with. */
const MODULES = [
  'replay/decode/decode-thread',
  'archive/pull/pull-in-thread',
  'ranges/run/range-in-thread',
  'verify/threads/tally-in-thread',
].map((name) => new URL(`../activities/${name}.js`, import.meta.url));

/** Packages that go into the bundle: those of JavaScript alone, that no thread does without. */
const PACKAGES = ['zod', 'lossless-json', 'undici'];

/** Makes one file of all that each kind of thread begins with: a thread starts in a quarter of the time. */
export async function bundleThreads(): Promise<void> {
  for (const module of MODULES) {
    const input = fileURLToPath(module);
    const bundle = await rolldown({ input, platform: 'node', external: isApart, logLevel: 'warn' });
    const file = fileURLToPath(bundleOf(module));
    await bundle.write({ file, format: 'esm', codeSplitting: false, footer: notices });
    await bundle.close();
  }
}

/** What a thread loads as it stands: native packages, and those that few files need. */
function isApart(name: string): boolean {
  return !/^[./]/.test(name) && !PACKAGES.some((inside) => name === inside || name.startsWith(`${inside}/`));
}

/** Their licences want to stand beside every copy. */
function notices(): string {
  return PACKAGES.map((of) => {
    const folder = join(projectRoot, 'node_modules', of);
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    const file = ['LICENSE', 'LICENSE.md'].map((name) => join(folder, name)).find((path) => existsSync(path));
    if (file === undefined) throw new Error(`${folder} has no licence that could go into the bundles of threads`);
    const licence = readFileSync(file, 'utf8').trim().replaceAll('*/', '* /');
    return `/*! ${of} ${version}\n${licence}\n*/`;
  }).join('\n');
}
