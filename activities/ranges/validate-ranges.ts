import type { Dependencies } from '../dependencies.ts';
import type { ValidateJobInput } from '../replay/steps.ts';
import { functionUnknown } from '../replay/functions/functions-module.ts';
import { JobError } from '../step/job-error.ts';
import { JobOwners, workflowOfJob } from '../step/job-owner.ts';
import { reachServers, whileReaching } from '../step/reach-servers.ts';
import { registeredAttributes } from '../step/registered-attributes.ts';
import type { StepContext } from '../step/run-step.ts';
import { isAvro, parseRangesInput } from './job/parse-ranges-input.ts';
import type { ParsedRangesInput } from './job/ranges-input.ts';
import type { RangesJob } from './job/ranges-job.ts';
import { differences, goingOn, workName } from './job/work-of.ts';
import { RangesFiles } from './ranges-files.ts';

/** Asked for to see whether brokers answer; it need not exist. */
const PROBE_TOPIC = '__consumer_offsets';

const SEARCH_ATTRIBUTES = ['RewindTopic', 'RewindGroup', 'RewindProgress'];

/**
 * Turns the user's input into a job, finds in seconds what is wrong with it, and makes sure that it alone works for these
 * groups and topics. Where an earlier job has ended before its offsets moved, this one goes on with its plan: ranges keep
 * their ids, and what is done of them is done.
 */
export function validateRanges(deps: Dependencies) {
  return async (input: ValidateJobInput, context: StepContext): Promise<RangesJob> => {
    const { parsed, job } = await jobOf(deps, input, context);
    const { signal, temporal } = context;
    return whileReaching(deps, context, async () => {
      const store = deps.hdfs(job.connections.hdfs);
      for (;;) {
        const files = new RangesFiles(store, job.staging, job.id);
        const begun = await files.readBeginning(signal);
        if (begun === undefined) {
          const { job: first } = await files.begin(job, signal);
          if (first.id !== job.id) continue;
          await files.makeOwn(signal);
          return { ...first, searchAttributes: job.searchAttributes };
        }
        const before = new RangesFiles(store, job.staging, begun.job.id);
        // Also of one whose worker died when it had just begun.
        await before.makeOwn(signal);
        if (begun.job.id === job.id) return { ...begun.job, searchAttributes: job.searchAttributes };
        const claimed = await new JobOwners(store, before.owners, temporal, begun.job.id).claim(job.id, signal);
        // Whoever began it may have been reset since others went on with it.
        const runs = claimed === undefined && (await temporal.isRunning(workflowOfJob(begun.job.id)));
        const running = runs ? begun.job.id : claimed;
        if (running !== undefined) throw inUse(running, job);
        // Another attempt at this, or another job, may have been here since.
        if ((await before.takenBy(signal)) !== undefined) {
          await before.remove(signal);
          continue;
        }
        const planned = (await store.status(before.plan, signal)) !== undefined;
        if (planned && parsed.unfinished !== 'discard') {
          refuseUnlike(parsed, begun.job, job);
          return { ...goingOn(begun.job, job), searchAttributes: job.searchAttributes };
        }
        await before.remove(signal);
      }
    });
  };
}

/** The job that an input asks for; nothing is begun. */
export async function jobOf(
  deps: Dependencies,
  { input, id }: ValidateJobInput,
  context: StepContext,
): Promise<{ parsed: ParsedRangesInput; job: RangesJob }> {
  const parsed = parseRangesInput(input);
  const { plan: _plan, staging, unfinished: _unfinished, offsets, ...rest } = parsed;
  await assertFunctions(deps, parsed);
  const { hdfs, kafka, zookeeper, registry } = rest.connections;
  // Throws for one that this worker doesn't have.
  if (rest.inputs.some(({ decode }) => isAvro(decode))) deps.registry(registry);
  const topics = rest.inputs.map(({ topic, topics: some }) => topic ?? some?.include.join(',') ?? '');
  const servers = { hdfs, kafka: { name: kafka, topic: PROBE_TOPIC } };
  await reachServers(deps, { ...servers, ...(offsets.zookeeper && { zookeeper }) }, context);
  return whileReaching(deps, context, async () => {
    const base = staging ?? `${(await deps.hdfs(hdfs).homeDirectory(context.signal)).replace(/\/+$/, '')}/.rewind`;
    const job: RangesJob = {
      ...rest,
      id,
      topic: [...new Set(topics)].join(',').slice(0, 250),
      offsets: { ...offsets, from: offsets.from ?? (offsets.kafka ? 'kafka' : 'zookeeper') },
      staging: `${base}/ranges/${workName(parsed)}`,
      searchAttributes: await registeredAttributes(context.temporal, SEARCH_ATTRIBUTES),
      tuning: { heartbeatTimeoutMs: deps.tuning.heartbeatTimeoutMs, decodeTaskQueue: deps.tuning.decodeTaskQueue },
    };
    return { parsed, job };
  });
}

/** @throws JobError 'function-unknown' */
async function assertFunctions(deps: Dependencies, { inputs, finish }: ParsedRangesInput): Promise<void> {
  const module = await deps.functions();
  if (module === undefined)
    throw new JobError(
      'function-unknown',
      `The job names functions (${inputs.map((each) => each.function).join(', ')}), and this worker has no functions module. Set functions (REWIND_FUNCTIONS) in the worker's configuration.`,
      {},
    );
  for (const { function: name } of inputs)
    if (!module.names.range.includes(name)) throw functionUnknown('range', name, module.names.range);
  if (finish !== undefined && !module.names.finish.includes(finish))
    throw functionUnknown('finish', finish, module.names.finish);
}

function inUse(running: string, { inputs, staging }: RangesJob): JobError {
  return new JobError(
    'staging-in-use',
    `The job ${running} runs for the same groups (${[...new Set(inputs.map(({ group }) => group))].slice(0, 5).join(', ')}) and topics: ${staging} is its folder. Let it end, or cancel it.`,
    { owner: running },
  );
}

function refuseUnlike({ unfinished }: ParsedRangesInput, begun: RangesJob, wanted: RangesJob): void {
  const fields = differences(begun, wanted);
  if (unfinished === 'go-on' && fields.length === 0) return;
  const what =
    unfinished === 'fail'
      ? 'and unfinished is "fail"'
      : `and can't be gone on with by a job that differs from it in ${fields.join(', ')}`;
  throw new JobError(
    'ranges-unfinished',
    `The job ${begun.id} has ended before its offsets moved; its plan is in ${begun.staging}, ${what}. Start the job as it was, which finishes it under the same ids of ranges; or set unfinished to "discard", which plans anew: what its functions have written under ids of its ranges is not known then.`,
    { job: begun.id, fields },
  );
}
