// Proves that an error message shows the cause that a log names, not only what was written after it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logTail } from '../../../scripts/stack/log-tail.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rewind-log-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function logOf(text: string): string {
  const file = join(folder, 'server.log');
  writeFileSync(file, text);
  return file;
}

const closing = Array.from({ length: 40 }, (_, index) => `INFO closing part ${index}`);

describe('the end of a log', () => {
  it('is its last lines', () => {
    expect(logTail(logOf(closing.join('\n')), 0, 3)).toBe(closing.slice(-3).join('\n'));
  });

  it('begins with the errors that were written before those', () => {
    const log = logOf(['INFO starting', 'ERROR wrong cluster id', ...closing].join('\n'));
    expect(logTail(log, 0, 2)).toBe(['ERROR wrong cluster id', '...', ...closing.slice(-2)].join('\n'));
  });

  it('leaves out what an earlier run wrote', () => {
    const earlier = 'ERROR of yesterday\n';
    expect(logTail(logOf(`${earlier}INFO of today\n`), earlier.length)).toBe('INFO of today');
  });

  it('says that there is none', () => {
    expect(logTail(join(folder, 'nothing.log'))).toBe('(no log was written)');
    expect(logTail(logOf(''))).toBe('(the log is empty)');
  });
});
