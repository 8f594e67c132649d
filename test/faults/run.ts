import { appendFileSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Stack } from '../../scripts/stack/development-stack.ts';
import { onStack } from '../support/on-stack.ts';
import { registerSearchAttributes } from '../support/register-search-attributes.ts';
import { ReplayHarness } from '../support/replay-harness.ts';
import { writeTestArchive, type TestArchive } from '../support/test-archive.ts';
import { FAULT_SORTS, type FaultSort } from './fault-round.ts';
import { FaultStack } from './fault-stack.ts';
import { playArchiveRound } from './archive/play-archive-round.ts';
import { ARCHIVE_FAULTS } from './archive/registry.ts';
import { playRound } from './play-round.ts';
import { kindsNamed, named } from './registry.ts';
import { playRangesRound } from './ranges/play-ranges-round.ts';
import { RANGES_FAULTS } from './ranges/registry.ts';
import { playRestoreRound, RESTORES, type Restored } from './restore/play-restore-round.ts';
import { restoreKinds } from './restore/registry.ts';
import { reportTable } from './report-table.ts';
import type { RoundReport } from './round-report.ts';

const USAGE = `npm run test:faults -- [options]

Replays an archive, archives topics, or runs functions over them, again and again on real servers while faults strike, and reads everything back
after each round.

  --of WHAT         replay, archive, restore (archives of whole records, of NiFi's lines and of framed values, and
                    replays of them, and of Kafka Connect's files, in turns) or ranges (default replay)
  --restored A,B    which of them in turns: ${RESTORES.join(', ')} (default all)
  --rounds N        how many (default 20)
  --seed TEXT       decides everything; printed, so that a run can be repeated (default: a new one)
  --from N          number of the first round (default 0): round N of a seed is the same in every run
  --kinds A,B       only faults whose names begin so, such as network.kafka,people (default: all)
  --sort HOW        of a replay, or of whole records that are restored: whole or windows (default whole); of a replay
                    also auto, of an archive some of whose windows don't fit into the workers' memory
  --records N       records of a round (default 4000)
  --brokers N       1 or 3 (default 3, so that a leader can die and the replay goes on)
  --stack NAME      a stack that runs, in place of one of its own (its servers will be killed)
  --report FILE     a JSON line for each round is appended
  --table FILE ...  prints the table of such files, and plays nothing`;

