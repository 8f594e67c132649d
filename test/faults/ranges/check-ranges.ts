import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RangesResult } from '../../../workflows/ranges/ranges-result.ts';
import type { RangesRound } from './ranges-round.ts';

/** Records of each topic: those that jobs before had consumed, and all that there are now. */
export interface Produced {
  before: number;
  all: number;
}

/**
 * What is wrong with what a job has left: each record once for each group, a range that ran again with the same records,
 * `finish` once a plan, offsets at the ends, and no debris.
 */
export async function checkRanges(round: RangesRound, result: RangesResult, produced: Produced): Promise<string[]> {
  const { topics, groups, ranges } = round;
  const faults: string[] = [];
  const wrong = (what: string, expected: unknown, found: unknown): void => {
    if (JSON.stringify(found) !== JSON.stringify(expected))
      faults.push(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found).slice(0, 300)}`);
  };
  const count = (produced.all - produced.before) * topics.length * groups.length;
  wrong('records in the result', String(count), result.records);
  wrong('what finish returned', { count }, result.finished);
  // Who has died in the middle of it ran it again, with the same job and the same summaries.
  const finished = linesOf(join(ranges.out, 'finished')).at(-1);
  wrong('what finish saw', JSON.stringify([result.wentOnWith ?? result.job, count]), finished);
  wrong('ranges that had other records when they ran again', [], linesOf(join(ranges.out, 'differs')));
  for (const topic of topics) {
    for (const group of groups) {
      const times = new Map<number, number>();
      for (const n of numbersOf(ranges.out, topic, group)) times.set(n, (times.get(n) ?? 0) + 1);
      wrong(`numbers of ${topic} that ${group} got`, produced.all, times.size);
      const others = [...times].filter(([, often]) => often !== 1);
      wrong(`numbers of ${topic} that ${group} got more than once`, [], others.slice(0, 10));
      const half = { 0: String(Math.ceil(produced.all / 2)), 1: String(Math.floor(produced.all / 2)) };
      wrong(`offsets of ${group} for ${topic} in Kafka`, half, await ranges.offsets(group, topic));
      const nodes = await round.harness.zookeeper(async (store) => {
        const path = `/consumers/${group}/offsets/${topic}`;
        return { 0: String((await store.get(`${path}/0`))?.data), 1: String((await store.get(`${path}/1`))?.data) };
      });
      wrong(`offsets of ${group} for ${topic} in ZooKeeper`, half, nodes);
    }
  }
  wrong('what is left in the staging folder', [], await ranges.debris(groups[0]!));
  return faults;
}

/** How often functions were called for a range that had been begun before. */
export function calledAgain({ ranges }: RangesRound): number {
  const calls = linesOf(join(ranges.out, 'calls'));
  return calls.length - new Set(calls).size;
}

function numbersOf(folder: string, topic: string, group: string): number[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${topic}-`))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { group: string; numbers: number[] })
    .flatMap((written) => (written.group === group ? written.numbers : []));
}

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
}
