import type { FileStatus, FileStore } from '../../../connections/hdfs/file-store.ts';
import { openFileSource } from '../../../connections/hdfs/file-source.ts';
import { expandGlob } from '../../../connections/hdfs/glob/glob.ts';
import { baseName } from '../../../connections/hdfs/hdfs-path.ts';
import { openContainer } from '../../../formats/avro/container.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { detectFormat } from '../../../formats/detect.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { isEnvelope } from '../../../formats/record-envelope/envelope-columns.ts';
import { layoutOf } from '../../../layouts/layout-of.ts';
import { checkFieldsTogether } from './input-rules.ts';
import type { ParsedReplayInput } from './job-input.ts';
import { invalidInput } from './parse-input.ts';

/** Entries that are looked at before the format is left to each file. */
const MOST_LOOKS = 1_000;

/**
 * The input with the format `record` where the first data file of a job that leaves the format open holds whole records:
 * then they all must, since their offsets and not their times are what sorts them. Every other format is told by each
 * file for itself.
 *
 * @throws JobError 'input-invalid' for what such a job must not ask for
 */
export async function withSniffedFormat(
  store: FileStore,
  parsed: ParsedReplayInput,
  scheduledAt: number,
  signal: AbortSignal,
): Promise<ParsedReplayInput> {
  const { archive, topic, offsetsOnly } = parsed;
  const input = archive.input ?? layoutOf(archive.layout).input(archive, topic);
  if (archive.format !== 'auto' || offsetsOnly || input === undefined) return parsed;
  const file = await firstData(store, parsed, input, signal);
  const whole = file !== undefined && (await holdsWholeRecords(store, file, signal));
  const settled = whole ? { ...parsed, archive: { ...archive, format: 'record' as const } } : parsed;
  const issues = checkFieldsTogether(settled, scheduledAt, { mayBeWhole: false });
  if (issues.length > 0) throw invalidInput(issues);
  return settled;
}

async function firstData(
  store: FileStore,
  { archive }: ParsedReplayInput,
  input: string,
  signal: AbortSignal,
): Promise<FileStatus | undefined> {
  const layout = layoutOf(archive.layout);
  let looks = 0;
  const isData = ({ path, length }: FileStatus): boolean => length > 0 && layout.isData(baseName(path));
  const below = async (folder: string): Promise<FileStatus | undefined> => {
    for await (const entry of store.list(folder, signal)) {
      if ((looks += 1) > MOST_LOOKS) return undefined;
      if (entry.kind === 'file') {
        if (isData(entry)) return entry;
      } else if (layout.isDataFolder(baseName(entry.path))) {
        const found = await below(entry.path);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  };
  for await (const entry of expandGlob(store, input, signal)) {
    if ((looks += 1) > MOST_LOOKS) return undefined;
    const found = entry.kind === 'directory' ? await below(entry.path) : isData(entry) ? entry : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What is wrong with the file, if anything, is told where it is decoded. */
async function holdsWholeRecords(store: FileStore, file: FileStatus, signal: AbortSignal): Promise<boolean> {
  const source = openFileSource(store, file);
  try {
    if ((await detectFormat(source, file.path, signal)).format !== 'avro') return false;
    const { schemaJson } = await openContainer(source, { signal });
    return isEnvelope(parseSchema(schemaJson, { lenient: true }));
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}
