import type { Dependencies } from '../dependencies.ts';
import { frameIdOf } from '../replay/job/frame-schema.ts';
import { resolveJob } from '../replay/job/resolve-job.ts';
import { stagingPlace } from '../replay/job/staging-place.ts';
import { withSniffedFormat } from '../replay/job/sniff-format.ts';
import type { ReplayJob } from '../replay/job/replay-job.ts';
import type { ValidateJobInput } from '../replay/steps.ts';
import { workflowOfJob } from '../step/job-owner.ts';
import { JobError } from '../step/job-error.ts';
import { reachServers, whileReaching } from '../step/reach-servers.ts';
import { registeredAttributes } from '../step/registered-attributes.ts';
import type { StepContext } from '../step/run-step.ts';
import { parseVerifyInput, TARGETS, type ParsedVerifyInput, type Target } from './job/verify-input.ts';
import { topicOf, type VerifyJob } from './job/verify-job.ts';
import { VerifyFiles } from './verify-files.ts';

/** Turns the user's input into a job with every default filled in, and finds in seconds what is wrong with it. */
export function validateVerify(deps: Dependencies) {
  return async ({ input, id, scheduledAt, startedAt }: ValidateJobInput, context: StepContext): Promise<VerifyJob> => {
    const { signal, temporal } = context;
    const given = parseVerifyInput(input, scheduledAt);
    const { hdfs, kafka } = given.replay.connections;
    await reachServers(deps, { hdfs, kafka: { name: kafka, topic: given.replay.topic } }, context);
    return whileReaching(deps, context, async () => {
      const store = deps.hdfs(hdfs);
      const parsed = await withSniffedFormat(store, given.replay, scheduledAt, signal);
      const asked = resolveJob(parsed, id, scheduledAt, deps);
      const place = { staging: parsed.staging, topic: asked.topic, job: id };
      const staging = await stagingPlace(store, place, signal);
      const files = new VerifyFiles(store, staging);
      const begun = await files.readBeginning(signal);
      const searchAttributes = await registeredAttributes(temporal, ['RewindTopic', 'RewindProgress']);
      if (begun !== undefined) return { ...begun.job, searchAttributes };
      if (given.verify.value === 'registry') deps.registry(asked.connections.registry ?? 'default');
      const replay = { ...asked, staging, frameId: await frameIdOf(deps, asked, signal) };
      const { targets, notes } = await targetsOf(deps, given, replay);
      const { against: _against, report, ...settings } = given.verify;
      const job: VerifyJob = {
        id,
        topic: asked.topic,
        replay,
        settings: {
          ...settings,
          report: report === undefined ? `${staging}.report` : reportFolder(report, id, startedAt),
        },
        targets,
        notes,
        staging,
        connections: asked.connections,
        searchAttributes: [],
        tuning: asked.tuning,
      };
      return { ...(await files.begin(job, signal)).job, searchAttributes };
    });
  };
}

/** A folder of its own for each job, in the order in which they began: no report takes the place of another one. */
function reportFolder(folder: string, id: string, startedAt = 0): string {
  const time = new Date(startedAt).toISOString().slice(0, 19).replaceAll(':', '-');
  return `${folder}/${time}Z-${workflowOfJob(id).runId}`;
}

/** @throws JobError 'source-topic-missing' where a topic is not there that is asked for, or none is */
async function targetsOf(
  deps: Dependencies,
  { verify, replay: { functions } }: ParsedVerifyInput,
  job: ReplayJob,
): Promise<Pick<VerifyJob, 'targets' | 'notes'>> {
  const kafka = deps.kafka(job.connections.kafka);
  const targets: Target[] = [];
  const notes: string[] = [];
  for (const target of TARGETS) {
    if (verify.against?.includes(target) === false) continue;
    const topic = topicOf(job, target);
    if (target === 'replay' && topic === job.topic) continue;
    if ((await kafka.describeTopic(topic)) === undefined) {
      if (verify.against !== undefined)
        throw new JobError(
          'source-topic-missing',
          `The topic ${topic}, with which verify.against compares the archive, does not exist. Nothing was compared.`,
          { topic },
        );
      notes.push(`not compared with the ${target}: there is no topic ${topic}`);
    } else if (target === 'replay' && Object.values(functions).some((name) => name !== undefined))
      notes.push(`not compared with ${topic}: its records were made by functions of the user's own`);
    else targets.push(target);
  }
  if (targets.length > 0) return { targets, notes };
  throw new JobError(
    'source-topic-missing',
    `There is nothing to compare the archive with: ${notes.join('; ')}. Name the topics in topic and replayTopic.`,
    { topic: job.topic },
  );
}
