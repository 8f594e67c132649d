// No module knows itself by a detour, types included: the lint rule `import-x/no-cycle` passes imports of types over.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/stack/project-root.ts';
import { cyclesOf } from './cycles-of.ts';

const ROOMS = [
  'activities',
  'bench',
  'cli',
  'connections',
  'formats',
  'layouts',
  'scripts',
  'test',
  'workers',
  'workflows',
];

/** The modules of the project, and what each imports of it. */
function modules(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const room of ROOMS)
    for (const name of readdirSync(join(projectRoot, room), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || name.startsWith('fixtures/')) continue;
      const file = join(projectRoot, room, name);
      const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
      const own = importedFiles.map(({ fileName }) => fileName).filter((path) => path.startsWith('.'));
      found.set(
        relative(projectRoot, file),
        own.map((path) => relative(projectRoot, join(dirname(file), path))),
      );
    }
  return found;
}

test('no imports go round in a circle, those of types included', () => {
  const all = modules();
  expect(all.size).toBeGreaterThan(500);
  expect(cyclesOf(all)).toEqual([]);
});

test('a circle is found, of two modules or of more, and told once', () => {
  const imports = { a: ['b'], b: ['c', 'd'], c: ['a'], d: [], e: ['f'], f: ['e'], g: ['g'] };
  expect(cyclesOf(new Map(Object.entries(imports)))).toEqual([['a', 'b', 'c'], ['e', 'f'], ['g']]);
});
