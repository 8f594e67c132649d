import { FormatError } from '../../../formats/format-error.ts';
import { lineTimeReader } from '../../../formats/text/time.ts';
import type { ArchivePlace } from '../../../layouts/archive-layout.ts';
import { layoutOf } from '../../../layouts/layout-of.ts';
import type { ParsedReplayInput } from './job-input.ts';
import { settingsOfFormat } from './format-defaults.ts';
import { replayTopicNameOf, timesOf } from './job-times.ts';
import { goesOnBehindRecords, tellsOffsets } from './own-offsets.ts';
import type { ReplayJob } from './replay-job.ts';
import { mayHaveOffsetWindows } from '../windows/may-have-windows.ts';
import { isTopicName } from './topic-name.ts';

/** One thing that is wrong with an input: the field's path with dots, and what was expected there. */
export interface InputIssue {
  field: string;
  message: string;
}

const PLACES = ['dest', 'topicsDir', 'subDir', 'input', 'exec', 'history'] satisfies (keyof ArchivePlace)[];

/**
 * Rules that involve more than one field; all that are broken are reported.
 *
 * @param mayBeWhole whether the files may turn out to hold whole records, which have partitions of their own
 */
export function checkFieldsTogether(
  job: ParsedReplayInput,
  scheduledAt: number,
  { mayBeWhole = job.archive.format === 'auto' }: { mayBeWhole?: boolean } = {},
): InputIssue[] {
  const issues: InputIssue[] = [];
  const wrong = (at: string[], message: string): unknown => issues.push({ field: at.join('.'), message });
  const layout = layoutOf(job.archive.layout);
  const input = job.archive.input ?? layout.input(job.archive, job.topic);
  if (!job.offsetsOnly && input === undefined)
    wrong(
      ['archive', 'dest'],
      "expected archive.dest (Camus's etl.destination.path) or archive.input (a glob): there is nothing to read",
    );
  if (job.archive.subDir !== undefined && (job.archive.dest === undefined || job.archive.input !== undefined))
    wrong(
      ['archive', 'subDir'],
      'expected archive.dest beside it, and no archive.input: it names a folder of DEST/TOPIC',
    );
  checkHistory(job, wrong);
  for (const place of PLACES)
    if (job.archive[place] !== undefined && !layout.places.includes(place))
      wrong(['archive', place], `expected nothing: archives of ${layout.writer} (archive.layout) have no such thing`);
  if (job.offsetsOnly && job.offsets.group === undefined)
    wrong(['offsets', 'group'], 'expected a consumer group: offsetsOnly has nothing else to do');
  if (job.offsets.group !== undefined && !job.offsets.zookeeper && !job.offsets.kafka)
    wrong(
      ['offsets'],
      'expected offsets.zookeeper or offsets.kafka to be true: offsets.group would be committed nowhere',
    );
  if (job.offsets.kafka && job.offsets.layout === '0.7')
    wrong(['offsets', 'kafka'], 'expected false: Kafka keeps no offsets by NODEID-PARTITION, the layout "0.7"');
  const { from, to } = timesOf(job, scheduledAt);
  if (from !== undefined && to !== undefined && from >= to)
    wrong(['from'], `expected from before to, found from ${job.from!} and to ${job.to!}`);
  if (job.output.partitions === 'key' && job.output.partitionCount === undefined)
    wrong(['output', 'partitionCount'], 'expected the number of partitions: output.partitions is "key"');
  if (job.output.partitions === 'key' && job.output.key === undefined && !tellsOffsets(job))
    wrong(['output', 'key'], 'expected a field: output.partitions is "key"');
  const open = mayBeWhole && job.output.partitions === undefined;
  if (!open && settingsOfFormat(job).output.partitions === 'one' && (job.output.partitionCount ?? 1) !== 1)
    wrong(
      ['output', 'partitionCount'],
      `expected 1 or nothing, found ${job.output.partitionCount}: output.partitions is "one"`,
    );
  checkTime(job, settingsOfFormat(job).order, wrong);
  checkWindows(job, wrong);
  checkWhole(job, wrong);
  checkGroups(job, mayBeWhole, wrong);
  checkText(job, wrong);
  checkFunctions(job, settingsOfFormat(job).order, wrong);
  checkFrame(job, wrong);
  if (job.output.encoding === 'original' && job.output.schema !== undefined)
    wrong(['output', 'schema'], 'expected nothing: the encoding "original" publishes records as they are in the file');
  const replayName = replayTopicNameOf(job, scheduledAt);
  if (replayName === undefined)
    wrong(['replayTopic'], `expected from and to beside the dates of the time range in ${job.replayTopic.name}`);
  else if (replayName === job.topic && !job.replayTopic.allowSource)
    wrong(
      ['replayTopic'],
      `expected another topic than the source ${job.topic}; replayTopic.allowSource publishes into it while it is empty`,
    );
  else if (replayName === job.topic && !job.output.headers.ordinal)
    wrong(
      ['output', 'headers', 'ordinal'],
      `expected true: the replay goes into the source ${job.topic} itself, whose archive knows replayed records by this header, and would archive them again`,
    );
  else if (!isTopicName(replayName))
    wrong(['replayTopic'], `expected a name of at most 249 characters, as Kafka allows, found ${replayName}`);
  if (replayName === job.topic) checkOldOffsets(job, wrong);
  return issues;
}

