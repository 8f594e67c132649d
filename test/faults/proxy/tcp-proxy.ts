import { once } from 'node:events';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Direction = 'to-server' | 'to-client';

/** What a network does to the bytes that pass; all that is left out, it doesn't do. */
export interface NetworkFault {
  /** Milliseconds that each portion takes longer. */
  latencyMs?: number;
  bytesPerSecond?: number;
  /** Connections stay open, nothing gets through in either direction. */
  blackHole?: boolean;
  /** New connections are accepted, and nobody ever answers. */
  silent?: boolean;
  /** After so many bytes in one direction: `reset` tears the connection down, `end` closes it as if all were said. */
  cut?: { direction: Direction; afterBytes: number; how: 'reset' | 'end' };
  /** One bit of the byte after so many. */
  flip?: { direction: Direction; afterBytes: number };
  /**
   * Stops the connection at the request that is the `count`th to fit: the request never arrives and the connection
   * breaks (`lost`), arrives when the network heals (`late`), or arrives now and is answered when it heals
   * (`unanswered`). Other connections go on.
   */
  stop?: { request: RegExp; count: number; how: 'lost' | 'late' | 'unanswered' };
}

/** One client and the server behind it. */
interface Passage {
  client: Socket;
  server: Socket;
  stopped: boolean;
}

/** A network between a worker and one server, as bad as it is told to be; `cut`, `flip` and `stop` happen once. */
export class TcpProxy {
  readonly #server: Server;
  readonly #target: { host: string; port: number };
  readonly #sockets = new Set<Socket>();
  readonly #passages = new Set<Passage>();
  #fault: NetworkFault = {};
  #changed = latch();
  /** Bits that were flipped and connections that were cut or stopped, so far. */
  struck = 0;

  private constructor(target: string) {
    this.#target = addressOf(target);
    this.#server = createServer((client) => void this.#serve(client));
  }

  /** @param listen where clients connect; any free port of 127.0.0.1 where it is left out */
  static async start(target: string, listen = '127.0.0.1:0'): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    const { host, port } = addressOf(listen);
    proxy.#server.listen(port, host);
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** host:port */
  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new TypeError('the proxy does not listen');
    return `127.0.0.1:${address.port}`;
  }

  suffer(fault: NetworkFault): void {
    this.#fault = fault;
    for (const passage of this.#passages) passage.stopped = false;
    this.#wake();
  }

  /** Everything passes again; what was held back comes late. */
  heal(): void {
    this.suffer({});
  }

  async close(): Promise<void> {
    this.heal();
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(client: Socket): Promise<void> {
    this.#keep(client);
    while (this.#fault.silent === true && !client.destroyed) await this.#changed.promise;
    if (client.destroyed) return;
    const server = connect(this.#target);
    this.#keep(server);
    const passage = { client, server, stopped: false };
    this.#passages.add(passage);
    await Promise.all([this.#pump(passage, 'to-server'), this.#pump(passage, 'to-client')]);
    this.#passages.delete(passage);
  }

  #keep(socket: Socket): void {
    socket.setNoDelay(true);
    this.#sockets.add(socket);
    // A connection that breaks is what the other side must see, and nothing that ends the proxy.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
  }

  async #pump(passage: Passage, direction: Direction): Promise<void> {
    const { client, server } = passage;
    const [from, to] = direction === 'to-server' ? [client, server] : [server, client];
    try {
      for await (const chunk of from) await this.#pass(chunk as Buffer, passage, from, to, direction);
      to.end();
    } catch {
      from.destroy();
      to.destroy();
    }
  }

  async #pass(chunk: Buffer, passage: Passage, from: Socket, to: Socket, direction: Direction): Promise<void> {
    const held = (): boolean => this.#fault.blackHole === true || passage.stopped;
    while (held() && !to.destroyed) await this.#changed.promise;
    if (direction === 'to-server' && (await this.#stop(chunk, passage))) return;
    const { latencyMs, bytesPerSecond, cut, flip } = this.#fault;
    if (latencyMs !== undefined) await sleep(latencyMs);
    if (flip?.direction === direction) this.#flip(chunk, flip);
    if (cut?.direction === direction) {
      if (cut.afterBytes < chunk.length) return this.#cut(chunk.subarray(0, cut.afterBytes), from, to, cut.how);
      cut.afterBytes -= chunk.length;
    }
    if (bytesPerSecond === undefined) return write(to, chunk);
    const portion = Math.max(1, Math.floor(bytesPerSecond / 10));
    for (let at = 0; at < chunk.length; at += portion) {
      await write(to, chunk.subarray(at, at + portion));
      if (this.#fault.bytesPerSecond !== undefined) await Promise.race([sleep(100), this.#changed.promise]);
    }
  }

  /** Whether the chunk was the request to stop at, and has been dealt with. */
  async #stop(chunk: Buffer, passage: Passage): Promise<boolean> {
    const { stop } = this.#fault;
    if (stop === undefined || !stop.request.test(chunk.toString('latin1'))) return false;
    if (--stop.count > 0) return false;
    delete this.#fault.stop;
    passage.stopped = true;
    this.struck += 1;
    const { client, server } = passage;
    if (stop.how === 'lost') {
      client.destroy();
      server.destroy();
      return true;
    }
    if (stop.how === 'late') while (passage.stopped && !server.destroyed) await this.#changed.promise;
    await write(server, chunk);
    return true;
  }

  #flip(chunk: Buffer, flip: { afterBytes: number }): void {
    if (flip.afterBytes < chunk.length) {
      chunk[flip.afterBytes]! ^= 1 << (flip.afterBytes % 8);
      this.struck += 1;
      delete this.#fault.flip;
    } else flip.afterBytes -= chunk.length;
  }

  async #cut(last: Buffer, from: Socket, to: Socket, how: 'reset' | 'end'): Promise<void> {
    delete this.#fault.cut;
    this.struck += 1;
    await write(to, last);
    await sleep(5); // a reset overtakes bytes that the system still has in hand
    if (how === 'end') to.end();
    else to.resetAndDestroy();
    from.destroy();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = latch();
  }
}

/** A promise, and what resolves it. */
function latch(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

async function write(socket: Socket, bytes: Buffer): Promise<void> {
  if (socket.destroyed) throw new Error('the other side has gone');
  if (!socket.write(bytes)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
}

function addressOf(text: string): { host: string; port: number } {
  const cut = text.lastIndexOf(':');
  return { host: text.slice(0, cut), port: Number(text.slice(cut + 1)) };
}
