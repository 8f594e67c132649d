import { z } from 'zod';
import { ConnectionError } from '../../connection-error.ts';
import { parseAnswer } from './file-status.ts';
import type { Quotas } from '../file-store.ts';
import type { NameNodes } from '../http/name-nodes.ts';

const usageShape = z.object({
  QuotaUsage: z.object({
    quota: z.number(),
    fileAndDirectoryCount: z.number(),
    spaceQuota: z.number(),
    spaceConsumed: z.number(),
  }),
});

/** GETQUOTAUSAGE of one directory; -1 stands for none. */
export async function quotasOn(nameNodes: NameNodes, directory: string, signal?: AbortSignal): Promise<Quotas> {
  try {
    const operation = { method: 'GET', op: 'GETQUOTAUSAGE', path: directory, idempotent: true, signal } as const;
    const answer = await nameNodes.json(operation);
    const usage = parseAnswer(usageShape, answer, `GETQUOTAUSAGE ${directory}`, directory).QuotaUsage;
    return {
      ...(usage.quota >= 0 && { names: { most: usage.quota, used: usage.fileAndDirectoryCount } }),
      ...(usage.spaceQuota >= 0 && { bytes: { most: usage.spaceQuota, used: usage.spaceConsumed } }),
    };
  } catch (error) {
    // An older server has no such operation, and a gateway may forbid it.
    if (error instanceof ConnectionError && !error.retryable) return {};
    throw error;
  }
}
