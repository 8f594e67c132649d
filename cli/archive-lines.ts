import type { ArchivePlan } from '../activities/archive/plan/archive-plan.ts';
import type { ArchiveProgress } from '../workflows/archive/archive-progress.ts';
import type { ArchiveResult } from '../workflows/archive/archive-result.ts';
import { bytesText, counted, groupedText } from '../workflows/run/readable.ts';
import { columns } from './output.ts';
import { bar } from './progress-bar.ts';

/** One line about how far an archive is. */
export function archiveLine(progress: ArchiveProgress | undefined): string {
  if (progress === undefined) return 'checking the input';
  const { step, status, pulls, records, recordsPerSecond } = progress;
  const name = status === 'running' ? step : `${step}, ${status}`;
  if (step !== 'pull' || pulls.total === 0) return name;
  const rate = recordsPerSecond === undefined ? '' : `${groupedText(recordsPerSecond)}/s`;
  return [name, bar(pulls.done, pulls.total), counted(records, 'record'), rate].filter(Boolean).join('  ');
}

/** The topics that are furthest behind, for people. */
export function topicLagLines({ topicLags = [], topicCount }: Partial<ArchiveProgress>): string[] {
  if (topicLags.length === 0) return [];
  const more = (topicCount ?? 0) - topicLags.length;
  return [
    ...columns([
      ['topic', 'lag', 'records/s', 'complete up to'],
      ...topicLags.map(({ topic, lag, recordsPerSecond, completeTo }) => [
        topic,
        groupedText(lag),
        recordsPerSecond === undefined ? '' : groupedText(recordsPerSecond),
        completeTo ?? '',
      ]),
    ]),
    ...(more > 0 ? [`and ${counted(more, 'more topic')}, none further behind`] : []),
  ];
}

/** What a run did, for people. */
export function archiveResultLines(result: ArchiveResult): string[] {
  const { files, records, bytes, execution, lag, left } = result;
  const leftText = Object.entries(left).map(([reason, count]) => `${groupedText(count)} ${reason}`);
  return [
    execution === undefined
      ? nothingNew(result)
      : `${counted(records, 'record')} in ${counted(files, 'file')} (${bytesText(bytes)}), execution ${execution}`,
    ...(result.finished === undefined ? [] : [`finished first what an earlier run had decided: ${result.finished}`]),
    ...(leftText.length === 0 ? [] : [`in no file: ${leftText.join(', ')}`]),
    ...(result.offsetsLeft === '0'
      ? []
      : [
          `left for the next run: ${counted(result.offsetsLeft, 'offset')}` +
            (lag ? `, most of them in ${lag.topic}-${lag.partition}` : ''),
        ]),
    ...behindLines(result),
    ...(result.audit === undefined || result.audit.events === 0
      ? []
      : [`posted ${counted(result.audit.events, 'count')} of ${counted(result.audit.executions, 'execution')}`]),
    ...problemLines(result),
    ...result.remarks.map((remark) => `note: ${remark}`),
  ];
}

function nothingNew({ topics, problems, offsetsLeft }: ArchiveResult): string {
  return problems.length > 0 && offsetsLeft !== '0'
    ? `nothing archived of ${counted(topics, 'topic')}: what is new has a problem`
    : `nothing new in ${counted(topics, 'topic')}`;
}

/** The topics of which something is left, and up to when they are archived. */
function behindLines({ lags = [] }: Partial<ArchiveResult>): string[] {
  const behind = lags.filter(({ lag }) => lag !== '0');
  return behind.map(({ topic, lag, complete }) => {
    const until = complete === undefined ? '' : `, complete up to ${new Date(complete).toISOString()}`;
    return `behind: ${topic} by ${counted(lag, 'offset')}${until}`;
  });
}

/** What a quota leaves of it. */
function leftBy({ quota }: ArchivePlan['space']): string {
  if (quota === undefined) return '';
  const left = Math.max(0, Number(quota.bytes) - Number(quota.used));
  return `, of which the quota on ${quota.path} leaves ${bytesText(left)}`;
}

