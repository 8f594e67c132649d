import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { parentPath } from '../../connections/hdfs/hdfs-path.ts';
import type { PinnedOffsets } from '../../layouts/pinned-offsets.ts';
import {
  checkSampled,
  judgeSampled,
  largestSampled,
  noneInRange,
  sampleFiles,
  type SampledFile,
} from './decode/sample-files.ts';
import type { Dependencies } from '../dependencies.ts';
import { functionsHashOf } from './functions/job-functions.ts';
import { frameIdOf } from './job/frame-schema.ts';
import type { ParsedReplayInput } from './job/job-input.ts';
import { parseReplayInput } from './job/parse-input.ts';
import type { ReplayJob } from './job/replay-job.ts';
import { stagingPlace } from './job/staging-place.ts';
import { resolveJob } from './job/resolve-job.ts';
import { checkTakeUp } from './job/check-take-up.ts';
import { partitionsOfSource } from './list-files.ts';
import { assertGroupsFree } from './groups/assert-groups-free.ts';
import { readGroups } from './groups/pin-groups.ts';
import { largestPartition } from './groups/stored-groups.ts';
import { InputListing } from './manifest/input-listing.ts';
import { newestOffsets } from './offsets/archive-history.ts';
import { assertGroupFreeForAny } from './offsets/assert-group-free.ts';
import { plannedCoverage } from './plan/planned-coverage.ts';
import { plannedOffsets } from './plan/planned-offsets.ts';
import { ReadCounts } from './plan/planned-read.ts';
import { plannedSituation } from './plan/planned-situation.ts';
import { plannedRights } from './plan/planned-rights.ts';
import { JobError } from '../step/job-error.ts';
import { plannedSkips } from './plan/planned-skips.ts';
import { plannedSizes, stagedBytes, type PlannedSizes } from './plan/planned-sizes.ts';
import { plannedSorting } from './plan/planned-sorting.ts';
import { plannedTopic } from './plan/planned-topic.ts';
import { Problems } from './plan/problems.ts';
import type {
  PlannedRead,
  PlannedReplayTopic,
  PlannedSorting,
  PlannedStaging,
  ReplayPlan,
} from './plan/replay-plan.ts';
import { assertFits } from './publish/record-size.ts';
import { lookAtReplayTopic, replayTopicProblems } from './publish/check-replay-topic.ts';
import { reachServers } from '../step/reach-servers.ts';
import { serversOfJob } from './job/servers-of-job.ts';
import { boundedRemarks } from '../step/bounded-remarks.ts';
import type { StepContext } from '../step/run-step.ts';
import { Staging } from './staging.ts';
import type { ValidateJobInput } from './steps.ts';
import { chooseOffsetWindows } from './windows/choose-offset-windows.ts';
import { offsetsOfSplits } from './windows/offsets-of-splits.ts';
import { chooseWindows, sortRemark, type SortChoice } from './windows/choose-windows.ts';
import { windowRoom } from './windows/window-room.ts';
import { usableSchema, withFormat } from './validate-job.ts';

/**
 * Looks at everything that the job would meet, with the parts that the job itself is made of, and changes nothing: no
 * file, topic, group, node, transactional id or claim. Where the job would end with the first thing that is wrong, the
 * plan goes on and lists them all.
 */
export function planReplay(deps: Dependencies) {
  return async ({ input, id, scheduledAt }: ValidateJobInput, context: StepContext): Promise<ReplayPlan> => {
    const began = Date.now();
    const parsed = parseReplayInput(input, scheduledAt);
    const job = resolveJob(parsed, id, scheduledAt, deps);
    const planning = new Planning(deps, job, context);
    if (await planning.reach()) await planning.look(id, parsed, scheduledAt);
    return planning.plan((Date.now() - began) / 1000);
  };
}

/** One look at a job; what is found is gathered part by part. */
class Planning {
  readonly #deps: Dependencies;
  #job: ReplayJob;
  readonly #context: StepContext;
  readonly #problems = new Problems();
  readonly #remarks: string[] = [];
  #read: PlannedRead | undefined;
  #incomplete: string | undefined;
  #sorting: PlannedSorting | undefined;
  #staging: PlannedStaging | undefined;
  #replayTopic: PlannedReplayTopic | undefined;
  #offsets: ReplayPlan['offsets'];
  #situation: ReplayPlan['situation'];
  #groupsPartition = -1;

