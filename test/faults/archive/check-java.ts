import { rmSync } from 'node:fs';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseName } from '../../../connections/hdfs/hdfs-path.ts';
import type { ArchiveHarness } from '../../support/archive-harness.ts';
import { avscType, plainLongs, readContainer } from '../../support/camus-archive/read-back.ts';
import { JavaReadBack } from '../../support/java-read-back.ts';
import type { ReplayHarness } from '../../support/replay-harness.ts';

let compiled: Promise<JavaReadBack> | undefined;

/** Once for all rounds of the process, whose end takes the classes with it. */
async function compile(): Promise<JavaReadBack> {
  const folder = await mkdtemp(join(tmpdir(), 'rewind-read-back-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return JavaReadBack.compile(folder);
}

/**
 * Reads all that a round has archived by Hadoop's and Avro's own classes, and its newest offsets by the rules of Camus
 * and of Camus2Kafka, and compares it with what the project's readers found.
 */
export async function checkJava(
  harness: ReplayHarness,
  archive: ArchiveHarness,
  topics: Iterable<string>,
): Promise<{ faults: string[]; readByJava: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'rewind-round-'));
  try {
    compiled ??= compile();
    const java = await compiled;
    const faults: string[] = [];
    const files = (await Promise.all([...topics].map((topic) => archive.files(topic)))).flat();
    const local = await Promise.all(
      files.map(async ({ path, length }, number) => {
        const bytes = Buffer.from(await harness.store.read(path, 0, length));
        await mkdir(join(folder, String(number)));
        const file = join(folder, String(number), baseName(path));
        await writeFile(file, bytes);
        return { path, file, bytes };
      }),
    );
    const avro = local.filter(({ file }) => file.endsWith('.avro'));
    const text = local.filter((each) => !avro.includes(each));
    for (const [what, some] of [
      ['avro', avro],
      ['lines', text],
    ] as const) {
      const read =
        some.length === 0
          ? []
          : java.read(
              what,
              some.map(({ file }) => file),
            );
      for (const [number, { path, bytes }] of some.entries()) {
        const found = what === 'avro' ? await datums(bytes, read[number]!) : read[number]!;
        const expected = await archive.recordsIn(path, bytes);
        if (found.join('\n') !== expected.join('\n'))
          faults.push(`Java reads ${found.length} records in ${path}, expected the same ${expected.length}`);
      }
    }
    faults.push(...(await offsetFaults(java, harness, archive, folder)));
    return { faults, readByJava: files.length };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Records of a container as JSON, from the hexadecimal of their datums. */
async function datums(file: Buffer, [, ...lines]: readonly string[]): Promise<string[]> {
  const type = avscType((await readContainer(file)).schema);
  return lines.map((line) => JSON.stringify(type.fromBuffer(Buffer.from(line, 'hex')), plainLongs));
}

async function offsetFaults(
  java: JavaReadBack,
  harness: ReplayHarness,
  archive: ArchiveHarness,
  folder: string,
): Promise<string[]> {
  const newest = (await archive.executions()).at(-1);
  if (newest === undefined) return [];
  const execution = join(folder, 'execution');
  await mkdir(execution);
  for await (const { path, length } of harness.store.list(`${archive.history}/${newest}`))
    if (baseName(path).startsWith('offsets'))
      await writeFile(join(execution, baseName(path)), await harness.store.read(path, 0, length));
  const offsets = [...(await archive.offsets()).values()];
  const expected = offsets.map(({ topic, partition, next }) => `${topic} ${partition} ${next}`).sort();
  return (['camus', 'camus2kafka'] as const).flatMap((rule) => {
    const found = [...java.read(rule, [execution])[0]!].sort();
    const same = found.join('\n') === expected.join('\n');
    return same ? [] : [`by the rule of ${rule} Java reads ${found.join('; ')}, expected ${expected.join('; ')}`];
  });
}
