import { choosePorts } from '../../scripts/stack/ports.ts';

/** A port of 127.0.0.1 at which nobody listens, and which no outgoing connection takes. */
export async function freePort(): Promise<number> {
  const { port = 0 } = await choosePorts(['port']);
  return port;
}

/** The same as host:port. */
export async function freeAddress(): Promise<string> {
  return `127.0.0.1:${await freePort()}`;
}
