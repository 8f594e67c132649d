import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RangesResult } from '../../../workflows/ranges/ranges-result.ts';
import type { RangesRound } from './ranges-round.ts';

/** What is wrong with what a job has left: each record once for each group, offsets at the ends, and no debris. */
export async function checkRanges(round: RangesRound, result: RangesResult, records: number): Promise<string[]> {
  const { topics, groups, ranges } = round;
  const faults: string[] = [];
  const wrong = (what: string, expected: unknown, found: unknown): void => {
    if (JSON.stringify(found) !== JSON.stringify(expected))
      faults.push(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found).slice(0, 300)}`);
  };
  const all = records * topics.length * groups.length;
  wrong('records in the result', String(all), result.records);
  wrong('what finish returned', { count: all }, result.finished);
  const names = readdirSync(ranges.out);
  const finished = readFileSync(join(ranges.out, 'finished'), 'utf8').trim().split('\n');
  wrong('what finish saw', [JSON.stringify([result.job, all])], [...new Set(finished)]);
  for (const topic of topics) {
    const times = new Map<number, number>();
    for (const name of names.filter((each) => each.startsWith(`${topic}-`)))
      for (const n of JSON.parse(readFileSync(join(ranges.out, name), 'utf8')) as number[])
        times.set(n, (times.get(n) ?? 0) + 1);
    wrong(`numbers of ${topic}`, records, times.size);
    const others = [...times].filter(([, count]) => count !== groups.length);
    wrong(`numbers of ${topic} that a group got twice, or never`, [], others.slice(0, 10));
    for (const group of groups) {
      const half = { 0: String(Math.ceil(records / 2)), 1: String(Math.floor(records / 2)) };
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
