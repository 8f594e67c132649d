/** Proves that an execution's name sorts behind all that the history holds, whatever the clock says. */
import { describe, expect, it } from 'vitest';
import { newestExecution } from '../../../layouts/camus/execution-history.ts';
import { executionName, nextExecutionName } from '../../../layouts/camus/execution-name.ts';

const NOW = Date.UTC(2026, 10, 28, 13, 59, 59, 999);

describe('the name of the next execution', () => {
  it('is the time, where that sorts last', () => {
    expect(executionName(NOW)).toBe('2026-11-28-13-59-59');
    expect(nextExecutionName([], NOW)).toBe('2026-11-28-13-59-59');
    expect(nextExecutionName(['2026-11-28-13-59-58', '.hidden', '2014-01-01-00-00-00'], NOW)).toBe(
      '2026-11-28-13-59-59',
    );
  });

  it.each(['2026-11-28-13-59-59', '2026-11-28-14-30-00', '2031-12-31-23-59-59'])(
    'is a second behind %s, which the clock has not passed',
    (last) => {
      const name = nextExecutionName([last, '2020-01-01-00-00-00'], NOW);
      expect(name > last).toBe(true);
      expect(newestExecution([name, last])?.name).toBe(name);
    },
  );

  it.each(['_logs', 'backup', '9999-12-31-23-59-59', '2026-11-31-00-00-00'])(
    'is refused where the history holds %s, behind which none sorts',
    (last) => {
      expect(() => nextExecutionName(['2026-11-28-13-59-58', last], NOW)).toThrow(JSON.stringify(last));
    },
  );
});
