// docs/architecture.md shows the house as it is: every room of code, and every room of a workflow.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/stack/project-root.ts';

const page = readFileSync(join(projectRoot, 'docs', 'architecture.md'), 'utf8');
const table = page.slice(page.indexOf('## The rooms'), page.indexOf('Arrows point one way'));
/** Where no code of the project is, or what is made of it. */
const NO_ROOMS = ['dist', 'docs', 'node_modules'];

const foldersOf = (path: string): string[] =>
  readdirSync(join(projectRoot, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);

test('its table has every folder of the project, and no other', () => {
  const rows = [...table.matchAll(/^\| `([a-z]+)\/` /gm)].map(([, name = '']) => name);
  expect(rows.toSorted()).toEqual(
    foldersOf('.')
      .filter((name) => !NO_ROOMS.includes(name))
      .toSorted(),
  );
});

test.each(['workflows', 'activities', 'layouts', 'connections'])('its row of %s/ names each folder there', (room) => {
  const row = new RegExp(`^\\| \`${room}/\` .*$`, 'm').exec(table)?.[0] ?? '';
  expect(foldersOf(room).filter((name) => !row.includes(`\`${name}/\``))).toEqual([]);
});
