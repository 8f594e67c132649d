import type { Dependencies } from '../dependencies.ts';
import type { StepContext } from '../step/run-step.ts';
import { parseStaged } from '../step/staged-json.ts';
import { readBounds } from './bound-topics.ts';
import { bothSides, compareCells } from './compare/compare-cells.ts';
import { MergedTallies } from './compare/merged-tallies.ts';
import { differencesShape, sideOf, type Differences } from './compare/differences.ts';
import { putBeside } from './report/put-beside.ts';
import type { ReconciledTarget, TargetInput } from './steps.ts';
import { cellOptions } from './tally/cell-options.ts';
import type { Cells } from './tally/cells.ts';
import { requirePlan, targetOf } from './verify-plan.ts';
import { VerifyFiles } from './verify-files.ts';

/** Cells that are looked at record by record. */
const MOST_NARROWED = 100;

/** Puts the tallies of both sides together, and compares them bucket by bucket. */
export function reconcileVerify(deps: Dependencies) {
  return async ({ job, target }: TargetInput, context: StepContext): Promise<ReconciledTarget> => {
    const { signal } = context;
    const store = deps.hdfs(job.connections.hdfs);
    const files = new VerifyFiles(store, job.staging);
    const path = files.differences(target);
    const before = await files.readSmall(path, signal);
    if (before !== undefined) return reconciled(target, parseStaged(path, differencesShape, before));
    const plan = await requirePlan(store, job, signal);
    const of = targetOf(plan, target);
    const merged = new MergedTallies(files, of, cellOptions(job, of), context);
    await merged.readTopic(await readBounds(files, target, signal));
    await merged.readArchive(plan.splits);
    const { archive, topic } = merged;
    const bucketMs = Math.max(archive.bucketMs, topic.bucketMs);
    for (const side of [archive, topic]) if (side.bucketMs < bucketMs) side.coarsen(bucketMs);
    const compared = compareCells(archive, topic, of.comparison.ordered);
    const cells = `${job.settings.report}/cells-${target}.jsonl`;
    await putBeside(store, cells, linesOf(archive, topic), signal);
    const content = compared.differing.filter(({ orderOnly }) => !orderOnly).length;
    const narrowed = compared.differing.slice(0, MOST_NARROWED);
    const wheres = await merged.wheresOf(narrowed, plan.splits, bucketMs);
    const found: Differences = {
      ...merged.counts,
      bucketMs,
      cells: compared.cells,
      archive: String(merged.records.archive),
      found: String(merged.records.topic),
      uncompared: String(merged.uncompared),
      compacted: String(merged.compacted),
      partitions: [...compared.partitions]
        .sort(([a], [b]) => a - b)
        .map(([partition, sides]) => ({
          partition,
          archive: sideOf(sides.archive),
          topic: sideOf(sides.topic),
          uncompared: 0,
          ...(merged.logs.get(partition) ?? { aborted: 0, markers: 0 }),
        })),
      differing: narrowed.map((cell, index) => ({ ...cell, ...wheres[index]! })),
      moreDiffering: Math.max(0, content - MOST_NARROWED),
      moreOrderOnly: Math.max(0, compared.differing.length - Math.max(content, MOST_NARROWED)),
    };
    const placed = await files.putSmall(path, Buffer.from(JSON.stringify(found)), signal);
    return reconciled(target, parseStaged(path, differencesShape, placed));
  };
}

function reconciled(target: TargetInput['target'], found: Differences): ReconciledTarget {
  const { cells, differing, moreDiffering, moreOrderOnly } = found;
  return { target, cells, differing: differing.length + moreDiffering + moreOrderOnly, narrowed: differing.length };
}

/** Every bucket of both sides, as it stands beside the report. */
function* linesOf(archive: Cells, topic: Cells): Generator<Uint8Array> {
  let text = '';
  for (const { cell, archived, logged } of bothSides(archive, topic)) {
    const bucket = Number.isNaN(cell.bucket) ? null : new Date(cell.bucket).toISOString();
    const line = { partition: cell.partition, bucket, archive: sideOf(archived), topic: sideOf(logged) };
    text += `${JSON.stringify(line)}\n`;
    if (text.length < 64 * 1024) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}
