import { literalGlob } from '../literal-glob.ts';

/** Camus replaces dots by underscores in the folders and file names of a topic. */
export function camusTopicFolder(topic: string): string {
  return topic.replaceAll('.', '_');
}

/** Folder of a topic's hours: what Camus's default partitioner makes. */
export const HOURLY = 'hourly';

/**
 * The glob of what Camus wrote. Its hourly folders are named level by level, so that nothing that stands beside them is
 * read; how deep others are is the choice of its partitioner, and all that is below them is read.
 */
export function camusInput(dest: string, subDir: string | undefined, topic: string): string {
  const folder = `${literalGlob(dest)}/${camusTopicFolder(topic)}`;
  return subDir === undefined ? `${folder}/${HOURLY}/*/*/*/*` : `${folder}/${literalGlob(subDir)}`;
}
