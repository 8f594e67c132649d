import { FormatError } from '../../formats/format-error.ts';
import { decodeToMemory, type DecodedFiles, type DecodedRecord } from '../support/decode-to-memory.ts';
import { replayJob } from '../support/replay-job.ts';
import type { Mutant } from './mutants.ts';
import type { Original } from './original.ts';

/**
 * What a reader made of a mutant under the policy `fail`: an error that names file and place; the same records, where
 * the byte means nothing; or other records, which is allowed only where nothing in the format could tell.
 */
export type Verdict = 'error' | 'same' | 'changed';

export interface Judgement {
  verdict: Verdict;
  /** What must not be, in words. */
  defects: string[];
}

/** The records of a file, as it is published, one string each. */
export async function recordsOf(original: Original): Promise<string[]> {
  return (await decode(original, original.bytes, 'fail')).records.map(asText);
}

/** Reads a mutant as a job would, under both policies. */
export async function judge(original: Original, records: readonly string[], mutant: Mutant): Promise<Judgement> {
  const failing = await judgeFailing(original, records, mutant);
  const skipping = await decode(original, mutant.bytes, 'skip');
  return {
    verdict: failing.verdict,
    defects: [
      ...failing.defects,
      ...wrongWithSkipping(skipping, original, records, mutant),
      ...(await wrongWithSplits(skipping, original, mutant)),
    ],
  };
}

async function judgeFailing(original: Original, records: readonly string[], mutant: Mutant): Promise<Judgement> {
  let found: string[];
  try {
    found = (await decode(original, mutant.bytes, 'fail')).records.map(asText);
  } catch (error) {
    return { verdict: 'error', defects: wrongWith(error, original, mutant.bytes.length) };
  }
  if (found.length !== records.length)
    return { verdict: 'changed', defects: [`silence: ${found.length} records, and no error`] };
  if (found.every((record, i) => record === records[i])) return { verdict: 'same', defects: [] };
  const defects = original.isProtected(mutant.position) ? ['wrong records where a checksum could tell'] : [];
  return { verdict: 'changed', defects };
}

function wrongWith(error: unknown, { path }: Original, length: number): string[] {
  if (!(error instanceof FormatError)) return [`not a FormatError: ${String(error)}`];
  const defects: string[] = [];
  if (!error.message.startsWith(path)) defects.push(`the error does not name the file: ${error.message}`);
  const { position, ordinal } = error.facts;
  if (position === undefined && ordinal === undefined) defects.push(`the error names no place: ${error.message}`);
  if (position !== undefined && (position < 0 || position > length))
    defects.push(`position ${position} in a file of ${length} bytes`);
  return defects;
}

function wrongWithSkipping(
  { records: kept, counts }: DecodedFiles,
  original: Original,
  records: readonly string[],
  mutant: Mutant,
): string[] {
  const defects: string[] = [];
  if (counts.read !== counts.kept + counts.skipped || counts.kept !== kept.length)
    defects.push(`skip: read ${counts.read}, kept ${counts.kept}, skipped ${counts.skipped}`);
  if (counts.skipped > 0 && counts.errors.length === 0) defects.push('skip: records skipped without a reason');
  const found = kept.map(asText);
  if (found.length < records.length && counts.skipped === 0) defects.push('skip: silence about missing records');
  // What is cut has lost its checksum.
  const couldTell =
    original.isProtected(mutant.position) && !counts.errors.some((line) => line.includes('"truncated"'));
  if (couldTell && found.some((record) => !records.includes(record)))
    defects.push('skip: wrong records where a checksum could tell');
  const untouched = untouchedRecords(original, mutant).map((ordinal) => records[ordinal]!);
  const lost = untouched.filter((record) => !found.includes(record));
  if (lost.length > 0) defects.push(`skip: ${lost.length} records lost that are far from the damage`);
  return defects;
}

/** However a damaged file is cut in two, what is kept of it is the same. The cuts are around the damage and far from it. */
async function wrongWithSplits(whole: DecodedFiles, original: Original, mutant: Mutant): Promise<string[]> {
  const { bytes, position } = mutant;
  if (!original.isCuttable) return [];
  const cut = Math.min(
    bytes.length,
    (position * 7) % 3 === 0 ? position + (position % 40) : (position * 31) % bytes.length,
  );
  const parts = [
    ...(await decode(original, bytes, 'skip', { start: 0, end: cut })).records,
    ...(await decode(original, bytes, 'skip', { start: cut, end: bytes.length })).records,
  ];
  const found = parts.map(asText);
  const expected = whole.records.map(asText);
  if (found.length === expected.length && found.sort().join() === expected.sort().join()) return [];
  return [`cut at ${cut}: ${found.length} records, and ${expected.length} in one piece`];
}

/** Ordinals of the records in units that the mutation leaves whole. A header that is damaged may take all of them. */
function untouchedRecords({ units, isAddressed }: Original, { position, mutation }: Mutant): number[] {
  if (isAddressed === true && ['delete', 'insert', 'truncate'].includes(mutation)) return [];
  const hit = units.findIndex(({ start, end }) => position >= start && position < end);
  if (hit < 0) return [];
  const lost = new Set([hit]);
  // The marker between two units belongs to both.
  if (position >= units[hit]!.markerStart) lost.add(hit + 1);
  const ordinals: number[] = [];
  for (const [i, { firstRecord, endRecord }] of units.entries()) {
    if (lost.has(i) || (mutation === 'truncate' && i > hit)) continue;
    for (let ordinal = firstRecord; ordinal < endRecord; ordinal++) ordinals.push(ordinal);
  }
  return ordinals;
}

async function decode(
  original: Original,
  bytes: Buffer,
  policy: 'fail' | 'skip',
  range?: { start: number; end: number },
): Promise<DecodedFiles> {
  const time = original.name.startsWith('lines') ? { time: { field: 'ts', format: 'unix_milliseconds' } } : {};
  return decodeToMemory([{ path: original.path, bytes }], replayJob({ badData: { policy }, ...time }), { range });
}

const asText = ({ timestamp, value }: DecodedRecord): string => `${timestamp}\t${value.toString('latin1')}`;
