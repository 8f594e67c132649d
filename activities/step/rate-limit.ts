/** Records and bytes a second, of the whole job; what is left out is not limited. */
export interface RateLimit {
  records?: number | undefined;
  bytes?: number | undefined;
}
