import type { ArchiveLayout } from '../archive-layout.ts';
import { literalGlob } from '../literal-glob.ts';

/** PutHDFS writes `.NAME` and renames it; what else begins so is nobody's data. */
const isData = (name: string): boolean => !/^[._]/.test(name);

/**
 * What a NiFi flow leaves: DEST/TOPIC, and folders below it as the flow has them, with files of any name, of one line or
 * merged ones. All facts are in the lines (format `nifi`), none in names, and there is no history.
 */
export const nifi: ArchiveLayout = {
  writer: 'NiFi',
  format: 'nifi',
  places: ['dest', 'input'],
  input: ({ dest }, topic) => (dest === undefined ? undefined : `${literalGlob(dest)}/${topic}`),
  isData,
  isDataFolder: isData,
  facts: () => undefined,
  nameShape: () => 'any name that begins with neither "." nor "_"',
  span: () => undefined,
  dated: () => undefined,
  beside: async () => [],
  // As HDFS lists them: names tell nothing, and a folder may have millions of files.
  inOrder: (files) => [...files],
  filesAtOnce: 10_000,
  history: undefined,
};
