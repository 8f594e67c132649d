import { setTimeout as sleep } from 'node:timers/promises';
import type { Draws } from '../../support/camus-archive/draws.ts';
import type { WatchedStep } from '../../support/job-watch.ts';
import type { AttackedRun } from '../attacked-run.ts';
import type { FaultKind } from '../fault-kind.ts';
import { PROXIED, type ProxiedServer } from '../fault-stack.ts';
import type { ProxyGroup } from '../proxy/proxy-group.ts';
import type { Direction, NetworkFault } from '../proxy/tcp-proxy.ts';

/** Steps in which a worker talks to a server at all; elsewhere a fault of its network strikes nobody. */
type UsedIn<Step extends string> = Partial<Record<ProxiedServer, readonly Step[] | undefined>>;

const REPLAY: UsedIn<WatchedStep> = {
  temporal: undefined,
  namenode: undefined,
  datanode: [
    ...(['decodeAndSort', 'catalogueSorted', 'mergePass', 'mergePublish'] as const),
    ...(['stageSplit', 'catalogueWindow', 'mergeWindowPass', 'publishStaged'] as const),
  ],
  kafka: ['mergePublish', 'publishStaged', 'verifyReplay', 'commitOffsets'],
  zookeeper: ['commitOffsets'],
};

/** Longer than some time-outs and shorter than others. */
const LASTS_MS = [1_000, 8_000] as const;
/** Within the first request, or somewhere in the middle of records. */
const CUT_BYTES = [0, 1, 10, 100, 1_000, 10_000, 60_000];
const DIRECTIONS: readonly Direction[] = ['to-server', 'to-client'];

function kind<Step extends string>(
  server: ProxiedServer,
  steps: readonly Step[] | undefined,
  what: string,
  fault: (draws: Draws) => [NetworkFault, string],
): FaultKind<AttackedRun, Step> {
  return {
    name: `network.${server}-${what}`,
    ...(steps && { steps }),
    ...(server === 'registry' && { registry: true }),
    async strike({ servers }, draws) {
      const proxy = servers.network[server];
      const [suffered, told] = fault(draws);
      const lasts = LASTS_MS[0] + draws.below(LASTS_MS[1] - LASTS_MS[0]);
      proxy.suffer(suffered);
      await (suffered.cut === undefined ? sleep(lasts) : untilCut(proxy, lasts));
      proxy.heal();
      return `${server}: ${told}`;
    },
  };
}

async function untilCut(proxy: ProxyGroup, atMostMs: number): Promise<void> {
  const before = proxy.struck;
  for (const end = Date.now() + atMostMs; proxy.struck === before && Date.now() < end;) await sleep(10);
}

export const NETWORK = networkFaults(REPLAY);

/** Every fault of the networks to the servers that a job uses. */
export function networkFaults<Step extends string>(usedIn: UsedIn<Step>): FaultKind<AttackedRun, Step>[] {
  return PROXIED.filter((server) => server in usedIn).flatMap((server) => {
    const of = (what: string, fault: (draws: Draws) => [NetworkFault, string]): FaultKind<AttackedRun, Step> =>
      kind(server, usedIn[server], what, fault);
    return [
      of('latency', (draws) => {
        const latencyMs = 20 + draws.below(400);
        return [{ latencyMs }, `${latencyMs} ms of latency`];
      }),
      of('reset', (draws) => {
        const cut = { direction: draws.pick(DIRECTIONS), afterBytes: draws.pick(CUT_BYTES), how: 'reset' as const };
        return [{ cut }, `reset after ${cut.afterBytes} bytes ${cut.direction}`];
      }),
      of('early-end', (draws) => {
        const cut = { direction: draws.pick(DIRECTIONS), afterBytes: draws.pick(CUT_BYTES), how: 'end' as const };
        return [{ cut }, `ended after ${cut.afterBytes} bytes ${cut.direction}`];
      }),
      of('half-open', () => [{ blackHole: true }, 'connections stayed open and nothing passed']),
      of('slow', () => [{ bytesPerSecond: 10_000 }, '10 KB/s']),
      of('silent', () => [{ silent: true }, 'new connections were accepted and never answered']),
    ];
  });
}
