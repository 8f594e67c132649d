import { clockFinding } from '../clock-difference.ts';
import { faultOf, type Tell } from '../finding.ts';
import type { RegistryConfig } from './config.ts';
import { RegistryHttp } from './http.ts';
import { openRegistry } from './open-registry.ts';

/** Any subject will do: it need not exist. */
const NOBODY = 'rewind-is-anybody-there';

/** Asks every server of a registry for itself, as an archive does: what it may read, and its clock. */
export async function examineRegistry(config: RegistryConfig, tell: Tell, signal: AbortSignal): Promise<void> {
  for (const url of config.urls) {
    const one = { ...config, urls: [url], attempts: 1 };
    const registry = openRegistry(one);
    const http = new RegistryHttp(one);
    try {
      await registry.versions(NOBODY, signal);
      tell({ about: 'reached', verdict: 'fine', says: `${url} answers as ${config.kind}` });
      const sentAt = Date.now();
      const { date } = await http.get('/subjects', 'asking for the subjects', 'application/json', signal);
      const clock = clockFinding(date, sentAt, Date.now());
      tell({ ...clock, says: `${url}: ${clock.says}` });
    } catch (error) {
      signal.throwIfAborted();
      tell(faultOf('reached', error));
    } finally {
      await registry.close();
      await http.close();
    }
  }
}
