import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openContainer } from '../../../../formats/avro/container.ts';
import { compileSkip } from '../../../../formats/avro/skip-datum.ts';
import { parseSchema } from '../../../../formats/avro/schema/parse-schema.ts';
import type { AvroSchema } from '../../../../formats/avro/schema/schema.ts';
import { bytesSource } from '../../../../formats/byte-source.ts';

export const FIXTURES = join(import.meta.dirname, '../../../fixtures');

export function fixtureText(path: string): string {
  return readFileSync(join(FIXTURES, path), 'utf8');
}

/** The lines of an expected file: U+000A ends a line, and nothing else. */
export function fixtureLines(path: string): string[] {
  const lines = fixtureText(path).split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

export interface Datum {
  data: Uint8Array;
  position: number;
  end: number;
}

export interface FixtureFile {
  writer: AvroSchema;
  /** By the ordinal in the file. */
  records: Datum[];
}

/** Every datum of a container file, found by skipping; checks that each block is used up exactly. */
export async function readContainerFile(path: string): Promise<FixtureFile> {
  const container = await openContainer(bytesSource(readFileSync(join(FIXTURES, path))));
  const writer = parseSchema(container.schemaJson, { lenient: true });
  const skip = compileSkip(writer);
  const records: Datum[] = [];
  for await (const { data, count } of container.blocks()) {
    let position = 0;
    for (let i = 0; i < count; i++) {
      const end = skip(data, position, data.length);
      records.push({ data, position, end });
      position = end;
    }
    if (position !== data.length) throw new Error(`${path}: ${data.length - position} bytes of a block are left over`);
  }
  return { writer, records };
}
