/** Which times of records are believed. */
export interface TimeRules {
  /** Later ones are wild: milliseconds since 1970, pinned in the plan. */
  horizon: number;
  /** Of a record whose own time is wild: that of Kafka counts, or none, or it is an error; and so is a wild one of Kafka. */
  wild: 'kafka' | 'apart' | 'fail';
}

/** The bucket of records of which no believable time is known: never the clock's, which another attempt would not see. */
export const NO_TIME = 0;

/** What Kafka says of a record that was sent without a timestamp. */
const NO_TIMESTAMP = -1;

/**
 * The time by which a record is put into its bucket: its own, else Kafka's, else 1970. Undefined where it is wild and
 * the job says that this is an error.
 *
 * @param own - milliseconds since 1970 as the value says; NaN or 0 where it says nothing, as Camus's decoders have it
 * @param kafka - timestamp of the Kafka record; NaN beyond 2^53, negative or 0 where it has none
 */
export function bucketTime(own: number, kafka: number, { horizon, wild }: TimeRules): number | undefined {
  if (own > 0 && own <= horizon) return own;
  if (wild !== 'kafka' && !isNone(own)) return wild === 'fail' ? undefined : NO_TIME;
  if (kafka > 0 && kafka <= horizon) return kafka;
  return wild === 'fail' && !(kafka >= NO_TIMESTAMP && kafka <= 0) ? undefined : NO_TIME;
}

/** What is wrong with a record that has no bucket. */
export function wildText(own: number, kafka: number): string {
  const [whose, time] = isNone(own) ? ["Kafka's timestamp", kafka] : ['its time', own];
  return `${whose}, ${time} ms since 1970, is before 1970, or more than time.horizonDays after the run was planned (time.wild)`;
}

function isNone(own: number): boolean {
  return own !== own || own === 0;
}
