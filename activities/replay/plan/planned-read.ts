import type { ArchiveLayout } from '../../../layouts/archive-layout.ts';
import { layoutOf } from '../../../layouts/layout-of.ts';
import type { SampledFile } from '../decode/sample-files.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { nameEnding } from '../manifest/file-picker.ts';
import type { InputListing } from '../manifest/input-listing.ts';
import type { ManifestFile, Split } from '../manifest/manifest.ts';
import type { PlannedFormat, PlannedRead } from './replay-plan.ts';

/** Kinds of names that are listed one by one; the rest are `others`. */
const LISTED_ENDINGS = 8;
const LISTED_PARTITIONS = 50;

/** Counts what a listing takes, file by file, in memory that does not grow with it. */
export class ReadCounts {
  readonly #layout: ArchiveLayout;
  readonly #topic: string;
  readonly #archive: ReplayJob['archive'];
  #byNames = 0n;
  #withoutCount = 0;
  #from = Infinity;
  #to = -Infinity;
  #withoutTime = 0;
  readonly #endings = new Map<string, { files: number; bytes: bigint }>();
  readonly #splits = { total: 0, ofWholeFiles: 0, ofCutFiles: 0 };

  constructor({ archive, topic }: Pick<ReplayJob, 'archive' | 'topic'>) {
    this.#layout = layoutOf(archive.layout);
    this.#topic = topic;
    this.#archive = archive;
  }

  takeFile({ path, length, count }: ManifestFile): void {
    if (count === undefined) this.#withoutCount += 1;
    else this.#byNames += BigInt(count);
    this.#takeTimes(path);
    const ending = nameEnding(path);
    const name = this.#endings.has(ending) || this.#endings.size < LISTED_ENDINGS ? ending : 'others';
    const known = this.#endings.get(name) ?? { files: 0, bytes: 0n };
    this.#endings.set(name, { files: known.files + 1, bytes: known.bytes + BigInt(length) });
  }

  takeSplit({ range }: Split): void {
    this.#splits.total += 1;
    this.#splits[range === undefined ? 'ofWholeFiles' : 'ofCutFiles'] += 1;
  }

  /** What would be read, with what the sample found. */
  planned(
    job: ReplayJob,
    { files, bytes, selection }: InputListing,
    execution: string | undefined,
    sampled: readonly SampledFile[],
  ): PlannedRead {
    const doubled = selection.doubled();
    return {
      input: job.input ?? '',
      execution,
      files,
      bytes: bytes.toString(),
      records: {
        byNames: this.#byNames.toString(),
        filesWithoutCount: this.#withoutCount,
        estimated: this.#estimated(bytes, sampled),
      },
      times: this.#times(),
      formats: this.#formats(sampled),
      splits: this.#splits,
      sample: sampleSums(sampled),
      leftOut: selection.leftOut(),
      doubled: doubled.slice(0, LISTED_PARTITIONS),
      moreDoubled: Math.max(0, doubled.length - LISTED_PARTITIONS),
    };
  }

  #takeTimes(path: string): void {
    const times = this.#layout.span(path, this.#topic, this.#archive);
    if (times === undefined) {
      this.#withoutTime += 1;
      return;
    }
    this.#from = Math.min(this.#from, times.from);
    this.#to = Math.max(this.#to, times.to);
  }

  #times(): PlannedRead['times'] {
    if (this.#to < this.#from) return undefined;
    const text = (at: number): string => new Date(at).toISOString();
    return { from: text(this.#from), to: text(this.#to), filesWithout: this.#withoutTime };
  }

  /** Where names don't count, as many records a byte as the sample has. */
  #estimated(bytes: bigint, sampled: readonly SampledFile[]): string | undefined {
    if (this.#withoutCount === 0) return this.#byNames.toString();
    const { records, bytes: sampledBytes } = sampleSums(sampled);
    if (sampledBytes === '0') return undefined;
    return Math.round((records / Number(sampledBytes)) * Number(bytes)).toString();
  }

  #formats(sampled: readonly SampledFile[]): PlannedFormat[] {
    return [...this.#endings].map(([ending, { files, bytes }]) => {
      const found = new Map<string, number>();
      for (const one of sampled)
        if ('sample' in one && (ending === 'others' || nameEnding(one.file.path) === ending))
          found.set(one.sample.format, (found.get(one.sample.format) ?? 0) + 1);
      return {
        names: ending === 'others' ? ending : `*${ending}`,
        files,
        bytes: bytes.toString(),
        found: [...found].map(([format, count]) => ({ format, files: count })),
      };
    });
  }
}

function sampleSums(sampled: readonly SampledFile[]): PlannedRead['sample'] {
  const read = sampled.flatMap((one) => ('sample' in one ? [one.sample] : []));
  return {
    files: read.length,
    records: read.reduce((sum, sample) => sum + sample.read, 0),
    bytes: read.reduce((sum, sample) => sum + sample.bytes, 0).toString(),
    writerSchemas: new Set(read.flatMap(({ writerSchema }) => writerSchema ?? [])).size,
  };
}
