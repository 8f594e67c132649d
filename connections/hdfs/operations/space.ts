import { z } from 'zod';
import { ConnectionError } from '../../connection-error.ts';
import { parseAnswer } from './file-status.ts';
import type { Space } from '../file-store.ts';
import { parentPath } from '../hdfs-path.ts';
import type { NameNodes } from '../http/name-nodes.ts';

const defaultsShape = z.object({
  FsServerDefaults: z.object({ replication: z.int(), blockSize: z.number().optional() }),
});
const statusShape = z.object({ FsStatus: z.object({ remaining: z.number() }) });
const quotaShape = z.object({
  QuotaUsage: z.object({
    spaceQuota: z.number(),
    spaceConsumed: z.number(),
    quota: z.number().default(-1),
    fileAndDirectoryCount: z.number().default(0),
  }),
});

/**
 * What room there is at a path, which need not exist yet: GETSERVERDEFAULTS, GETSTATUS (Hadoop 3.4), and GETQUOTAUSAGE
 * of each folder above it. What a server doesn't know or doesn't tell is left out.
 */
export async function readSpace(nameNodes: NameNodes, path: string, signal?: AbortSignal): Promise<Space> {
  const ask = async <T>(op: string, at: string, shape: z.ZodType<T>): Promise<T | undefined> => {
    try {
      const answer = await nameNodes.json({ method: 'GET', op, path: at, idempotent: true, signal });
      return parseAnswer(shape, answer, `${op} ${at}`, at);
    } catch (error) {
      // An older server has no such operation, a gateway may forbid it, and a folder may not be there yet.
      if (error instanceof ConnectionError && !error.retryable) return undefined;
      throw error;
    }
  };
  const space: Space = {};
  const { replication, blockSize } = (await ask('GETSERVERDEFAULTS', '/', defaultsShape))?.FsServerDefaults ?? {};
  const free = (await ask('GETSTATUS', '/', statusShape))?.FsStatus.remaining;
  if (replication !== undefined) space.replication = replication;
  if (blockSize !== undefined) space.blockBytes = blockSize;
  if (free !== undefined) space.free = free;
  for (let at: string | undefined = path; at !== undefined; at = parentPath(at)) {
    const usage = (await ask('GETQUOTAUSAGE', at, quotaShape))?.QuotaUsage;
    if (usage === undefined) continue;
    const { quota: names, fileAndDirectoryCount: entries } = usage;
    if (at === path && names >= 0) space.names = { quota: names, used: entries };
    const tightest = space.nameQuota === undefined ? Infinity : space.nameQuota.names - space.nameQuota.used;
    if (names >= 0 && names - entries < tightest) space.nameQuota = { path: at, names, used: entries };
    if (usage.spaceQuota < 0) continue;
    const left = usage.spaceQuota - usage.spaceConsumed;
    if (space.quota !== undefined && space.quota.bytes - space.quota.used <= left) continue;
    space.quota = { path: at, bytes: usage.spaceQuota, used: usage.spaceConsumed };
  }
  return space;
}
