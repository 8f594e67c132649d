// Records that are sorted by the place of their files alone have windows, too: whatever their times are, or without any.
import { describe, expect, it, vi } from 'vitest';
import { committedLog } from '../../../support/kafka/committed-log.ts';
import { MemoryReplay, type MemoryReplayOptions } from '../../../support/kafka/memory-replay.ts';

vi.mock('../../../../activities/replay/publish/pacer.ts', () => import('../../../support/unpaced.ts'));

const FILES = 24;
const RECORDS = 20;

/** Lines whose times go back from file to file, some without any. */
const files = Object.fromEntries(
  Array.from({ length: FILES }, (_, file) => {
    const lines = Array.from({ length: RECORDS }, (__, n) =>
      JSON.stringify({ ...(n % 3 > 0 && { timestamp: 1e12 - file * 1e9 - n }), file, n, text: 'x'.repeat(40) }),
    );
    const name = `2014/11/02/01/part-${String(file).padStart(3, '0')}.json`;
    return [name, Buffer.from(lines.map((line) => `${line}\n`).join(''))];
  }),
);

async function open(sort: 'windows' | 'auto' | 'whole', options: MemoryReplayOptions = {}): Promise<MemoryReplay> {
  const input = {
    archive: { dest: '/camus', format: 'text' },
    order: 'file',
    output: { partitions: 'one', timestamps: 'publish' },
    sort,
  } as const;
  const replay = await MemoryReplay.open({ files, tuning: { splitBytes: 4_000, sliceMs: 0 }, input, ...options });
  await replay.claim();
  return replay;
}

async function publishAll(replay: MemoryReplay): Promise<void> {
  for (let slices = 0; slices < 1_000; slices += 1)
    if ((await replay.publish({ records: 30 }).catch(() => undefined))?.done === true) return;
  throw new Error('it never comes to an end');
}

async function places(replay: MemoryReplay): Promise<string[]> {
  const [log = []] = await committedLog(replay.kafka, replay.topic);
  return log.map(({ value }) => {
    const { file, n } = JSON.parse(value ?? '{}') as { file: number; n: number };
    return `${file} ${n}`;
  });
}

const all = Array.from({ length: FILES * RECORDS }, (_, n) => `${Math.floor(n / RECORDS)} ${n % RECORDS}`);

describe('windows of places', () => {
  it('give every record at its place, and no times', async () => {
    const replay = await open('windows');
    expect(replay.input.listing.windows?.count).toBeGreaterThan(2);
    await publishAll(replay);
    expect(await places(replay)).toEqual(all);
    expect(replay.input.catalogue).toMatchObject({ records: String(all.length), firstTime: undefined });
    await replay.verify();
  });

  it('survive a publisher that dies behind every second commit', async () => {
    const replay = await open('windows');
    let commits = 0;
    replay.kafka.interruption = ({ call }, moment) => {
      if (call === 'commit' && moment === 'after' && (commits += 1) % 2 === 0) throw new Error('it dies');
    };
    await publishAll(replay);
    replay.kafka.interruption = undefined;
    expect(await places(replay)).toEqual(all);
    await replay.verify();
  });

  it('go through staging where they do not fit into memory', async () => {
    const replay = await open('auto', { budget: 20_000 });
    expect(replay.input.listing.windows?.direct).toBe(0);
    await publishAll(replay);
    expect(await places(replay)).toEqual(all);
    await replay.verify();
  });
});
