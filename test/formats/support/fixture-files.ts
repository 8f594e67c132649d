import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FormatError } from '../../../formats/format-error.ts';

const ROOT = join(import.meta.dirname, '../../fixtures');

/** The bytes of a fixture, by its path in test/fixtures. */
export function fixture(path: string): Buffer {
  return readFileSync(join(ROOT, path));
}

export function fixtureText(path: string): string {
  return fixture(path).toString('utf8');
}

/** The lines of an expected file; they end with U+000A and with nothing else. */
export function fixtureLines(path: string): string[] {
  return fixtureText(path)
    .split('\n')
    .filter((line) => line !== '');
}

/** Paths of all files below a folder of test/fixtures, relative to it. */
export function fixturesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort();
}

/** What test/fixtures/expected/bad.json says about a bad file. */
export interface BadFile {
  file: string;
  kind: string;
  verdict: 'error' | 'limit' | 'warn' | 'ok';
  at: number | null;
  to: number | null;
  recordsBefore: number | null;
  what: string;
}

export function badFiles(kind: string): BadFile[] {
  return (JSON.parse(fixtureText('expected/bad.json')) as BadFile[]).filter((bad) => bad.kind === kind);
}

/** The FormatError that a reading ends with; anything else fails the test. */
export async function formatErrorOf(reading: () => Promise<unknown>): Promise<FormatError> {
  try {
    await reading();
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('expected a FormatError, and there was no error');
}
