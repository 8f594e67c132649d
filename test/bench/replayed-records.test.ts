// The check at the end of a benchmark finds a record that is lost, doubled, changed or out of order, and lets pass what
// encoders may do otherwise: ties in any order, entries of a map in any order, a double with a digit too many.
import { beforeAll, expect, it } from 'vitest';
import { ReplayedRecords } from '../../bench/mapreduce/replayed-records.ts';
import { memorySink, writeCamusArchive } from '../support/camus-archive/index.ts';
import type { GroundTruth } from '../support/camus-archive/index.ts';

let truth: GroundTruth;
let values: string[];

beforeAll(async () => {
  const options = { dest: '/dest', exec: '/exec', records: 1500, hours: 1 };
  truth = (await writeCamusArchive({ ...options, sink: memorySink() })).truth();
  values = [...truth].map(({ json }) => json);
});

function check(published: readonly string[]): () => void {
  const replayed = new ReplayedRecords(truth);
  for (const value of published) replayed.take(Buffer.from(value));
  return () => replayed.assertRight();
}

/** Position of a record whose time is, or isn't, that of the one behind it. */
function find(tied: boolean): number {
  const positions = values.map((_, position) => position).slice(0, -1);
  return positions.find((at) => (truth.time(at) === truth.time(at + 1)) === tied && values[at] !== values[at + 1])!;
}

function exchanged(at: number): string[] {
  return values.toSpliced(at, 2, values[at + 1]!, values[at]!);
}

it('takes what is expected', () => {
  expect(check(values)).not.toThrow();
});

it('takes records of one time in any order', () => {
  expect(check(exchanged(find(true)))).not.toThrow();
});

it('takes the entries of a map in any order, and a double with a digit too many', () => {
  const map = /"params":\{("[^"\\]*":"[^"\\]*"),("[^"\\]*":"[^"\\]*")\}/;
  const at = values.findIndex((value) => map.test(value));
  const other = values[at]!.replace(map, '"params":{$2,$1}');
  expect(other).not.toBe(values[at]);
  expect(check(values.with(at, other))).not.toThrow();
  const score = values.findIndex((value) => /"score":\d+\.\d{1,3},/.test(value));
  expect(check(values.with(score, values[score]!.replace(/("score":[\d.]+)/, '$100')))).not.toThrow();
});

it('finds two records that changed places', () => {
  expect(check(exchanged(find(false)))).toThrow('not as expected');
});

it('finds one that is lost, the last one too', () => {
  expect(check(values.toSpliced(100, 1))).toThrow('1499 records, expected 1500');
  expect(check(values.slice(0, -1))).toThrow('1499 records, expected 1500');
});

it('finds one that came twice, the last one too', () => {
  expect(check(values.toSpliced(100, 0, values[100]!))).toThrow('1501 records, expected 1500');
  expect(check([...values, values.at(-1)!])).toThrow('1501 records, expected 1500');
});

it('finds one that came twice where another is lost', () => {
  expect(check(values.with(100, values[101]!))).toThrow('not as expected');
});

it('finds a byte that changed', () => {
  expect(check(values.with(100, values[100]!.replace('svc-', 'svc_')))).toThrow('not as expected');
});