  constructor(deps: Dependencies, job: ReplayJob, context: StepContext) {
    this.#deps = deps;
    this.#job = job;
    this.#context = context;
  }

  /** False where a server can't be reached: then there is nothing to look at. */
  async reach(): Promise<boolean> {
    const reached = await this.#problems.in('validate', async () => {
      await reachServers(this.#deps, serversOfJob(this.#job), this.#context);
      return true;
    });
    return reached === true;
  }

  async look(me: string, given: ParsedReplayInput, scheduledAt: number): Promise<void> {
    const { signal, temporal } = this.#context;
    const store = this.#deps.hdfs(this.#job.connections.hdfs);
    const format = (): Promise<ParsedReplayInput> => withFormat(store, given, me, scheduledAt, signal);
    const parsed = (await this.#problems.in('validate', format)) ?? given;
    this.#job = resolveJob(parsed, me, scheduledAt, this.#deps);
    const functionsHash = await this.#problems.in('validate', () => functionsHashOf(this.#deps, this.#job));
    const place = { staging: parsed.staging, topic: parsed.topic, job: this.#job.id };
    const frameId = await this.#problems.in('validate', () => frameIdOf(this.#deps, this.#job, signal));
    const job = { ...this.#job, functionsHash, frameId, staging: await stagingPlace(store, place, signal) };
    this.#job = job;
    if (parsed.takeUp !== undefined)
      await this.#problems.in('validate', () => checkTakeUp(store, temporal, me, parsed, job, signal));
    const schema = await this.#problems.in('validate', async () =>
      usableSchema(this.#deps, new Staging(store, job.staging), job, signal),
    );
    if (job.groups !== undefined)
      await this.#problems.in('offsets', async () => {
        const groups = await readGroups(this.#deps, job, signal);
        this.#groupsPartition = largestPartition(groups);
        await assertGroupsFree(this.#deps, job, groups);
      });
    const { history } = job;
    const pins =
      history === undefined
        ? undefined
        : await this.#problems.in('offsets', () => newestOffsets(store, job, history, signal));
    this.#remarks.push(...(pins?.remarks ?? []));
    this.#situation = await plannedSituation(this.#deps.kafka(job.connections.kafka), job, pins);
    if (!job.offsetsOnly) await this.#lookAtInput(store, pins, schema);
    const { group } = job.offsets;
    if (history === undefined) await this.#problems.in('commit', () => assertGroupFreeForAny(this.#deps, job));
    if (group !== undefined && pins !== undefined)
      this.#offsets = await plannedOffsets(
        this.#deps,
        job,
        group,
        pins,
        this.#problems,
        this.#incomplete,
        this.#remarks,
      );
  }

  plan(seconds: number): ReplayPlan {
    const problems = this.#problems.list;
    const remarks = [...new Set(this.#remarks)];
    return {
      plan: true,
      topic: this.#job.topic,
      ready: problems.length === 0,
      problems,
      remarks: boundedRemarks(remarks),
      read: this.#read,
      sorting: this.#sorting,
      staging: this.#staging,
      replayTopic: this.#replayTopic,
      offsets: this.#offsets,
      situation: this.#situation,
      rights: plannedRights(this.#job),
      seconds,
    };
  }

  async #lookAtInput(store: FileStore, pins: PinnedOffsets | undefined, schema: Uint8Array | undefined): Promise<void> {
    const job = this.#job;
    const counts = new ReadCounts(job);
    const input = new InputListing(store, job, pins, this.#context, {
      onFile: (file) => counts.takeFile(file),
      refuse: (error) => this.#problems.add('list', error),
    });
    const listed = await this.#problems.in('list', async () => {
      for await (const split of input.splits()) counts.takeSplit(split);
      const { remarks, incomplete } = await input.finish();
      this.#remarks.push(...remarks);
      this.#incomplete = incomplete;
      if (input.files === 0) throw await input.nothingToRead();
      return true;
    });
    const json = schema === undefined ? undefined : Buffer.from(schema).toString('utf8');
    const picked = { files: input.picked.files, bytes: input.bytes };
    const sampled = listed === true ? await sampleFiles(this.#deps, job, picked, json, this.#context) : [];
    for (const one of sampled)
      if ('error' in one) this.#problems.add('decode', one.error, one.file.path);
      else this.#remarks.push(...one.sample.remarks);
    await this.#problems.in('decode', async () => checkSampled(sampled.filter((one) => !('error' in one))));
    const times = judgeSampled(job, sampled, input.selection.leftOut());
    if (times.error !== undefined) this.#problems.add('decode', times.error);
    this.#remarks.push(...(times.remark === undefined ? [] : [times.remark]), ...noneInRange(job, sampled));
    const coverage = plannedCoverage(job, sampled, input.files);
    this.#remarks.push(...coverage.remarks);
    if (coverage.error !== undefined) this.#problems.add('publish', coverage.error);
    this.#read = counts.planned(job, input, pins?.execution, sampled);
    const skips = plannedSkips(job, this.#read, sampled);
    if (skips instanceof JobError) this.#problems.add('decode', skips);
    else if (skips !== undefined) this.#remarks.push(skips);
    const sizes = plannedSizes(input.bytes, sampled);
    const choice = listed === true ? await this.#choose(input, sampled) : undefined;
    this.#sorting = plannedSorting(job, choice, input.bytes);
    this.#remarks.push(...sortRemark(choice));
    const expected = stagedBytes(choice, sizes, input.bytes);
    // A job that goes on as a whole stages all, beside the window that was being staged.
    const beside = choice?.windows === undefined ? 0n : expected;
    const atMost = job.sort === 'windows' ? expected : sizes.sorted + beside;
    this.#staging = await this.#plannedStaging(store, { ...sizes, sorted: expected }, atMost);
    const source = await partitionsOfSource(this.#deps, job);
    await this.#lookAtTopic(input.selection.replayPartitions(source, this.#groupsPartition), sizes);
    const topic = this.#replayTopic;
    if (topic !== undefined)
      await this.#problems.in('publish', async () => assertFits(job, topic.maxMessageBytes, largestSampled(sampled)));
  }

  async #choose({ windows, offsetSplits }: InputListing, sampled: SampledFile[]): Promise<SortChoice | undefined> {
    const job = this.#job;
    const { records: room } = windowRoom(this.#deps.budget.total, job.tuning);
    if (windows !== undefined)
      return this.#problems.in('list', async () => chooseWindows(job, windows.windows(), sampled, room));
    if (offsetSplits === undefined) return undefined;
    const store = this.#deps.hdfs(job.connections.hdfs);
    return this.#problems.in('list', async () => {
      const found = await offsetsOfSplits(store, job, offsetSplits, this.#context);
      return chooseOffsetWindows(job, offsetSplits, found, sampled, room);
    });
  }

  async #plannedStaging(store: FileStore, { sorted, estimate }: PlannedSizes, atMost: bigint): Promise<PlannedStaging> {
    const folder = parentPath(this.#job.staging) ?? '/';
    const { replication, free, quota } = await store.space(folder, this.#context.signal);
    const needed = sorted * BigInt(replication ?? 1);
    const short = (room: number, where: string): string =>
      `staging would take about ${needed} bytes with its copies, and ${where} has ${room} left`;
    if (free !== undefined && needed > BigInt(Math.floor(free))) this.#remarks.push(short(free, 'HDFS'));
    const left = quota === undefined ? undefined : quota.bytes - quota.used;
    if (quota !== undefined && left !== undefined && needed > BigInt(Math.floor(left)))
      this.#remarks.push(short(left, `the quota on ${quota.path}`));
    return {
      folder,
      bytes: sorted.toString(),
      atMost: atMost.toString(),
      estimate,
      replication,
      free: free?.toString(),
      quota: quota && { path: quota.path, bytes: String(quota.bytes), used: String(quota.used) },
    };
  }

  async #lookAtTopic(partitions: number, sizes: PlannedSizes): Promise<void> {
    const job = this.#job;
    const look = await this.#problems.in('claim', () =>
      lookAtReplayTopic(this.#deps.kafka(job.connections.kafka), job, partitions),
    );
    if (look === undefined) return;
    for (const problem of replayTopicProblems(look, job, partitions)) this.#problems.add('claim', problem);
    this.#replayTopic = plannedTopic(look, job, partitions, sizes);
  }
}
