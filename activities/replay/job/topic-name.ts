/** Kafka's rule (org.apache.kafka.common.internals.Topic): 1 to 249 of [a-zA-Z0-9._-], and neither "." nor "..". */
export function isTopicName(name: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..';
}

/** Camus replaces dots by underscores in the folders and file names of a topic. */
export function camusTopicFolder(topic: string): string {
  return topic.replaceAll('.', '_');
}
