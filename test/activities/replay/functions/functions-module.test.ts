// The module with a user's functions, as editors write it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadFunctions } from '../../../../activities/replay/functions/functions-module.ts';

async function moduleFile(bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rewind-functions-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'functions.mjs');
  await writeFile(path, bytes);
  return path;
}

const SOURCE = '\ufeffexport const filter = { all: () => true };';

it('is loaded behind a byte order mark', async () => {
  const { functions } = await loadFunctions(await moduleFile(Buffer.from(SOURCE)));
  expect(functions.filter?.['all']).toBeTypeOf('function');
});

it('in UTF-16 is an error that says so', async () => {
  await expect(loadFunctions(await moduleFile(Buffer.from(SOURCE, 'utf16le')))).rejects.toMatchObject({
    fault: 'configuration',
    message: expect.stringContaining('expected UTF-8, found UTF-16 (little endian)') as string,
  });
});
