import type { ArchivePlace } from '../archive-layout.ts';
import { literalGlob } from '../literal-glob.ts';

/** Default of `topics.dir`. */
const TOPICS = 'topics';

/** Folder of all topics, DEST/TOPICSDIR; undefined where the job doesn't say where the archive is. */
export function topicsFolder({ dest, topicsDir }: ArchivePlace, topic: string): string | undefined {
  if (dest === undefined && topicsDir === undefined) return undefined;
  // The sink puts the topic's name there, too.
  const below = (topicsDir ?? TOPICS).replaceAll('${topic}', topic);
  return `/${[...(dest ?? '').split('/'), ...below.split('/')].filter((part) => part !== '').join('/')}`;
}

/** Folder of a topic, DEST/TOPICSDIR/TOPIC. */
export function topicFolder(archive: ArchivePlace, topic: string): string | undefined {
  const folder = topicsFolder(archive, topic);
  return folder && `${folder}/${topic}`;
}

/** All that is below a topic's folder, or below one that the job names in it: how deep files are is the partitioner's choice. */
export function connectInput(archive: ArchivePlace, topic: string): string | undefined {
  const folder = topicFolder(archive, topic);
  if (folder === undefined) return undefined;
  return literalGlob(archive.subDir === undefined ? folder : `${folder}/${archive.subDir}`);
}
