// What is packed: all that it needs, and nothing that it doesn't.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../../scripts/stack/project-root.ts';

let files: string[];

beforeAll(() => {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--silent'];
  const { stdout } = spawnSync('npm', args, { cwd: projectRoot, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const answer = JSON.parse(stdout) as unknown;
  // npm has changed what it answers: a list of packages, or packages by name.
  const [packed] = Object.values(answer as Record<string, { files: { path: string }[] }>);
  files = packed!.files.map(({ path }) => path);
});

/** What a compiled file imports: modules, and files that it names by its own place. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(projectRoot, path), 'utf8');
  const modules = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  const beside = [...text.matchAll(/new URL\('(\.[^']+\.\w+)', import\.meta\.url\)/g)].map(([, file]) => file!);
  return [...modules, ...beside];
}

test('every file that a packed file imports is packed, and every package is one that it depends on', () => {
  const packed = new Set(files);
  const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Record<string, object>;
  const depended = Object.keys({ ...manifest['dependencies'], ...manifest['peerDependencies'] });
  const missing: string[] = [];
  for (const file of files.filter((name) => name.endsWith('.js')))
    for (const name of importsOf(file)) {
      if (name.startsWith('.')) {
        if (!packed.has(join(dirname(file), name))) missing.push(`${file}: ${name}`);
      } else if (!isBuiltin(name) && !depended.some((one) => name === one || name.startsWith(`${one}/`)))
        missing.push(`${file}: ${name}`);
    }
  expect(missing).toEqual([]);
  expect(files.filter((name) => name.endsWith('.js')).length).toBeGreaterThan(300);
});

test('the entry points, the command, the bundle and what the stack is made of are packed; tests and benchmarks are not', () => {
  for (const name of [
    'dist/workers/index.js',
    'dist/workers/index.d.ts',
    'dist/workflows/index.js',
    'dist/workflows/index.d.ts',
    'dist/cli/rewind.js',
    'dist/cli/main.bundle.mjs',
    'dist/cli/run-worker.bundle.mjs',
    'dist/workflows.bundle.cjs',
    'dist/activities/replay/decode/decode-thread.js',
    'dist/activities/replay/decode/decode-thread.bundle.mjs',
    'dist/activities/archive/pull/pull-in-thread.bundle.mjs',
    'dist/activities/ranges/run/range-in-thread.bundle.mjs',
    'dist/activities/verify/threads/tally-in-thread.bundle.mjs',
    'scripts/stack/kafka.pom.xml',
    'scripts/stack/temporal.requirements.txt',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'docs/errors.md',
  ])
    expect(files).toContain(name);
  expect(files.filter((name) => /(^|\/)(test|bench|fixtures)\//.test(name))).toEqual([]);
});
