// The execution whose offsets are committed is the newest one by a name that is a time; what else lies in the history
// directory is named, not taken.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { executionStart, newestExecution } from '../../../layouts/camus/execution-history.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');

describe('the newest execution', () => {
  it('is that of the fixtures', () => {
    const { newest } = JSON.parse(readFileSync(join(FIXTURES, 'expected/offsets.json'), 'utf8')) as { newest: string };
    expect(newestExecution(readdirSync(join(FIXTURES, 'exec/history')))).toEqual({
      name: newest,
      startedAt: Date.parse('2014-11-03T11:10:02Z'),
      ignored: [],
    });
  });

  it('is not an entry that sorts after every date', () => {
    const names = readdirSync(join(FIXTURES, 'exec/negative/stray-entries-last'));
    expect(newestExecution(names)).toEqual({
      name: '2014-11-01-11-00-00',
      startedAt: Date.parse('2014-11-01T11:00:00Z'),
      ignored: ['_distcp_logs_x', 'backup-of-2013', 'zz-readme.txt'],
    });
  });

  it('does not depend on the order of the names', () => {
    const names = ['2014-11-03-10-10-07', '2014-11-03-11-10-02', '2013-12-31-23-59-59', 'x'];
    for (let turn = 0; turn < names.length; turn += 1) {
      names.push(names.shift()!);
      expect(newestExecution(names)).toMatchObject({ name: '2014-11-03-11-10-02', ignored: ['x'] });
    }
  });

  it('is none where no name is a time', () => {
    expect(newestExecution([])).toBeUndefined();
    expect(newestExecution(['x', '2014-11-03'])).toBeUndefined();
  });
});

describe('the name of an execution', () => {
  it('is a time in UTC', () => {
    expect(executionStart('2014-11-02-01-59-59')).toBe(Date.UTC(2014, 10, 2, 1, 59, 59));
    expect(executionStart('2016-02-29-00-00-00')).toBe(Date.UTC(2016, 1, 29));
    expect(executionStart('1970-01-01-00-00-00')).toBe(0);
  });

  it.each([
    '2014-11-02-01-59',
    '2014-11-02-01-59-59-1',
    '2014-13-02-01-59-59',
    '2014-02-30-01-59-59',
    '2015-02-29-00-00-00',
    '2014-11-02-24-00-00',
    '2014-11-02-01-60-00',
    '2014-11-02-01-59-60',
    '2014-00-02-01-59-59',
    '14-11-02-01-59-59',
    '2014-11-02T01:59:59',
    ' 2014-11-02-01-59-59',
    '2014-11-02-01-59-59.bak',
    '-014-11-02-01-59-59',
  ])('is not %j', (name) => {
    expect(executionStart(name)).toBeUndefined();
  });
});
