import { TcpProxy, type NetworkFault } from './tcp-proxy.ts';

/** The networks to all servers of a kind, which suffer the same. */
export class ProxyGroup {
  readonly #proxies: readonly TcpProxy[];

  private constructor(proxies: readonly TcpProxy[]) {
    this.#proxies = proxies;
  }

  /** @param servers what each proxy connects to, and where clients connect, if that is not free to choose */
  static async start(...servers: readonly { target: string; listen?: string }[]): Promise<ProxyGroup> {
    return new ProxyGroup(await Promise.all(servers.map(({ target, listen }) => TcpProxy.start(target, listen))));
  }

  /** host:port of each proxy. */
  get addresses(): string[] {
    return this.#proxies.map(({ address }) => address);
  }

  /** Bits that were flipped and connections that were cut, so far. */
  get struck(): number {
    return this.#proxies.reduce((sum, proxy) => sum + proxy.struck, 0);
  }

  suffer(fault: NetworkFault): void {
    // A cut counts bytes down: each network has one of its own.
    for (const proxy of this.#proxies) proxy.suffer(structuredClone(fault));
  }

  heal(): void {
    for (const proxy of this.#proxies) proxy.heal();
  }

  async close(): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.close()));
  }
}
