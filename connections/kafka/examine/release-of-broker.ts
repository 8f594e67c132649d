import type { Broker } from '../wire/broker.ts';

const FETCH = 1;

/** Releases by the newest version of Fetch that they brought. Kafka's protocol doesn't tell a broker's release. */
const BY_FETCH: readonly (readonly [version: number, release: string])[] = [
  [18, '4.1'],
  [17, '3.9'],
  [16, '3.7'],
  [15, '3.5'],
  [13, '3.1'],
  [12, '2.7'],
  [11, '2.3'],
  [10, '2.1'],
  [8, '2.0'],
];

/** The oldest release of Kafka that knows the requests of this broker, such as `3.9`. */
export function releaseOf(broker: Pick<Broker, 'versionsOf'>): string | undefined {
  const { lowest = 0, highest = 0 } = broker.versionsOf(FETCH) ?? {};
  const release = BY_FETCH.find(([version]) => highest >= version)?.[1];
  // 4.0 brought no newer one, and forgot the oldest.
  return release === '3.9' && lowest >= 4 ? '4.0' : release;
}
