/** Which times of records are believed. */
export interface TimeRules {
  /** Later ones are wild: milliseconds since 1970, pinned in the plan. */
  horizon: number;
  /** Of a record whose own time is wild: that of Kafka counts, or none, or it is an error. */
  wild: 'kafka' | 'apart' | 'fail';
}

/** The bucket of records of which no believable time is known: never the clock's, which another attempt would not see. */
export const NO_TIME = 0;

/**
 * The time by which a record is put into its bucket: its own, else Kafka's, else 1970. Undefined where it is wild and
 * the job says that this is an error.
 *
 * @param own - milliseconds since 1970 as the value says; NaN or 0 where it says nothing, as Camus's decoders have it
 * @param kafka - timestamp of the Kafka record; NaN or negative where it has none
 */
export function bucketTime(own: number, kafka: number, { horizon, wild }: TimeRules): number | undefined {
  if (own > 0 && own <= horizon) return own;
  if (wild !== 'kafka' && own === own && own !== 0) return wild === 'fail' ? undefined : NO_TIME;
  return kafka > 0 && kafka <= horizon ? kafka : NO_TIME;
}