interface Settings {
  of: 'replay' | 'archive' | 'restore' | 'ranges';
  sort: FaultSort;
  rounds: number;
  from: number;
  seed: string;
  kinds: string[];
  restored: Restored[];
  records: number;
  brokers: number;
  report: string | undefined;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      of: { type: 'string', default: 'replay' },
      rounds: { type: 'string', default: '20' },
      from: { type: 'string', default: '0' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
      kinds: { type: 'string', default: '' },
      restored: { type: 'string', default: RESTORES.join(',') },
      records: { type: 'string', default: '4000' },
      sort: { type: 'string', default: 'whole' },
      brokers: { type: 'string', default: '3' },
      stack: { type: 'string' },
      report: { type: 'string' },
      table: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return say(USAGE);
  if (values.table) return say(reportTable(positionals.flatMap(reportsIn)));
  const { of } = values;
  if (of !== 'replay' && of !== 'archive' && of !== 'restore' && of !== 'ranges')
    throw new RangeError(`--of ${of}: expected replay, archive, restore or ranges`);
  const restored = values.restored.split(',').map((name) => {
    const known = RESTORES.find((each) => each === name);
    if (known === undefined) throw new RangeError(`--restored ${name}: expected some of ${RESTORES.join(', ')}`);
    return known;
  });
  const sort = FAULT_SORTS.find((each) => each === values.sort && (each !== 'auto' || of === 'replay'));
  if (sort === undefined) throw new RangeError(`--sort ${values.sort}: expected whole or windows, or of a replay auto`);
  const settings: Settings = {
    of,
    sort,
    rounds: Number(values.rounds),
    from: Number(values.from),
    seed: values.seed,
    kinds: values.kinds.split(',').filter((name) => name !== ''),
    restored,
    records: Number(values.records),
    brokers: Number(values.brokers),
    report: values.report,
  };
  const own = {
    purpose: 'faults',
    brokers: settings.brokers,
    registry: of === 'archive' || of === 'restore',
    onProgress: console.log,
  };
  return onStack(values.stack, own, (stack) => attack(stack, settings));
}

type PlayRound = (number: number) => Promise<RoundReport>;

async function attack(stack: Stack, settings: Settings): Promise<number> {
  const servers = await FaultStack.open(stack);
  const harness = await ReplayHarness.open(stack.addresses);
  // Jobs tell the list how far they are, as those of most users do.
  await registerSearchAttributes(harness.client);
  const reports: RoundReport[] = [];
  try {
    const play = { archive: archives, restore: restores, ranges, replay: replays }[settings.of](
      servers,
      harness,
      settings,
    );
    for (let number = settings.from; number < settings.from + settings.rounds; number += 1) {
      const report = await play(number);
      reports.push(report);
      if (settings.report !== undefined) appendFileSync(settings.report, `${JSON.stringify(report)}\n`);
      tell(number, report, settings);
    }
  } finally {
    await harness.close();
    await servers.close();
  }
  console.log(`\n${reportTable(reports)}`);
  return reports.some(({ faults }) => faults.length > 0) ? 1 : 0;
}

function announce({ of, seed, rounds, from }: Settings, kinds: readonly unknown[]): void {
  console.log(`seed ${seed}, ${rounds} rounds of ${of} from ${from}, ${kinds.length} kinds of faults`);
}

/** An archive serves so many rounds, each with a replay topic of its own. */
const ROUNDS_AN_ARCHIVE = 25;

function replays(servers: FaultStack, harness: ReplayHarness, settings: Settings): PlayRound {
  const kinds = kindsNamed(settings.kinds, servers.stack.addresses.kafka.length);
  announce(settings, kinds);
  let files: TestArchive | undefined;
  return async (number) => {
    if (files === undefined || (number - settings.from) % ROUNDS_AN_ARCHIVE === 0)
      files = await newArchive(harness, settings);
    return playRound(servers, harness, files, kinds, `${settings.seed}/${number}`, settings.sort);
  };
}

function archives(servers: FaultStack, harness: ReplayHarness, settings: Settings): PlayRound {
  const kinds = named(ARCHIVE_FAULTS, settings.kinds, servers.stack.addresses.kafka.length);
  announce(settings, kinds);
  return (number) => playArchiveRound(servers, harness, kinds, `${settings.seed}/${number}`, settings.records);
}

function restores(servers: FaultStack, harness: ReplayHarness, settings: Settings): PlayRound {
  const kinds = restoreKinds(settings.kinds, servers.stack.addresses.kafka.length);
  announce(settings, [...kinds.archive, ...kinds.replay]);
  return (number) => {
    // Only offsets of whole records have windows.
    const of = settings.sort === 'windows' ? 'record' : settings.restored[number % settings.restored.length]!;
    return playRestoreRound(servers, harness, of, kinds, `${settings.seed}/${number}`, settings.records, settings.sort);
  };
}

function ranges(servers: FaultStack, harness: ReplayHarness, settings: Settings): PlayRound {
  const kinds = named(RANGES_FAULTS, settings.kinds, servers.stack.addresses.kafka.length);
  announce(settings, kinds);
  return (number) => playRangesRound(servers, harness, kinds, `${settings.seed}/${number}`, settings.records);
}

/** Every other hour of it has more than 16 MiB, with 4000 records: what a worker with 64 MiB has for its windows. */
const LARGE_HOURS = { every: 2, bytes: 24_000 };

async function newArchive(harness: ReplayHarness, { records, seed, sort }: Settings): Promise<TestArchive> {
  const large = sort === 'auto' ? { largeHours: LARGE_HOURS } : {};
  const own = { records, hours: 4, executions: 2, seed: `faults-${seed}`, ...large };
  const files = await writeTestArchive(harness, own);
  await harness.createSource(files.topic, files.archive.offsets());
  return files;
}

function tell(number: number, report: RoundReport, settings: Settings): void {
  const { of, sort, seed, kinds, restored, records, brokers } = settings;
  const { seconds, strikes, faults } = report;
  const what = strikes
    .map(({ kind, step, did, late }) => `${kind} in ${step}${late ? ' (late)' : `: ${did}`}`)
    .join('; ');
  console.log(`round ${number}: ${faults.length === 0 ? 'exact' : 'FAILED'} in ${seconds} s, ${left(report)}. ${what}`);
  if (faults.length === 0) return;
  console.log(faults.map((fault) => `  ${fault}`).join('\n'));
  const some = of === 'restore' && restored.length < RESTORES.length ? ` --restored ${restored.join(',')}` : '';
  const which = `${of === 'replay' ? '' : ` --of ${of}`}${some}${sort === 'whole' ? '' : ` --sort ${sort}`}`;
  const only = kinds.length === 0 ? '' : ` --kinds ${kinds.join(',')}`;
  console.log(
    `  again: npm run test:faults --${which} --seed ${seed} --from ${number} --rounds 1 --records ${records} --brokers ${brokers}${only}`,
  );
}

function left({ aborted, staged = 0, archive, restore, ranges: done }: RoundReport): string {
  if (restore !== undefined) return `${restore.records} records of ${restore.of} restored (${restore.runs.join('; ')})`;
  if (done !== undefined) return `${done.records} records in ${done.ranges} ranges`;
  if (archive === undefined) return `${aborted} aborted${staged === 0 ? '' : `, ${staged} windows staged`}`;
  const { runs, records, files, executions, lost, replayed, readByJava } = archive;
  const replay = replayed === undefined ? '' : `, ${replayed} replayed`;
  const java = readByJava === undefined ? '' : `, ${readByJava} read by Java`;
  return `${runs.length} runs (${runs.join('; ')}), ${records} records in ${files} files of ${executions} executions, ${lost} lost in Kafka${replay}${java}`;
}

function reportsIn(file: string): RoundReport[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as RoundReport);
}

function say(text: string): number {
  console.log(text);
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(2);
  },
);
