import { connect } from 'node:net';
import { ConnectionError } from '../connection-error.ts';
import type { ServerAddress } from './addresses.ts';

/** What one server answers to `srvr`, which all of 3.5 and newer answer unless they are told not to. */
export interface ServerState {
  /** Such as `3.9.4`; undefined where the server may not say. */
  version?: string;
  /** `leader`, `follower`, `observer` or `standalone`. */
  mode?: string;
}

/** @throws ConnectionError 'unavailable' where nobody answers in time */
export async function askServerState(
  { host, port }: ServerAddress,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ServerState> {
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect({ host, port, signal }, () => socket.write('srvr'));
    let text = '';
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    socket.setEncoding('utf8').on('data', (more: string) => (text += more));
    socket.once('error', reject).once('close', () => resolve(text));
  }).catch((error: Error) => {
    throw new ConnectionError(
      'unavailable',
      `ZooKeeper at ${host}:${port} doesn't answer: ${error.message}; start it, or open the network to it`,
      { host, port },
      error,
    );
  });
  const version = /^Zookeeper version: ([\w.]+)/m.exec(answer)?.[1];
  const mode = /^Mode: (\w+)/m.exec(answer)?.[1];
  return { ...(version !== undefined && { version }), ...(mode !== undefined && { mode }) };
}
