// What goes on is told every second: on a terminal on one line that is drawn over, elsewhere seldom, and never between.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { downloadsIn } from '../../../scripts/stack/downloads-in-log.ts';
import { ToldLines } from '../../../scripts/stack/told-lines.ts';
import { Waits } from '../../../scripts/stack/waits.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function lines(isTTY: boolean, columns = 40): { told: ToldLines; written: string[] } {
  const written: string[] = [];
  const out = { isTTY, columns, write: (text: string) => written.push(text) };
  return { told: new ToldLines(out as unknown as NodeJS.WriteStream, '  '), written };
}

test('on a terminal a line is drawn over the last one, cut to its width, and taken away by what stays', () => {
  const { told, written } = lines(true);
  told.now('a'.repeat(100));
  told.line('done');
  expect(written).toEqual([`\r\x1b[K  ${'a'.repeat(37)}`, '\r\x1b[K', '  done\n']);
});

test('elsewhere a line comes every five seconds', () => {
  const { told, written } = lines(false);
  for (let second = 0; second < 11; second++) {
    vi.advanceTimersByTime(1000);
    told.now(`${second}`);
  }
  expect(written).toEqual(['  4\n', '  9\n']);
});

test('work is told of every second until it is over', async () => {
  const { told, written } = lines(true);
  let done = (): void => undefined;
  const work = told.during(() => 'sending', new Promise<void>((resolve) => (done = resolve)));
  await vi.advanceTimersByTimeAsync(2_000);
  done();
  await work;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(written).toEqual(['\r\x1b[K  sending: 1 s', '\r\x1b[K  sending: 2 s', '\r\x1b[K']);
});

test('the start of a stack names whom it waits for, and no more when all are there', async () => {
  const told: string[] = [];
  const waits = new Waits((line) => told.push(line));
  let answers = (): void => undefined;
  const namenode = waits.during('namenode', new Promise<void>((resolve) => (answers = resolve)));
  await vi.advanceTimersByTimeAsync(1_000);
  answers();
  await namenode;
  await vi.advanceTimersByTimeAsync(3_000);
  waits.end();
  expect(told).toEqual(['waiting for namenode: 1 s']);
});

test('of a download the files that Maven has told of are counted', () => {
  const log = [
    '[INFO] Downloading from central: there/org/a/1/a-1.jar',
    '[INFO] Downloaded from central: there/org/a/1/a-1.jar (4.2 MB at 3.1 MB/s)',
    'Progress (1): 12 kB',
    '[INFO] Downloaded from central: there/org/b/2/b-2.pom (1 kB at 9 kB/s)',
  ].join('\n');
  expect(downloadsIn(log)).toBe('2 files, the last b-2.pom');
  expect(downloadsIn('[INFO] nothing yet')).toBeUndefined();
});
