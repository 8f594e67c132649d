/**
 * How fast the readers of formats/ are on one thread, beside Java's on the same files, as a table in Markdown: MB of
 * decompressed data and records a second, the fastest of five rounds over a file in memory.
 *
 *     npm run bench:readers -- [MiB]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { avroContainers } from './readers/avro-containers.ts';
import { JavaReaders } from './readers/java-readers.ts';
import { sequenceFiles } from './readers/sequence-files.ts';
import { textLines } from './readers/text-lines.ts';
import { markdownTable } from './readers/timing.ts';

const megabytes = Number(process.argv[2] ?? 64);
const folder = mkdtempSync(join(tmpdir(), 'rewind-bench-'));
try {
  const java = await JavaReaders.compile(join(folder, 'classes'));
  const results = [
    ...(await avroContainers(java, folder, megabytes)),
    ...(await sequenceFiles(java, folder, megabytes)),
    ...(await textLines(java, folder, megabytes)),
  ];
  console.log(markdownTable(results));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