type Wrong = (at: string[], message: string) => unknown;

/** Where the offsets of a group come from: a history, or the records themselves where the layout has none. */
function checkHistory(job: ParsedReplayInput, wrong: Wrong): void {
  const { archive, topic, offsets, offsetsOnly, functions } = job;
  const { history, writer } = layoutOf(archive.layout);
  if (offsets.group === undefined || history?.folder(archive, topic) !== undefined) return;
  if (history !== undefined) wrong(['archive', 'exec'], `expected ${history.needs}`);
  else if (!goesOnBehindRecords({ archive, ...settingsOfFormat(job) }))
    wrong(
      ['offsets', 'group'],
      `expected nothing: archives of ${writer} keep no offsets, other than in records, by order "offset"`,
    );
  else if (offsetsOnly)
    wrong(
      ['offsetsOnly'],
      `expected false: archives of ${writer} keep no offsets, other than in records, which must be read`,
    );
  else if (functions.filter !== undefined)
    wrong(
      ['functions', 'filter'],
      "expected nothing beside offsets.group: what it leaves out can't be told from what is missing",
    );
}

/**
 * A replay into the source itself gives records new offsets: those that records tell, and those beside translated ones,
 * would be committed for the same topic. Offsets of a history are compared with the topic when the job begins.
 */
function checkOldOffsets(job: ParsedReplayInput, wrong: Wrong): void {
  const { archive, topic, groups, offsets } = job;
  if (offsets.group === undefined) return;
  if (groups === undefined && !goesOnBehindRecords({ archive, ...settingsOfFormat(job) })) return;
  wrong(
    ['offsets', 'group'],
    `expected nothing where the replay goes into the source ${topic} itself: its records get new offsets, and the old ones mean nothing there`,
  );
}

function checkTime({ time, from, to, archive }: ParsedReplayInput, order: ReplayJob['order'], wrong: Wrong): void {
  if (time.field !== undefined && time.pattern !== undefined)
    wrong(['time', 'pattern'], 'expected either time.field or time.pattern: both say where a line has its time');
  if (archive.format === 'avro' || archive.format === 'parquet')
    for (const field of ['format', 'pattern', 'timeZone'] as const)
      if (time[field] !== undefined)
        wrong(
          ['time', field],
          `expected nothing: it is about lines of text, and archive.format is "${archive.format}"`,
        );
  if (order !== 'time' && (from !== undefined || to !== undefined) && archive.format !== 'record')
    wrong(['order'], `expected "time" beside from or to: with the order "${order}" records may have no time`);
  for (const field of ['format', 'pattern'] as const)
    try {
      if (time[field] !== undefined) lineTimeReader({ pattern: '.', format: 'unix', [field]: time[field] });
    } catch (error) {
      if (error instanceof FormatError) wrong(['time', field], `${error.message}: expected ${error.facts.expected}`);
      else if (error instanceof SyntaxError) wrong(['time', field], `expected a regular expression: ${error.message}`);
      else throw error;
    }
}

/** What a function makes is no Avro any more, and what it is told of a time is in milliseconds. */
function checkFunctions({ functions, output, time }: ParsedReplayInput, order: ReplayJob['order'], wrong: Wrong): void {
  if (functions.encoding !== undefined && output.encoding !== 'avro-json')
    wrong(['output', 'encoding'], 'expected nothing: functions.encoding makes the bytes that are published');
  if (functions.transform !== undefined && output.encoding === 'avro-binary')
    wrong(['output', 'encoding'], 'expected "json" or nothing: functions.transform returns JSON, a text or bytes');
  for (const field of ['field', 'unit', 'format', 'pattern'] as const)
    if (functions.time !== undefined && time[field] !== undefined)
      wrong(['time', field], 'expected nothing: functions.time tells the time of a record, in milliseconds');
  if (functions.time !== undefined && order !== 'time')
    wrong(['functions', 'time'], `expected nothing: with the order "${order}" times don't sort the records`);
}

/**
 * Windows are of times, of places, or of offsets of whole records of which nothing must be known before the first is
 * published.
 */
