import { fork } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/stack/project-root.ts';
import type { Judgement, Verdict } from './judge.ts';
import type { Mutant } from './mutants.ts';

export type FromChild =
  ({ kind: 'begin' } & Place) | ({ kind: 'end' } & Judgement) | { kind: 'done'; peakBytes: number };

type Place = Pick<Mutant, 'position' | 'mutation'>;

export interface FileReport {
  name: string;
  mutants: number;
  verdicts: Record<Verdict, number>;
  defects: string[];
  /** The most memory that the process which read them ever had. */
  peakBytes: number;
}

/** Reading one mutant twice takes a few milliseconds. */
const HANGS_AFTER_MS = 20_000;
/** A process that reads nothing has some 120 MB; a declared length of 2^40 must not be believed. */
const HEAP_MIB = 256;
export const PEAK_LIMIT = 700 * 1024 * 1024;
/** Crashes and hangs end the child; it is not begun again for ever. */
const MOST_DEATHS = 20;

/** Reads every mutant of a file in a process of its own, which may die of it. */
export async function judgeFile(
  name: string,
  { seed, every, onMutant }: { seed: number; every: number; onMutant?: () => void },
): Promise<FileReport> {
  const report: FileReport = {
    name,
    mutants: 0,
    verdicts: { error: 0, same: 0, changed: 0 },
    defects: [],
    peakBytes: 0,
  };
  for (let deaths = 0; deaths < MOST_DEATHS; deaths++)
    if (await runChild(report, [name, String(seed), String(every), String(report.mutants)], onMutant)) break;
  if (report.peakBytes > PEAK_LIMIT) report.defects.push(`${name}: ${report.peakBytes} bytes of memory`);
  return report;
}

/** Whether the child came to its end; the mutant that it died of is counted. */
function runChild(report: FileReport, args: string[], onMutant: (() => void) | undefined): Promise<boolean> {
  const script = join(projectRoot, 'dist/test/mutation/judging-child.js');
  const child = fork(script, args, { execArgv: [`--max-old-space-size=${HEAP_MIB}`] });
  return new Promise((resolve, reject) => {
    let at: Place | undefined;
    let done = false;
    const watch = setTimeout(() => child.kill('SIGKILL'), HANGS_AFTER_MS);
    child.on('message', (message: FromChild) => {
      watch.refresh();
      if (message.kind === 'begin') at = message;
      else if (message.kind === 'done') {
        done = true;
        report.peakBytes = Math.max(report.peakBytes, message.peakBytes);
      } else {
        report.mutants += 1;
        report.verdicts[message.verdict] += 1;
        for (const defect of message.defects) report.defects.push(`${where(report.name, at)}: ${defect}`);
        onMutant?.();
      }
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(watch);
      if (!done && at === undefined) return reject(new Error(`${report.name} could not be read (exit code ${code})`));
      if (!done) {
        report.mutants += 1;
        report.defects.push(`${where(report.name, at)}: the process ended or hung (${signal ?? code})`);
      }
      resolve(done);
    });
  });
}

function where(name: string, at: Place | undefined): string {
  return at === undefined ? name : `${name} ${at.mutation} at ${at.position}`;
}