function leftoversLines({ files, examples, problem }: ArchivePlan['leftovers']): string[] {
  if (problem !== undefined) return [`leftovers: ${problem}`];
  return files === 0 ? [] : [`leftovers: ${counted(files, 'file')} beyond the stored offsets, such as ${examples[0]}`];
}

/** What a run would do, for people. */
export function archivePlanLines(plan: ArchivePlan): string[] {
  const { topics, lag, space, leftovers } = plan;
  return [
    `${counted(topics.taken, 'topic')}, ${topics.leftOut.length + topics.moreLeftOut} left out; follows ${plan.predecessor ?? 'nothing: the first run'}`,
    ...leftOutLines(topics),
    `${counted(lag.offsets, 'offset')} to read, about ${bytesText(lag.bytes)} of log, in ${counted(plan.ranges, 'range')} and ${counted(plan.pulls, 'pull')}`,
    ...(space.free === undefined ? [] : [`free on HDFS: ${bytesText(space.free)}${leftBy(space)}`]),
    ...(plan.noRoom ?? []).map((full) => `no room: ${full}`),
    ...(plan.unfinished === undefined ? [] : [`an earlier run decided ${plan.unfinished}: it is finished first`]),
    ...leftoversLines(leftovers),
    ...columns([
      [
        'partition',
        'stored',
        'earliest',
        'begins at',
        'stable end',
        'end',
        'lag',
        'bytes',
        'hours',
        'held back',
        'files',
        'folders',
      ],
      ...plan.partitions
        .slice(0, 20)
        .map((each) => [
          `${each.topic}-${each.partition}`,
          each.stored ?? 'new',
          each.earliest ?? '',
          each.start,
          each.stable,
          each.latest,
          each.lag,
          each.lagBytes === undefined ? '' : bytesText(each.lagBytes),
          each.lagHours === undefined ? '' : String(each.lagHours),
          each.heldBack,
          each.files === undefined ? '' : String(each.files),
          each.folders === undefined ? '' : `${each.folders.first} to ${each.folders.last}`,
        ]),
    ]),
    ...(plan.partitions.length + plan.morePartitions > 20
      ? [`and ${plan.partitions.length + plan.morePartitions - 20} more partitions; --json lists the first 100`]
      : []),
    ...plan.partitions.flatMap(({ topic, partition, missing }) =>
      missing.map(({ from, to, why }) => `gap: ${topic}-${partition}, offsets ${from} to before ${to}: ${why}`),
    ),
    ...plan.rights
      .filter(({ mayWrite }) => mayWrite === false)
      .map(
        ({ path, madeIn }) => `no right to write: ${path}${madeIn === undefined ? '' : `, to be made in ${madeIn}`}`,
      ),
    ...problemLines(plan),
    ...plan.remarks.map((remark) => `note: ${remark}`),
  ];
}

/** Topics named for a reason for which a plan leaves topics out. */
const NAMED = 5;

function leftOutLines({ leftOut, moreLeftOut }: ArchivePlan['topics']): string[] {
  const byReason = new Map<string, string[]>();
  for (const { topic, why } of leftOut) byReason.set(why, [...(byReason.get(why) ?? []), topic]);
  const lines = [...byReason].map(([why, names]) => {
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
    return `left out (${why}): ${names.slice(0, NAMED).join(', ')}${more}`;
  });
  return moreLeftOut > 0 ? [...lines, `and ${moreLeftOut} more topics are left out`] : lines;
}

function problemLines({ problems, moreProblems }: Pick<ArchiveResult, 'problems' | 'moreProblems'>): string[] {
  return [
    ...problems.map(({ message }) => `problem: ${message}`),
    ...(moreProblems > 0 ? [`and ${moreProblems} more topics with problems`] : []),
  ];
}
