// An examination ends in time whatever the servers do, and keeps what was found until then.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { examinedWithin } from '../../../workers/doctor/examined.ts';

const OF = { kind: 'kafka', name: 'default', server: 'k:9092' } as const;
const never = new AbortController().signal;
const REACHED = { about: 'reached', verdict: 'fine', says: 'it answers' } as const;

test('what is found in time is all there is', async () => {
  const examined = await examinedWithin(10_000, OF, async (tell) => tell(REACHED), never);
  expect(examined).toEqual({ ...OF, findings: [REACHED] });
});

test('a server that never answers is a fault, and what it had answered stays', async () => {
  let late: AbortSignal | undefined;
  const examined = await examinedWithin(
    50,
    OF,
    async (tell, signal) => {
      late = signal;
      tell(REACHED);
      await new Promise(() => undefined);
    },
    never,
  );
  expect(examined.findings).toMatchObject([
    REACHED,
    {
      verdict: 'fault',
      says: 'not all was answered within 0.05 s',
      remedy: expect.stringMatching(/network/) as string,
    },
  ]);
  expect(late?.aborted).toBe(true);
});

test('what comes after the end is not told', async () => {
  const examined = await examinedWithin(
    20,
    OF,
    async (tell) => {
      await sleep(60);
      tell(REACHED);
    },
    never,
  );
  await sleep(80);
  expect(examined.findings.map(({ verdict }) => verdict)).toEqual(['fault']);
  expect(examined.findings[0]?.says).toMatch(/^nothing was answered/);
});

test('who ends it before is told nothing', async () => {
  const end = new AbortController();
  const examined = examinedWithin(60_000, OF, () => new Promise(() => undefined), end.signal);
  end.abort();
  expect((await examined).findings).toEqual([]);
});

test('a fault of the code itself is no finding', async () => {
  await expect(examinedWithin(1_000, OF, () => Promise.reject(new TypeError('a slip')), never)).rejects.toThrow('slip');
});
