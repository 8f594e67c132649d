/** Records and bytes a second, of the whole job; what is left out is not limited. */
export interface RateLimit {
  records?: number | undefined;
  bytes?: number | undefined;
}

/** The share of a job's limit that each of `parts` gets which run at once; never less than one a second. */
export function shareOf({ records, bytes }: RateLimit, parts: number): RateLimit {
  const share = (limit: number | undefined): number | undefined =>
    limit === undefined ? undefined : Math.max(1, limit / Math.max(1, parts));
  return { records: share(records), bytes: share(bytes) };
}
