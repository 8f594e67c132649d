import { createHash } from 'node:crypto';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { parentPath } from '../../connections/hdfs/hdfs-path.ts';
import type { Dependencies } from '../dependencies.ts';
import { boundedRemarks } from '../step/bounded-remarks.ts';
import { release } from '../step/release.ts';
import type { StepContext } from '../step/run-step.ts';
import { parseStaged } from '../step/staged-json.ts';
import { FINDING_KINDS, VERIFY_COUNTERS, VERIFY_GAUGES } from './counters.ts';
import { differencesShape, type Differences } from './compare/differences.ts';
import type { VerifyJob } from './job/verify-job.ts';
import { narrowedShape } from './narrow-verify.ts';
import { listOfFiles } from './report/list-of-files.ts';
import { putBeside } from './report/put-beside.ts';
import { groundsOf, type Unfound } from './report/grounds-of.ts';
import type { Finding, ReportedVerify, VerifiedTarget, VerifyStepInput } from './steps.ts';
import { requirePlan, requireStaged, targetOf, type VerifyPlan } from './verify-plan.ts';
import { VerifyFiles } from './verify-files.ts';

/** Findings that the result names; the report has all. */
const MOST_LISTED = 40;
const MOST_BYTES = 24 * 1024;

/**
 * Writes the report: what was compared with what, when, by which job and release; counts and hashes; every finding with
 * its place. It stays when the job's staging goes.
 */
export function reportVerify(deps: Dependencies) {
  return async ({ job }: VerifyStepInput, context: StepContext): Promise<ReportedVerify> => {
    const { signal } = context;
    const store = deps.hdfs(job.connections.hdfs);
    const files = new VerifyFiles(store, job.staging);
    const plan = await requirePlan(store, job, signal);
    const findings: Finding[] = [];
    const { sample } = job.settings;
    const notes = [...plan.notes];
    if (sample > 1)
      notes.push(`records of one bucket in ${sample} were compared by content, and all were counted (verify.sample)`);
    const parts: { target: VerifiedTarget; differences: Differences }[] = [];
    for (const target of job.targets) {
      const path = files.differences(target);
      const differences = parseStaged(path, differencesShape, await requireStaged(files, path, signal));
      const narrowed: Finding[] = [];
      let within = 0n;
      let compacted = BigInt(differences.compacted);
      for (const number of differences.differing.keys()) {
        const at = files.narrowed(target, number);
        const found = parseStaged(at, narrowedShape, await requireStaged(files, at, signal));
        narrowed.push(...(found.findings as unknown as Finding[]));
        within += BigInt(found.uncompared);
        compacted += BigInt(found.compacted);
        context.progress({ narrowed: number });
      }
      const grounds = groundsOf(targetOf(plan, target), differences, narrowed, { within, compacted });
      findings.push(...grounds.findings);
      notes.push(...grounds.notes);
      parts.push({ target: verifiedTarget(plan, target, differences, { within, compacted }), differences });
    }
    for (const message of plan.refused) findings.push({ kind: 'refused', target: job.targets[0]!, message });
    const all = [...new Map(findings.map((finding) => [`${finding.kind} ${finding.message}`, finding])).values()].sort(
      (a, b) => FINDING_KINDS.indexOf(a.kind) - FINDING_KINDS.indexOf(b.kind),
    );
    const document = documentOf(job, plan, parts, all, notes);
    const own = Buffer.from(`${JSON.stringify(document, undefined, 2)}\n`);
    await files.putSmall(files.report, own, signal);
    // The first attempt's, by its time and release. An attempt that slept until the job was over finds none.
    const bytes = await requireStaged(files, files.report, signal);
    const path = `${job.settings.report}/report.json`;
    const list = listOfFiles(store, files.manifest(plan.manifest), plan.listing, signal);
    await putBeside(store, listingPath(job), list, signal);
    await writeReport(store, path, bytes, signal);
    const listed = bounded(all);
    for (const { kind } of all) context.metrics.count(VERIFY_COUNTERS.rewind_verify_findings, 1, { kind });
    context.metrics.gauge(VERIFY_GAUGES.rewind_verified, Date.now() / 1000);
    return {
      agrees: all.length === 0,
      report: path,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      targets: parts.map(({ target }) => target),
      findings: listed,
      moreFindings: all.length - listed.length,
      notes: boundedRemarks(notes),
    };
  };
}

/** Leaves a report that is there already: whoever deletes it and dies would take it from a job that is over. */
async function writeReport(store: FileStore, path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  const status = await store.status(path, signal);
  if (status?.length === bytes.length) {
    const present = await store.read(path, 0, bytes.length, signal);
    if (Buffer.compare(present, bytes) === 0) return;
  }
  await store.makeDirectory(parentPath(path) ?? '/', signal);
  if (status !== undefined) await store.delete(path, { signal });
  await store.write(path, [bytes], { signal });
}

function verifiedTarget(
  plan: VerifyPlan,
  target: VerifiedTarget['target'],
  { cells, archive, found, uncompared, differing, moreDiffering }: Differences,
  { within, compacted }: Unfound,
): VerifiedTarget {
  const { topic, comparison, partitions } = targetOf(plan, target);
  return {
    target,
    topic,
    content: comparison.content,
    partitions: partitions.length,
    cells,
    archive,
    found,
    uncompared: String(BigInt(uncompared) + within),
    compacted: String(compacted),
    differing: differing.length + moreDiffering,
  };
}

/** The files that were compared, a line each. */
function listingPath({ settings }: VerifyJob): string {
  return `${settings.report}/files.jsonl`;
}

function bounded(findings: readonly Finding[]): Finding[] {
  const kept: Finding[] = [];
  let bytes = 0;
  for (const finding of findings) {
    bytes += Buffer.byteLength(JSON.stringify(finding));
    if (kept.length === MOST_LISTED || bytes > MOST_BYTES) break;
    kept.push(finding);
  }
  return kept;
}

function documentOf(
  job: VerifyJob,
  plan: VerifyPlan,
  parts: readonly { target: VerifiedTarget; differences: Differences }[],
  findings: readonly Finding[],
  notes: readonly string[],
): object {
  const { replay, settings } = job;
  return {
    rewind: { report: 'verify', version: 1, release: release() },
    job: job.id,
    topic: job.topic,
    plannedAt: plan.plannedAt,
    reportedAt: new Date().toISOString(),
    agrees: findings.length === 0,
    servers: plan.servers,
    archive: {
      input: replay.input,
      layout: replay.archive.layout,
      format: replay.archive.format,
      execution: plan.execution,
      files: plan.files,
      bytes: plan.bytes,
      listing: { file: listingPath(job), sha256: plan.listing },
      leftOut: plan.leftOut,
    },
    settings: { value: settings.value, bucketMinutes: settings.bucketMinutes, sample: settings.sample },
    hash: 'sum of the first 128 bits of the SHA-256 of each record, modulo 2^128',
    targets: parts.map(({ target, differences }) => {
      const { topicId, comparison, partitions: spans } = targetOf(plan, target.target);
      const spanOf = new Map(spans.map((span) => [span.partition, span]));
      return {
        ...target,
        topicId,
        comparison,
        bucketMinutes: differences.bucketMs / 60_000,
        cellsFile: `${settings.report}/cells-${target.target}.jsonl`,
        tombstones: differences.tombstones,
        undecodable: differences.undecodable,
        partitions: differences.partitions.map(({ uncompared: _none, ...each }) => ({
          ...each,
          from: spanOf.get(each.partition)?.from,
          to: spanOf.get(each.partition)?.to,
        })),
      };
    }),
    findings,
    notes,
  };
}
