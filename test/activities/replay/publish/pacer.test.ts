// A publisher is held to its rate: never ahead of it, in small even portions, and woken at once when it is to end.
import { describe, expect, it } from 'vitest';
import { Pacer, type PacerClock } from '../../../../activities/replay/publish/pacer.ts';

/** A clock that only sleeping moves. */
function clockAt(start = 0): PacerClock & { at: number; sleeps: number[] } {
  const clock = {
    at: start,
    sleeps: [] as number[],
    now: () => clock.at,
    async sleep(milliseconds: number, signal: AbortSignal) {
      signal.throwIfAborted();
      clock.sleeps.push(milliseconds);
      clock.at += milliseconds;
    },
  };
  return clock;
}

const { signal } = new AbortController();
const alive = (): void => undefined;

describe('a pacer', () => {
  it('never lets more out than the rate allows', async () => {
    const clock = clockAt();
    const pacer = new Pacer({ records: 100 }, clock);
    let out = 0;
    for (const records of [100, 50, 1, 100, 7]) {
      expect(await pacer.mayGo(records, 1e9, signal, alive)).toBe(true);
      out += records;
      expect(out).toBeLessThanOrEqual((clock.at / 1000) * 100 + 1e-6);
    }
    expect(clock.at).toBeCloseTo(2_580);
  });

  it('counts whichever of records and bytes takes longer', async () => {
    const clock = clockAt();
    const pacer = new Pacer({ records: 1_000, bytes: 10_000 }, clock);
    await pacer.mayGo(100, 20_000, signal, alive);
    expect(clock.at).toBeCloseTo(2_000);
    await pacer.mayGo(3_000, 1, signal, alive);
    expect(clock.at).toBeCloseTo(5_000);
  });

  it('saves up at most a second that was not used', async () => {
    const clock = clockAt();
    const pacer = new Pacer({ records: 10 }, clock);
    clock.at = 60_000;
    await pacer.mayGo(30, 0, signal, alive);
    expect(clock.at).toBeCloseTo(62_000);
  });

  it('shows a sign of life every second of a long wait', async () => {
    const clock = clockAt();
    let signs = 0;
    await new Pacer({ bytes: 1 }, clock).mayGo(1, 30, signal, () => (signs += 1));
    expect(signs).toBeGreaterThanOrEqual(30);
    expect(Math.max(...clock.sleeps)).toBeLessThanOrEqual(1_000);
  });

  it('lets nothing out once it is to end', async () => {
    const ended = new AbortController();
    const waiting = new Pacer({ records: 1 }).mayGo(3_600, 0, ended.signal, alive);
    ended.abort(new Error('cancelled'));
    expect(await waiting).toBe(false);
  });

  it('asks for transactions of a second at most, and of a record at least', () => {
    expect(new Pacer({ records: 250, bytes: 4_096 })).toMatchObject({ maxRecords: 250, maxBytes: 4_096 });
    expect(new Pacer({ records: 1, bytes: 1 })).toMatchObject({ maxRecords: 1, maxBytes: 1 });
    expect(new Pacer({})).toMatchObject({ maxRecords: Infinity, maxBytes: Infinity });
  });

  it('without a limit never waits', async () => {
    const clock = clockAt();
    expect(await new Pacer({}, clock).mayGo(1e9, 1e12, signal, alive)).toBe(true);
    expect(clock.sleeps).toEqual([]);
  });
});
