import { crc32c } from '@node-rs/crc32';
import { z } from 'zod';
import { baseName } from '../../../connections/hdfs/hdfs-path.ts';
import { parseStaged, unusable } from '../../step/staged-json.ts';
import type { MergeGroups } from './plan-round.ts';

/**
 * The plan of one round of merge passes, as it stands in staging: JSON lines, a head, a line for each pass with the
 * sections that it merges, and a last line with the number of passes and the CRC32C of all bytes before it.
 */
const FORMAT = 'rewind-merge-plan';
const VERSION = 1;

const headShape = z.object({
  format: z.literal(FORMAT),
  version: z.int(),
  fingerprint: z.string(),
  level: z.int(),
  /** Most sections that a pass has open. */
  maxOpen: z.int().min(2),
});
const groupShape = z.object({
  /** File below `sorted/`, and number of the section in it. */
  sections: z.array(z.tuple([z.string(), z.int()])),
  records: z.int(),
});
const endShape = z.object({ end: z.object({ passes: z.int(), crc32c: z.int() }) });

/** A plan as it is written down: sections by the names of their files. */
export interface WrittenPlan {
  maxOpen: number;
  groups: z.output<typeof groupShape>[];
}

export interface PlanIdentity {
  fingerprint: string;
  level: number;
}

export function encodePlan({ fingerprint, level }: PlanIdentity, maxOpen: number, groups: MergeGroups): Uint8Array {
  const head = { format: FORMAT, version: VERSION, fingerprint, level, maxOpen };
  const lines = groups.map((group) => ({
    sections: group.map(({ file, number }) => [baseName(file.path), number]),
    records: group.reduce((sum, { records }) => sum + records, 0),
  }));
  const body = Buffer.from([head, ...lines].map(lineOf).join(''));
  return Buffer.concat([body, Buffer.from(lineOf({ end: { passes: groups.length, crc32c: crc32c(body) } }))]);
}

/** @throws JobError 'staging-unusable' */
export function decodePlan(path: string, bytes: Uint8Array, expected: PlanIdentity): WrittenPlan {
  const text = Buffer.from(bytes).toString('utf8');
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length < 2) throw unusable(path, 'the plan has no end', 'its last line is missing');
  const [first = '', ...rest] = lines;
  const last = rest.pop() ?? '';
  const head = parseStaged(path, headShape, first);
  if (head.version !== VERSION)
    throw unusable(path, `expected version ${VERSION} of the plan`, `found version ${head.version}`);
  if (head.fingerprint !== expected.fingerprint || head.level !== expected.level)
    throw unusable(
      path,
      `expected the plan of level ${expected.level} of the sequence ${expected.fingerprint.slice(0, 12)}`,
      `found level ${head.level} of ${head.fingerprint.slice(0, 12)}`,
    );
  const { end } = parseStaged(path, endShape, last);
  const found = crc32c(Buffer.from(text.slice(0, text.length - last.length - 1)));
  if (end.crc32c !== found || end.passes !== rest.length)
    throw unusable(path, `expected ${end.passes} passes, checksum ${end.crc32c}`, `found ${rest.length}, ${found}`);
  return { maxOpen: head.maxOpen, groups: rest.map((line) => parseStaged(path, groupShape, line)) };
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
