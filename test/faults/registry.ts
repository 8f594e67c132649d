import type { FaultKind } from './fault-kind.ts';
import { ANSWERS } from './kinds/answers.ts';
import { LOAD } from './kinds/load.ts';
import { NETWORK } from './kinds/network.ts';
import { PEOPLE } from './kinds/people.ts';
import { PROCESSES } from './kinds/processes.ts';
import { TAKE_UP } from './kinds/take-up.ts';

/** Every way of attacking a replay. */
export const FAULT_KINDS: readonly FaultKind[] = [...PROCESSES, ...NETWORK, ...PEOPLE, ...LOAD, ...ANSWERS, ...TAKE_UP];

/** Those that so many brokers are enough for, and whose names begin with one of the prefixes; all where there is none. */
export function kindsNamed(prefixes: readonly string[], brokers: number): FaultKind[] {
  return named(FAULT_KINDS, prefixes, brokers);
}

/** The same of any kinds. */
export function named<Kind extends { name: string; brokers?: number }>(
  kinds: readonly Kind[],
  prefixes: readonly string[],
  brokers: number,
): Kind[] {
  const found = kinds.filter(
    ({ name, brokers: needed = 1 }) =>
      needed <= brokers && (prefixes.length === 0 || prefixes.some((each) => name.startsWith(each))),
  );
  if (found.length === 0)
    throw new RangeError(
      `no fault for ${brokers} broker(s) is named ${prefixes.join(', ')}: there are ${kinds.map(({ name }) => name).join(', ')}`,
    );
  return found;
}
