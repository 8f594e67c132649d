// What others read of whole records: Python's fastavro and Java's Avro, in every codec, the very same.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ENVELOPE_IDS, ENVELOPE_ROWS, writeEnvelopeFiles } from '../../support/envelope-files.ts';
import { JavaReadBack } from '../../support/java-read-back.ts';
import { readByPython } from '../../support/python-packages.ts';

const folder = mkdtempSync(join(tmpdir(), 'rewind-envelopes-'));

let paths: string[];
let datums: string[];
beforeAll(async () => {
  ({ paths, datums } = await writeEnvelopeFiles(folder));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('fastavro', async () => {
  const expected = ENVELOPE_ROWS.map((row) => ({ ...row, ...ENVELOPE_IDS }));
  for (const path of paths) {
    const lines = await readByPython('read_envelopes.py', [path]);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(expected);
  }
});

it('Java, byte for byte', async () => {
  const java = await JavaReadBack.compile(join(folder, 'classes'));
  // The name that is no text is read, and written again, with a replacement character.
  const written = (lines: string[]): string[] => lines.slice(1, -1);
  for (const lines of java.read('avro', paths)) expect(written(lines)).toEqual(datums.slice(0, -1));
});
