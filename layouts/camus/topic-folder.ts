/** Camus replaces dots by underscores in the folders and file names of a topic. */
export function camusTopicFolder(topic: string): string {
  return topic.replaceAll('.', '_');
}
