// Every link of the docs leads to a file that is there, and to a heading that it has; every path that they name is there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/stack/project-root.ts';

const pages = [
  ...readdirSync(projectRoot).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(projectRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

const textOf = (page: string): string => readFileSync(join(projectRoot, page), 'utf8').replace(/^```[^]*?^```/gm, '');

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Links of a page that lead nowhere. */
function brokenLinks(page: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(projectRoot, target))) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
    });
}

test.each(pages)('every link of %s leads somewhere', (page) => {
  expect(brokenLinks(page, textOf(page))).toEqual([]);
});

test('a link to a file that is gone, or to a heading, is found', () => {
  expect(
    brokenLinks('README.md', '[a](docs/job.md) [b](docs/nothing.md) [c](docs/errors.md#rewindinternal) [d](#nowhere)'),
  ).toEqual(['docs/nothing.md', '#nowhere']);
});

const ROOMS = [
  ...['activities', 'bench', 'cli', 'connections', 'docs', 'examples', 'formats', 'layouts', 'scripts', 'test'],
  ...['workers', 'workflows', 'contract', 'integration'],
];
const PATH = new RegExp(`\x60((?:${ROOMS.join('|')})/[\\w./-]*)\x60`, 'g');

/** Paths of the project that a page names and that are not there; those of tests may be without `test/`. */
function gonePaths(text: string): string[] {
  const named = [...text.matchAll(PATH)].map(([, path = '']) => path);
  return named.filter((path) => !['.', 'test'].some((place) => existsSync(join(projectRoot, place, path))));
}

// What was once is named where changes are told.
test.each(pages.filter((page) => page !== 'CHANGELOG.md'))('every path that %s names is there', (page) => {
  expect(gonePaths(textOf(page))).toEqual([]);
});

test('a path that is gone is found', () => {
  expect(
    gonePaths('`formats/avro/`, `docs/nothing.md`, `integration/nowhere.test.ts` and `docs/links.test.ts`'),
  ).toEqual(['docs/nothing.md', 'integration/nowhere.test.ts']);
});
