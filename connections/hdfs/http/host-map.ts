import type { HdfsConfig } from '../config.ts';

export interface HostAddress {
  hostname: string;
  port: string;
}

/** Where to connect to for an address as the cluster says it: by `host:port` before `host`; itself where nothing is mapped. */
export type HostMap = (address: HostAddress) => HostAddress;

/** A mapping by the configuration's `hostMap`; names of hosts know no upper case. */
export function openHostMap(hostMap: HdfsConfig['hostMap']): HostMap {
  const map = new Map(Object.entries(hostMap ?? {}).map(([from, to]) => [from.toLowerCase(), to]));
  return (address) => {
    const mapped = map.get(`${address.hostname}:${address.port}`) ?? map.get(address.hostname);
    if (mapped === undefined) return address;
    const [hostname = address.hostname, port = address.port] = mapped.split(':');
    return { hostname, port };
  };
}
