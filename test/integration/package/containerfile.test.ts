// The Containerfile as a linter of such files reads it, which knows shells, layers and users as well. Where an engine is,
// `docker build` says the rest.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { hadolint } from '../../support/hadolint.ts';

const FILE = fileURLToPath(new URL('../../../examples/deploy/Containerfile', import.meta.url));

test('the Containerfile has nothing that hadolint finds', async () => {
  const { stdout, stderr, status } = spawnSync(await hadolint(), ['--no-color', FILE], { encoding: 'utf8' });
  expect(`${stdout}${stderr}`).toBe('');
  expect(status).toBe(0);
});
