// What was decoded is published only where its times have one unit, and no more was skipped than the job allows: of all
// records, and for each reason that has a limit of its own.
import { describe, expect, it } from 'vitest';
import { checkDecoded } from '../../../../activities/replay/decode/check-decoded.ts';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import type { CatalogueInput } from '../../../../activities/replay/steps.ts';
import { replayJob } from '../../../support/replay-job.ts';

function check(badData: ReplayInput['badData'], decoded: Partial<CatalogueInput['decoded']>): void {
  const job = replayJob({ badData });
  const listing = { leftOut: [] } as unknown as CatalogueInput['listing'];
  checkDecoded({
    job,
    listing,
    decoded: { read: 1000, kept: 1000, skipped: 0, skippedBy: {}, timeUnits: ['millis'], ...decoded },
  });
}

const FIVE = { skipped: 5, skippedBy: { time: 4, schema: 1 } };

describe('what was decoded', () => {
  it('may have as much skipped as the limits say, exactly', () => {
    expect(() => check({ policy: 'skip', limitPercent: 0.5, limits: { time: 0.4, schema: 0.1 } }, FIVE)).not.toThrow();
  });

  it('is refused beyond the limit on all', () => {
    expect(() => check({ policy: 'skip', limitPercent: 0.4 }, FIVE)).toThrow(
      /^5 of 1000 records \(0\.500 per cent\) can't be read, more than badData\.limitPercent \(0\.4\).*\.errors/,
    );
  });

  it('is refused beyond the limit of one reason, which may be none at all', () => {
    expect(() => check({ policy: 'skip', limitPercent: 5, limits: { schema: 0 } }, FIVE)).toThrow(
      "1 of 1000 records (0.100 per cent) can't be read, more than badData.limits.schema (0)",
    );
    expect(() => check({ policy: 'skip', limitPercent: 5, limits: { corrupt: 0 } }, FIVE)).not.toThrow();
  });

  it('is refused by a job that was to end for any of it: it has left that out when it was taken up so', () => {
    expect(() => check({ policy: 'fail', limitPercent: 100 }, FIVE)).toThrow(
      /^5 of 1000 records could not be read \(time, schema\), and were left out when .* Take it up with "skip" again\.$/,
    );
  });

  it('is refused by such a job also where what was passed over has cost no record', () => {
    expect(() => check({ policy: 'fail' }, { skippedBy: { truncated: 0 } })).toThrow(
      /^Files are damaged \(truncated\), though no record is missing .* Take it up with "skip" again\.$/,
    );
    expect(() => check({ policy: 'skip' }, { skippedBy: { truncated: 0 } })).not.toThrow();
  });

  it('is refused with times of several units', () => {
    expect(() => check({}, { timeUnits: ['millis', 'micros'] })).toThrow('several units (millis, micros)');
  });

  it('may be nothing', () => {
    expect(() => check({}, { read: 0, timeUnits: [] })).not.toThrow();
  });
});
