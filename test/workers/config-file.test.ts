// The file that REWIND_CONFIG names, as editors write it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadWorkerConfig } from '../../workers/config.ts';

function configFile(bytes: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'rewind-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'config.json');
  writeFileSync(path, bytes);
  return path;
}

it('is read behind a byte order mark', () => {
  const path = configFile(Buffer.from('\ufeff{"taskQueue":"marked"}'));
  expect(loadWorkerConfig({ REWIND_CONFIG: path }).taskQueue).toBe('marked');
});

it('in UTF-16 is an error that says so', () => {
  const path = configFile(Buffer.from('\ufeff{"taskQueue":"marked"}', 'utf16le'));
  expect(() => loadWorkerConfig({ REWIND_CONFIG: path })).toThrow(
    `REWIND_CONFIG: ${path} at byte 0: the text is not in UTF-8: expected UTF-8, found UTF-16 (little endian)`,
  );
});