function checkWindows(job: ParsedReplayInput, wrong: Wrong): void {
  const { order } = settingsOfFormat(job);
  if (job.sort !== 'windows' || (order !== 'offset' && !tellsOffsets(job))) return;
  if (job.archive.format === 'record' && order === 'offset') {
    if (!mayHaveOffsetWindows({ ...job, order }))
      wrong(
        ['sort'],
        'expected "auto" or "whole": what archive.gaps "fail" and offsets that the records alone tell ask for is known only when all are sorted',
      );
  } else
    wrong(
      ['sort'],
      'expected "auto" or "whole": windows are of times, of the places of files, or of offsets of whole records, and other things sort these',
    );
}

/** A frame says which schema the Avro data behind it has. */
function checkFrame({ archive, output, functions }: ParsedReplayInput, wrong: Wrong): void {
  const { frame, subject, encoding, schema } = output;
  if (subject !== undefined && frame !== 'latest' && frame !== 'writer')
    wrong(['output', 'subject'], 'expected nothing: only output.frame "latest" and "writer" ask for a subject');
  if (frame === undefined) return;
  if (encoding !== 'avro-binary')
    wrong(['output', 'encoding'], 'expected "avro-binary" beside output.frame: what follows a frame is Avro data');
  if (schema !== undefined)
    wrong(['output', 'schema'], "expected nothing beside output.frame: the output schema is the registry's");
  if (functions.encoding !== undefined || functions.transform !== undefined)
    wrong(['output', 'frame'], 'expected nothing: a function makes what is published, its frame too');
  if (archive.format === 'text' || archive.format === 'nifi')
    wrong(['output', 'frame'], 'expected nothing: lines of text have no schema');
}

const KEYS_OF_LINES = {
  text: 'the key of a line of text is not read',
  nifi: 'the key is that of the line',
};

/** Lines are published as they are, and have no fields but their time. */
function checkText({ archive, output, time }: ParsedReplayInput, wrong: Wrong): void {
  if (archive.nifi !== undefined && archive.format !== 'nifi')
    wrong(['archive', 'nifi'], 'expected nothing: neither archive.layout nor archive.format is "nifi"');
  if (archive.format !== 'text' && archive.format !== 'nifi') return;
  if (output.schema !== undefined)
    wrong(['output', 'schema'], 'expected nothing: lines of text are published as they are');
  if (output.key !== undefined) wrong(['output', 'key'], `expected nothing: ${KEYS_OF_LINES[archive.format]}`);
  if (time.unit !== undefined)
    wrong(
      ['time', 'unit'],
      `expected time.format in its place, such as unix_seconds: archive.format is "${archive.format}"`,
    );
}

/** Old offsets are those that records bring with them, each of its own partition. */
function checkGroups(job: ParsedReplayInput, mayBeWhole: boolean, wrong: Wrong): void {
  const { groups, archive, output, offsetsOnly } = job;
  if (groups === undefined) return;
  if ((groups.kafka === undefined) === (groups.file === undefined))
    wrong(['groups'], 'expected either groups.kafka, a connection, or groups.file: where the old offsets are');
  if (archive.format !== 'record' && !mayBeWhole)
    wrong(['groups'], 'expected an archive of whole records: nothing else tells the old offset of a record');
  if (output.partitions !== undefined && output.partitions !== 'source')
    wrong(['groups'], 'expected output.partitions "source": a group goes on in the partition where it was');
  if (output.headers.offset === false)
    wrong(['output', 'headers', 'offset'], 'expected true or nothing beside groups: it tells the old offsets');
  if (offsetsOnly) wrong(['groups'], 'expected nothing beside offsetsOnly: nothing is replayed');
}

/** Whole records are published as they were: there is nothing to choose of them. */
function checkWhole({ archive, output, time, functions, from, to }: ParsedReplayInput, wrong: Wrong): void {
  if (archive.gaps === 'fail' && (from !== undefined || to !== undefined))
    wrong(['archive', 'gaps'], 'expected "report" or nothing beside from or to: records that are left out leave gaps');
  if (archive.gaps === 'fail' && functions.filter !== undefined)
    wrong(
      ['archive', 'gaps'],
      'expected "report" or nothing beside functions.filter: records that are left out leave gaps',
    );
  if (archive.format !== 'record') return;
  const whole = 'archive.format is "record", and whole records are published as they were';
  for (const field of ['schema', 'key', 'relabel', 'frame'] as const)
    if (output[field] !== undefined) wrong(['output', field], `expected nothing: ${whole}`);
  for (const field of ['field', 'unit', 'format', 'pattern', 'timeZone'] as const)
    if (time[field] !== undefined) wrong(['time', field], `expected nothing: ${whole}, with their timestamps`);
  for (const [kind, name] of Object.entries(functions))
    if (name !== undefined) wrong(['functions', kind], `expected nothing: ${whole}`);
}
