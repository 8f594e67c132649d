/** A name as a shell takes it: topics and groups are letters and dots as a rule, a group may be anything. */
export function word(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Where Kafka's own tools find the cluster; $BROKERS is for the one who reads it to set. */
export const SERVER = '--bootstrap-server $BROKERS';
