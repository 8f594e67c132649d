import { createHash, randomUUID } from 'node:crypto';
import { openFileSource } from '../../connections/hdfs/file-source.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { openContainer } from '../../formats/avro/container.ts';
import { FormatError } from '../../formats/format-error.ts';
import { layoutOf } from '../../layouts/layout-of.ts';
import type { Dependencies } from '../dependencies.ts';
import { fileFormat } from '../replay/decode/file-format.ts';
import { InputListing } from '../replay/manifest/input-listing.ts';
import { encodeFooter, encodeLines, encodeSplitEntry, type ManifestFile } from '../replay/manifest/manifest.ts';
import { newestOffsets } from '../replay/offsets/archive-history.ts';
import type { ReplayJob } from '../replay/job/replay-job.ts';
import { Staging } from '../replay/staging.ts';
import { usableSchema } from '../replay/validate-job.ts';
import { boundedRemarks } from '../step/bounded-remarks.ts';
import type { StepContext } from '../step/run-step.ts';
import { planTarget, type ListedArchive } from './plan/plan-target.ts';
import { countRanges } from './plan/ranges-of.ts';
import type { VerifyJob } from './job/verify-job.ts';
import type { PlannedVerify, VerifyStepInput } from './steps.ts';
import { decodePlan, encodePlan, requirePlan, type TargetPlan, type VerifyPlan } from './verify-plan.ts';
import { VerifyFiles } from './verify-files.ts';

/**
 * Pins what is compared: the files of the archive with length and time, the offsets of the topics, and the schema. From
 * here on nothing depends on what is "now" or "latest".
 */
export function planVerify(deps: Dependencies) {
  return async ({ job }: VerifyStepInput, context: StepContext): Promise<PlannedVerify> => {
    const { signal } = context;
    const store = deps.hdfs(job.connections.hdfs);
    const files = new VerifyFiles(store, job.staging);
    const before = await files.readSmall(files.plan, signal);
    if (before !== undefined) return planned(decodePlan(files.plan, before));
    const replay = { ...job.replay, archive: lenient(job.replay.archive) };
    const pins = replay.history === undefined ? undefined : await newestOffsets(store, replay, replay.history, signal);
    const refused: string[] = [];
    const ends = new Map<number, bigint>();
    let partitioned = true;
    let named = true;
    const layout = layoutOf(replay.archive.layout);
    const input = new InputListing(store, replay, pins, context, {
      refuse: (error) => refused.push(error.message),
      onFile: ({ path }) => {
        const facts = layout.facts(path, job.topic);
        if (facts === undefined) partitioned = false;
        const end = facts?.nextOffset;
        if (end === undefined) named = false;
        if (facts !== undefined && end !== undefined && end > (ends.get(facts.partition) ?? -1n))
          ends.set(facts.partition, end);
      },
    });
    const draft = new Draft(input);
    // Another attempt may list other files: each has a manifest of its own, and the plan that is first names its own.
    const manifest = randomUUID();
    await files.put(files.manifest(manifest), draft.chunks(), signal);
    const { remarks } = await input.finish();
    if (input.files === 0) throw await input.nothingToRead();
    const missing = input.selection.missing();
    const listed: ListedArchive = {
      ...(await looked(store, replay, input.picked.files, signal)),
      pins,
      ends,
      partitioned,
      archived: { store, replay, pins, missing: named ? missing : undefined },
    };
    const schema = await usableSchema(deps, new Staging(store, job.staging), replay, signal);
    const targets = [];
    for (const target of job.targets)
      targets.push(await planTarget(deps, job, target, listed, schema && Buffer.from(schema).toString('utf8'), signal));
    const plan: VerifyPlan = {
      plannedAt: new Date().toISOString(),
      servers: serversOf(deps, job, targets),
      ...(pins !== undefined && { execution: pins.execution }),
      files: input.files,
      bytes: String(input.bytes),
      splits: draft.splits,
      manifest,
      listing: draft.sha256,
      leftOut: input.selection.leftOut().map(({ reason, files: left }) => ({ reason, files: left })),
      refused: boundedRemarks(refused),
      notes: boundedRemarks([...job.notes, ...endNotes(job, listed), ...unnamedNotes(listed, named), ...remarks]),
      targets,
    };
    await files.put(files.plan, [encodePlan(plan)], signal);
    return planned(await requirePlan(store, job, signal));
  };
}

