import { isGrpcServiceError, type ConnectionLike } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../activities/replay/job/search-attribute-names.ts';
import type { Tell } from '../../connections/finding.ts';
import { listedSchedules, unpausing } from '../listed-schedules.ts';
import { askedLast, pollersOf } from '../pollers.ts';

const KEYWORD = 2; // temporal.api.enums.v1.IndexedValueType
const TOLERATED_MS = 2_000;
const START = 'start a worker (rewind worker) with this configuration; jobs wait until one serves it';
/** Paused Schedules that are named. */
const MOST_NAMED = 10;

export interface TemporalQuestions {
  namespace: string;
  /** Task queues, and whether their workflow tasks are served as well; none where nobody need serve them yet. */
  taskQueues: ReadonlyMap<string, boolean>;
}

/** What is asked of Temporal, over a client's connection or a worker's. */
export type TemporalServices = Pick<ConnectionLike, 'workflowService'> & {
  operatorService: {
    listSearchAttributes(request: {
      namespace: string;
    }): Promise<{ customAttributes?: Record<string, unknown> | null }>;
  };
};

/** Asks Temporal for its version, the namespace, Rewind's search attributes, and who serves the task queues. */
export async function examineTemporal(
  { workflowService, operatorService }: TemporalServices,
  { namespace, taskQueues }: TemporalQuestions,
  tell: Tell,
): Promise<void> {
  const { serverVersion } = await workflowService.getSystemInfo({});
  tell({ about: 'reached', verdict: 'fine', says: `it answers, namespace ${namespace}` });
  tell({ about: 'version', verdict: 'fine', says: `Temporal ${serverVersion || 'of an untold version'}` });
  if (!(await tellNamespace(workflowService, namespace, tell))) return;
  await tellAttributes(operatorService, namespace, tell);
  await tellPaused(workflowService, namespace, tell);
  let ahead = 0;
  for (const [taskQueue, withWorkflows] of taskQueues) {
    const tasks = withWorkflows ? 'workflow' : 'activity';
    const { alive, last } = await pollersOf({ workflowService }, { namespace, taskQueue, tasks });
    ahead = Math.max(ahead, last === undefined ? 0 : last.at.getTime() - Date.now());
    if (alive > 0 && last !== undefined)
      tell({
        about: 'task queue',
        verdict: 'fine',
        says: `${taskQueue} is asked for tasks by ${alive} of its workers, the last time by ${askedLast(last)}`,
      });
    else
      tell({
        about: 'task queue',
        verdict: 'fault',
        says: `nobody has asked the task queue ${taskQueue} for ${withWorkflows ? 'work' : 'steps'} lately${last === undefined ? '' : `; the last was ${askedLast(last)}`}`,
        // One that serves workflows asks for these whatever else it is busy with.
        remedy: withWorkflows ? START : `${START}. A worker asks for no step while it has as many in hand as it takes`,
      });
  }
  if (ahead > TOLERATED_MS)
    tell({
      about: 'clock',
      verdict: 'warning',
      says: `its clock is at least ${Math.ceil(ahead / 1000)} s ahead of ours`,
      remedy: 'let both follow the same time servers (chronyd, ntpd)',
    });
  else tell({ about: 'clock', verdict: 'untold', says: 'it tells no time of its own' });
}

async function tellNamespace(
  service: TemporalServices['workflowService'],
  namespace: string,
  tell: Tell,
): Promise<boolean> {
  try {
    await service.describeNamespace({ namespace });
    return true;
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    if (Number(error.code) === NOT_FOUND) {
      const remedy = `correct TEMPORAL_NAMESPACE, or create it: temporal operator namespace create --namespace ${namespace}`;
      tell({ about: 'reached', verdict: 'fault', says: `there is no namespace ${namespace}`, remedy });
      return false;
    }
    // An API key may not be allowed to describe what it may use.
    tell({ about: 'rights', verdict: 'untold', says: `the namespace can't be described: ${error.details}` });
    return true;
  }
}

const NOT_FOUND = 5; // google.rpc.Code

async function tellAttributes(
  service: TemporalServices['operatorService'],
  namespace: string,
  tell: Tell,
): Promise<void> {
  const about = 'search attributes';
  try {
    const there = (await service.listSearchAttributes({ namespace })).customAttributes ?? {};
    const missing = SEARCH_ATTRIBUTES.filter((name) => !(name in there));
    const wrong = SEARCH_ATTRIBUTES.filter((name) => name in there && Number(there[name]) !== KEYWORD);
    if (missing.length > 0) {
      const says = `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not registered: jobs run without`;
      tell({ about, verdict: 'warning', says, remedy: 'rewind register registers them' });
    }
    if (wrong.length > 0) {
      const remedy = 'remove them (temporal operator search-attribute remove), then rewind register';
      tell({ about, verdict: 'warning', says: `${wrong.join(', ')}: registered, and not as Keywords`, remedy });
    }
    if (missing.length + wrong.length === 0)
      tell({ about, verdict: 'fine', says: `${SEARCH_ATTRIBUTES.join(', ')} are registered` });
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    tell({ about, verdict: 'untold', says: `this login may not ask for search attributes: ${error.details}` });
  }
}

/** A Schedule that somebody has paused, and forgotten, is no fault of any server: nothing else would tell of it. */
async function tellPaused(
  workflowService: TemporalServices['workflowService'],
  namespace: string,
  tell: Tell,
): Promise<void> {
  const about = 'schedules';
  try {
    const all = await listedSchedules({ workflowService }, namespace);
    const paused = all.filter((each) => each.paused);
    for (const each of paused.slice(0, MOST_NAMED)) {
      const note = each.note === '' ? '' : ` (${each.note})`;
      const says = `the Schedule ${each.scheduleId} is paused, and starts no ${each.workflow}${note}`;
      tell({ about, verdict: 'warning', says, remedy: unpausing(each) });
    }
    const more = paused.length - MOST_NAMED;
    if (more > 0)
      tell({ about, verdict: 'warning', says: `${more} more are paused`, remedy: 'rewind status lists all of them' });
    if (paused.length === 0) tell({ about, verdict: 'fine', says: `${all.length} start jobs, none of them is paused` });
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    tell({ about, verdict: 'untold', says: `this login may not ask for Schedules: ${error.details}` });
  }
}
