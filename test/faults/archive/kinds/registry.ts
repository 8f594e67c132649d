import { setTimeout as sleep } from 'node:timers/promises';
import type { ArchiveFault } from '../archive-fault.ts';
import { RegistryValues } from '../round-values.ts';

/** While schemas are asked for: the topics' when the run is planned, the records' when they are pulled. */
const STEPS = ['planArchive', 'pullArchive'] as const;
const LASTS_MS = [500, 8_000] as const;

export const REGISTRY: readonly ArchiveFault[] = [
  {
    name: 'registry.killed',
    registry: true,
    // The steps take less time than one needs to see them: it is away when the run comes to them.
    early: true,
    steps: STEPS,
    async strike({ servers, values }, draws) {
      const server = servers.stack.server('registry');
      const lasts = draws.between(LASTS_MS);
      await server.stop('SIGKILL');
      await sleep(lasts);
      // It has kept nothing: nobody sees it before it knows again what it had said.
      servers.network.registry.suffer({ silent: true });
      await server.start();
      if (values instanceof RegistryValues) await values.declareAgain();
      servers.network.registry.heal();
      return `the registry was killed, and back ${lasts} ms later`;
    },
  },
  {
    name: 'registry.frozen',
    registry: true,
    steps: STEPS,
    async strike({ servers }, draws) {
      const server = servers.stack.server('registry');
      const lasts = draws.between(LASTS_MS);
      server.pause();
      await sleep(lasts);
      server.resume();
      await server.untilItAnswers();
      return `the registry was frozen for ${lasts} ms`;
    },
  },
];