function planned({ files, bytes, splits, targets }: VerifyPlan): PlannedVerify {
  return { files, bytes, splits, targets: targets.map((each) => ({ target: each.target, ranges: countRanges(each) })) };
}

function serversOf(
  deps: Dependencies,
  { connections }: VerifyJob,
  targets: readonly TargetPlan[],
): VerifyPlan['servers'] {
  const framed = targets.some(({ comparison }) => comparison.framed);
  return {
    hdfs: deps.hdfs(connections.hdfs).describe(),
    kafka: deps.kafka(connections.kafka).describe(),
    ...(framed && { registry: deps.registry(connections.registry ?? 'default').describe() }),
  };
}

/** Who can't tell where the archive ended can't tell that its end is gone. */
function endNotes({ targets }: VerifyJob, { pins, ends }: ListedArchive): string[] {
  if (pins !== undefined || ends.size === 0 || !targets.includes('source')) return [];
  return [
    'no history of executions says up to where the archive goes, so that names of files do: of a partition whose newest files are gone only what is before them was compared (archive.exec or archive.history)',
  ];
}

/** Whose files' names tell no offsets can't be missed by the history. */
function unnamedNotes({ pins }: ListedArchive, named: boolean): string[] {
  if (pins === undefined || named) return [];
  return [
    'names of files tell no offsets, so that no file is missed by what the history says was archived: only what the topic still has was compared',
  ];
}

/** What a replay would refuse is found and told here, and not a reason to look at nothing. */
function lenient(archive: ReplayJob['archive']): ReplayJob['archive'] {
  return {
    ...archive,
    duplicates: 'report',
    overlaps: 'report',
    missing: 'report',
    gaps: 'report',
    strayTimes: 'ignore',
  };
}

async function looked(
  store: FileStore,
  replay: ReplayJob,
  picked: readonly ManifestFile[],
  signal: AbortSignal,
): Promise<Pick<ListedArchive, 'format' | 'newestSchema'>> {
  let format = 'unknown';
  let newestSchema: string | undefined;
  for (const file of picked) {
    const source = openFileSource(store, { ...file, kind: 'file' });
    try {
      const detected = await fileFormat(source, file.path, replay.archive.format, signal);
      format = detected.format;
      if (detected.format === 'avro') newestSchema = (await openContainer(source, { signal })).schemaJson;
    } catch (error) {
      // A file that can't be read is told where it is read.
      if (!(error instanceof FormatError)) throw error;
    }
  }
  return { format, newestSchema };
}

/** The list of files as a manifest, as a replay has it. */
class Draft {
  readonly #input: InputListing;
  readonly #hash = createHash('sha256');
  splits = 0;
  sha256 = '';

  constructor(input: InputListing) {
    this.#input = input;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    const entries: Buffer[] = [];
    let at = 0;
    let last = { at: 0, length: 0, path: '' };
    for await (const { files, range } of this.#input.splits()) {
      const path = files[0]?.path ?? '';
      const { start, end } = range ?? { start: 0, end: 0 };
      if (start === 0 || last.path !== path) {
        const lines = encodeLines(files);
        last = { at, length: lines.length, path };
        at += lines.length;
        this.#hash.update(lines);
        yield lines;
      }
      entries.push(encodeSplitEntry({ linesAt: last.at, linesLength: last.length, start, end }));
    }
    this.splits = entries.length;
    this.sha256 = this.#hash.digest('hex');
    const table = Buffer.concat(entries);
    yield table;
    yield encodeFooter({ splitsAt: at, summaryAt: at + table.length, summaryLength: 0 });
  }
}
