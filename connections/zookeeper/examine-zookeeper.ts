import { randomUUID } from 'node:crypto';
import { ConnectionError } from '../connection-error.ts';
import { faultOf, type Tell } from '../finding.ts';
import type { ZooKeeperConfig } from './config.ts';
import { askServerState } from './four-letter-word.ts';
import type { NodeOperation, NodeStore } from './node-store.ts';
import { openNodeStore } from './open-node-store.ts';

/** No node has this version: an operation on it is looked at for rights, and then refused. */
const NEVER = 0x7fff_ffff;

/**
 * Reaches every server of an ensemble, and asks for the right to commit offsets below `/consumers`, by multis of which the
 * last operation can't hold, so that nothing is changed.
 *
 * @param groups - those that a job commits for; a lack is a fault then, else a warning
 */
export async function examineZooKeeper(
  config: ZooKeeperConfig,
  { groups }: { groups: readonly string[] },
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    config.servers.map(async (server) => {
      const at = `${server.host}:${server.port}`;
      try {
        const { version, mode } = await askServerState(server, config.connectTimeoutMs, signal);
        tell({ about: 'reached', verdict: 'fine', says: `${at} answers${mode === undefined ? '' : `, as ${mode}`}` });
        if (version === undefined)
          tell({
            about: 'version',
            verdict: 'untold',
            says: `${at} doesn't tell its version (4lw.commands.whitelist)`,
          });
        else tell({ about: 'version', verdict: 'fine', says: `ZooKeeper ${version} at ${at}` });
      } catch (error) {
        signal.throwIfAborted();
        tell(faultOf('reached', error));
      }
    }),
  );
  let store: NodeStore | undefined;
  try {
    store = await openNodeStore(config);
    await tellRights(store, groups, tell);
  } catch (error) {
    signal.throwIfAborted();
    tell(faultOf('reached', error));
  } finally {
    await store?.close();
  }
  tell({ about: 'clock', verdict: 'untold', says: "ZooKeeper's protocol tells no time" });
}

async function tellRights(store: NodeStore, groups: readonly string[], tell: Tell): Promise<void> {
  const verdict = groups.length > 0 ? 'fault' : 'warning';
  const paths = ['/consumers', ...groups.map((group) => `/consumers/${group}`)];
  const there: string[] = [];
  for (const path of paths) if ((await store.get(path)) !== undefined) there.push(path);
  // Of what is not there yet the parent is asked.
  for (const path of there.includes('/consumers') ? there : ['/']) {
    const below = `${path === '/' ? '' : path}/rewind-doctor-${randomUUID()}`;
    const allowed = await isAllowed(store, [
      { op: 'create', path: below, data: Buffer.alloc(0) },
      { op: 'check', path, version: NEVER },
    ]);
    if (allowed === undefined) tell({ about: 'rights', verdict: 'fine', says: `${path}: create` });
    else
      tell({
        about: 'rights',
        verdict,
        says: `${path}: the login may not make nodes there: ${allowed}`,
        remedy: `give it rights in zkCli.sh: setAcl -R ${path} SCHEME:LOGIN:crwda, beside what getAcl ${path} shows`,
      });
  }
}

/** Undefined, or why not. */
async function isAllowed(store: NodeStore, operations: readonly NodeOperation[]): Promise<string | undefined> {
  try {
    await store.multi(operations);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    if (error.fault === 'denied') return faultOf('rights', error).says;
    // The last operation is the one that can't hold: all before it are allowed.
    if (error.fault === 'changed' && error.facts['index'] === operations.length - 1) return undefined;
    throw error;
  }
  throw new TypeError('a check of a version that no node has was passed');
}
