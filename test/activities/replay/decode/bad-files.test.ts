// Every bad Avro, SequenceFile and text file of the fixtures as a split of a job meets it: under "fail" an error that
// names the file and the place; under "skip" what comes before it is kept, what is broken is counted with its reason,
// and nothing of it comes out.
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { FormatError } from '../../../../formats/format-error.ts';
import { badFiles, fixture, fixtureText, formatErrorOf, type BadFile } from '../../../formats/support/fixture-files.ts';
import { decodeToMemory, type DecodedFiles } from '../../../support/decode-to-memory.ts';
import { replayJob } from '../../../support/replay-job.ts';

const MILLIS_IN_TS = { field: 'ts', format: 'unix_milliseconds' };

/** As a job of the file's kind reads it. */
async function decode(bad: BadFile & { schema?: string }, policy: 'fail' | 'skip'): Promise<DecodedFiles> {
  const input: Partial<ReplayInput> = { badData: { policy }, ...(bad.kind === 'text' ? { time: MILLIS_IN_TS } : {}) };
  const readerSchema = bad.kind === 'avro' && bad.schema !== 'own';
  const options = readerSchema ? { schema: fixtureText('bad/schemas/reader.avsc') } : {};
  return decodeToMemory([{ path: `/in/${basename(bad.file)}`, bytes: fixture(bad.file) }], replayJob(input), options);
}

const ALL = ['avro', 'seq', 'text'].flatMap((kind) => badFiles(kind));

describe('a bad file', () => {
  it.each(ALL.filter(({ verdict }) => verdict === 'error' || verdict === 'limit'))(
    '$file ends the job, by name and place',
    async (bad) => {
      const error = await formatErrorOf(() => decode(bad, 'fail'));
      expect(error.message.startsWith(`/in/${basename(bad.file)}`)).toBe(true);
      expect(error.message).toContain('badData.policy');
      const { position } = error.facts;
      if (position === undefined) return expect(bad.at === null || bad.kind === 'text').toBe(true);
      expect(position).toBeGreaterThanOrEqual(bad.at ?? 0);
      expect(position).toBeLessThanOrEqual(bad.to ?? Infinity);
    },
  );

  it.each(ALL.filter(({ verdict }) => verdict === 'error' || verdict === 'limit'))(
    '$file is left out from its broken part on, or around it',
    async (bad) => {
      const { records, counts } = await decode(bad, 'skip');
      expect(counts.errors.length).toBeGreaterThan(0);
      expect(counts.skipped).toBeGreaterThan(0);
      expect(Object.values(counts.skippedBy).reduce((sum, count) => sum + count, 0)).toBe(counts.skipped);
      expect(counts.read).toBe(counts.kept + counts.skipped);
      expect(records.length).toBe(counts.kept);
      if (bad.recordsBefore !== null) expect(records.length).toBeGreaterThanOrEqual(bad.recordsBefore);
      for (const line of counts.errors)
        expect(JSON.parse(line)).toMatchObject({
          file: `/in/${basename(bad.file)}`,
          message: expect.any(String) as string,
        });
    },
  );

  it.each(ALL.filter(({ verdict }) => verdict === 'warn'))(
    '$file has what its name counts, or says so',
    async (bad) => {
      const outcome = await decode(bad, 'skip');
      expect(outcome.records.length).toBeGreaterThanOrEqual(bad.recordsBefore ?? 1);
      if (outcome.counts.skipped > 0) await expect(decode(bad, 'fail')).rejects.toBeInstanceOf(FormatError);
    },
  );
});
