// Nothing but the layout itself and the list of layouts knows Camus: not its files, not its history, not its folders.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../scripts/stack/project-root.ts';

const ROOMS = ['activities', 'cli', 'connections', 'formats', 'layouts', 'workers', 'workflows'];
const CAMUS =
  /layouts\/camus|\.\/camus\/|offsets-m-|offsets-previous|requests\.previous|errors-m-|base\/history|EtlKey/g;

function named(file: string): string[] {
  const code = readFileSync(join(projectRoot, file), 'utf8')
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\/\/ .*/g, '');
  return (code.match(CAMUS) ?? []).map((name) => `${file}: ${name}`);
}

it("names Camus's files, history and folders in its layout alone", () => {
  const files = ROOMS.flatMap((room) =>
    readdirSync(join(projectRoot, room), { recursive: true, encoding: 'utf8' }).map((path) => join(room, path)),
  ).filter((path) => path.endsWith('.ts') && path !== 'layouts/registered.ts');
  const inside = files.filter((file) => file.startsWith('layouts/camus/'));
  expect(inside.flatMap(named).length).toBeGreaterThan(5);
  expect(files.filter((file) => !inside.includes(file)).flatMap(named)).toEqual([]);
});
