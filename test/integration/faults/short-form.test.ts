// The fault machine in its short form: a round for each family of faults, on servers of its own, which it may kill.
// `npm run test:faults` plays as many as one likes. REWIND_SEED repeats a run.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Stack } from '../../../scripts/stack/development-stack.ts';
import { startStack } from '../../../scripts/stack/start-stack.ts';
import { playArchiveRound } from '../../faults/archive/play-archive-round.ts';
import { ARCHIVE_FAULTS } from '../../faults/archive/registry.ts';
import { FaultStack } from '../../faults/fault-stack.ts';
import { playRound } from '../../faults/play-round.ts';
import { kindsNamed, named } from '../../faults/registry.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { writeTestArchive, type TestArchive } from '../../support/test-archive.ts';

const SEED = process.env['REWIND_SEED'] ?? String(Math.floor(Math.random() * 1e6));

let stack: Stack;
let servers: FaultStack;
let harness: ReplayHarness;
let files: TestArchive;
beforeAll(async () => {
  stack = await startStack({ name: `faults-${randomBytes(4).toString('hex')}`, owned: true, brokers: 3 });
  servers = await FaultStack.open(stack);
  harness = await ReplayHarness.open(stack.addresses);
  files = await writeTestArchive(harness, { records: 4_000, hours: 4, executions: 2, seed: `faults-${SEED}` });
  await harness.createSource(files.topic, files.archive.offsets());
}, 300_000);
afterAll(async () => {
  await harness?.close();
  await servers?.close();
  await stack?.down({ deleteData: true });
}, 120_000);

test.each(['processes', 'network', 'people', 'load', 'answers', 'take-up'])(
  `a replay survives faults of %s (REWIND_SEED=${SEED})`,
  async (family) => {
    const report = await playRound(servers, harness, files, kindsNamed([`${family}.`], 3), `${SEED}/${family}`);
    expect(report.faults, JSON.stringify(report.strikes)).toEqual([]);
  },
);

test.each(['renames', 'topics,room,several'])(
  `an archive survives faults of %s (REWIND_SEED=${SEED})`,
  async (families) => {
    const kinds = named(ARCHIVE_FAULTS, families.split(','), 3);
    const report = await playArchiveRound(servers, harness, kinds, `${SEED}/${families}`, 1_000);
    expect(report.faults, JSON.stringify(report.strikes)).toEqual([]);
  },
);
