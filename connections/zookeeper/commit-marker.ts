import { z } from 'zod';
import type { CommitRequest } from './commit-request.ts';

/**
 * The node `/consumers/GROUP/rewind/TOPIC`, written by the same multi as the offsets. It outlives what consumers do to
 * the offsets, so that a commit whose answer was lost is known for what it is. Kafka's consumers and tools leave it
 * alone; it goes when the group is deleted.
 */
export interface CommitMarker {
  version: 1;
  job: string;
  /** When, in ISO 8601, UTC. */
  at: string;
  layout: CommitRequest['layout'];
  /** Offset by partition, as in the request. */
  offsets: Record<string, string>;
}

const shape = z.object({
  version: z.literal(1),
  job: z.string(),
  at: z.string(),
  layout: z.enum(['0.7', '0.8']),
  offsets: z.record(z.string(), z.string()),
});

export function encodeMarker(marker: CommitMarker): Buffer {
  return Buffer.from(JSON.stringify(marker));
}

/** Undefined for data that is no marker: somebody else's node in this place is never taken for a commit of ours. */
export function parseMarker(data: Buffer): CommitMarker | undefined {
  let value: unknown;
  try {
    value = JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
  return shape.safeParse(value).data;
}

/** Whether a marker tells of this very commit: the same job, and the same offsets. */
export function marks(
  marker: CommitMarker,
  { job, layout }: Pick<CommitRequest, 'job' | 'layout'>,
  offsets: ReadonlyMap<string, string>,
): boolean {
  return (
    marker.job === job &&
    marker.layout === layout &&
    Object.keys(marker.offsets).length === offsets.size &&
    [...offsets].every(([partition, offset]) => marker.offsets[partition] === offset)
  );
}
