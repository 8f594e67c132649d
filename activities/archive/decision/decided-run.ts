import type { RunPlan } from '../plan/plan-file.ts';
import type { DecidedRun, TopicProblem } from '../steps.ts';
import { isOfTimes } from '../pull/time-counts.ts';
import { listedProblems } from '../listed-problems.ts';
import { offsetsLeft } from '../offsets-left.ts';
import { decidedLags } from '../topic-lags.ts';
import type { Decision } from './decision.ts';
import { takenName } from './free-names.ts';
import { timeRemarks } from './time-remarks.ts';

const LISTED = 20;

/** What the workflow is told of a decision: bounded, whatever the number of topics. */
export function decidedRun({ head, files, partitions, problems }: Decision, plan: RunPlan): DecidedRun {
  const planned = new Map(plan.partitions.map((each) => [`${each.topic}-${each.partition}`, each]));
  const left: Record<string, number> = {};
  const untold: Record<string, number> = {};
  const stableOf = ({ topic, partition, next }: Decision['partitions'][number]): string =>
    planned.get(`${topic}-${partition}`)?.stable ?? next;
  for (const { left: reasons, untold: what = {} } of partitions) {
    for (const [reason, count] of Object.entries(reasons)) left[reason] = (left[reason] ?? 0) + count;
    for (const [name, count] of Object.entries(what)) untold[name] = (untold[name] ?? 0) + count;
  }
  const told = listedProblems(decidedProblems({ problems }, plan));
  return {
    execution: head.execution,
    files: files.length,
    records: String(files.reduce((sum, { records, apart }) => sum + BigInt(apart ? 0 : records), 0n)),
    bytes: String(files.reduce((sum, { length }) => sum + BigInt(length), 0n)),
    partitions: partitions.length,
    ...offsetsLeft(partitions.map((each) => ({ ...each, stable: stableOf(each) }))),
    problems: told.problems,
    moreProblems: told.moreProblems,
    left,
    lags: decidedLags(partitions, stableOf),
    remarks: [
      ...told.remarks,
      ...plan.head.remarks,
      ...gapRemarks(partitions, planned),
      ...untoldRemark(untold),
      ...timeRemarks(partitions),
      ...takenRemark(files),
    ],
  };
}

/** All problems of a run: those of its plan, and those that came up since, one for each topic. */
export function decidedProblems({ problems }: Pick<Decision, 'problems'>, plan: RunPlan): TopicProblem[] {
  const planned = plan.problems.map(({ topic, message }) => ({ topic, message }));
  return [...new Map([...planned, ...problems].map((each) => [each.topic, each])).values()];
}

/** Gaps that the plan did not know: those of the pulls stand behind its own. */
function gapRemarks(
  partitions: Decision['partitions'],
  planned: ReadonlyMap<string, { missing: readonly unknown[] }>,
): string[] {
  const remarks = partitions.flatMap(({ topic, partition, missing }) => {
    const name = `${topic}-${partition}`;
    const gaps = missing.slice(planned.get(name)?.missing.length ?? 0);
    return gaps.map(
      ({ from, to }) =>
        `${name}: offsets ${from} to ${BigInt(to) - 1n} are lost: Kafka deleted them while the run was on its way to them`,
    );
  });
  const more = remarks.length - LISTED;
  return more > 0 ? [...remarks.slice(0, LISTED), `and ${more} more of these`] : remarks;
}

/** Files that don't tell null from empty: worth a look where there is empty, as a reader takes both for null. */
function untoldRemark(untold: Readonly<Record<string, number>>): string[] {
  const empty = Object.keys(untold).filter((name) => name.startsWith('empty'));
  if (empty.length === 0) return [];
  const counted = Object.entries(untold).flatMap(([name, count]) => (isOfTimes(name) ? [] : `${name} in ${count}`));
  return [
    `files of these values don't tell empty from null (${counted.sort().join(', ')} records): a replay takes all of them for null, or for empty (archive.nifi.empty)`,
  ];
}

const NAMED = 5;

/** Names that somebody had: of topics that share a folder, or were made anew; and of a Camus that has read the same. */
function takenRemark(files: Decision['files']): string[] {
  const all = files.flatMap(({ to }) => {
    const taken = takenName(to);
    return taken === undefined ? [] : [`${to} beside ${taken}`];
  });
  if (all.length === 0) return [];
  const what =
    all.length === 1
      ? '1 file has another name since its own was taken'
      : `${all.length} files have other names since their own were taken`;
  const named = all.slice(0, NAMED).join(', ');
  return [
    `${what}: ${named}. Of a topic that was made anew, or that shares its folder with another one, that is as it should be; else the same records may be there twice: look whether Camus, or another archive, writes there`,
  ];
}
