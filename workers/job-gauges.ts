import type { Client } from '@temporalio/client';
import type { MetricMeter } from '@temporalio/common';
import { counters, type Counter } from '../activities/step/counters.ts';

/** What a worker tells of the jobs of its task queue, as they are now; docs/metrics.md has the same table. */
export const JOB_GAUGES = counters({
  rewind_jobs: { unit: 'jobs', description: 'Jobs that are under way, by kind and state' },
  rewind_jobs_waiting: { unit: 'jobs', description: 'Jobs that wait, by what they wait for' },
  rewind_records_to_publish: {
    unit: 'records',
    description: 'Records of replays under way that are not published yet',
  },
  rewind_ranges_to_run: { unit: 'ranges', description: 'Ranges of jobs under way that are not done yet' },
});

const KINDS = ['replay', 'archive', 'ranges', 'verify'] as const;
/** `unanswered`: no worker told of it in time. */
const STATES = ['running', 'paused', 'waiting', 'unanswered'] as const;
type State = (typeof STATES)[number];
/** What nobody waits for: so that the gauge is there from the start. */
const NOBODY = 'none';

const EVERY_MS = 15_000;
const ANSWERED_WITHIN_MS = 3_000;
/** More jobs than that are counted as `running`: nobody looks at each of them. */
const MOST_ASKED = 50;

/** What is read of the answer to the query `progress`, of whatever release. */
interface Told {
  topic?: string;
  topics?: string;
  status?: string;
  waitingFor?: { for?: unknown };
  records?: { published?: string; total?: string } | string;
  ranges?: { done: number; total: number };
}

/** Looks at the jobs of a task queue now and then, and tells how they are; every worker that runs workflows does so. */
export class JobGauges {
  readonly #client: Client;
  readonly #query: string;
  readonly #meter: MetricMeter;
  /** Topics, or servers, that a gauge was set for: what is no more is told as 0. */
  readonly #waiting = new Set<string>([NOBODY]);
  readonly #toPublish = new Set<string>();
  readonly #toRun = new Set<string>();

  constructor(client: Client, taskQueue: string, meter: MetricMeter) {
    this.#client = client;
    this.#meter = meter.withTags({ taskQueue, namespace: client.options.namespace });
    const types = KINDS.map((kind) => `"${kind}"`).join(', ');
    this.#query = `WorkflowType IN (${types}) AND ExecutionStatus = "Running" AND TaskQueue = "${taskQueue}"`;
    this.#tellJobs(new Map());
    this.#tellEach(JOB_GAUGES.rewind_jobs_waiting, 'server', this.#waiting, new Map([[NOBODY, 0]]));
  }

  /** Looks until `signal` is aborted. A look that fails is told by `warn`, once for each reason, and the next one follows. */
  async run(signal: AbortSignal, warn: (line: string) => void): Promise<void> {
    let reason = '';
    const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    while (!signal.aborted) {
      try {
        // Who ends doesn't wait for answers.
        await Promise.race([this.look(), ended]);
        reason = '';
      } catch (error) {
        const { message } = error as Error;
        if (message !== reason && !signal.aborted) warn(`The jobs' gauges can't be told: ${message}`);
        reason = message;
      }
      await pause(EVERY_MS, signal);
    }
  }

  async look(): Promise<void> {
    const jobs = new Map<string, number>();
    const waiting = new Map<string, number>([[NOBODY, 0]]);
    const toPublish = new Map<string, number>();
    const toRun = new Map<string, number>();
    let asked = 0;
    for await (const { workflowId, type, memo } of this.#client.workflow.list({ query: this.#query })) {
      if (memo?.['kind'] === 'plan') continue;
      asked += 1;
      const told = asked > MOST_ASKED ? { status: 'running' } : await this.#progressOf(workflowId);
      add(jobs, `${type} ${stateOf(told)}`, 1);
      const server = told?.waitingFor?.for;
      if (typeof server === 'string') add(waiting, server, 1);
      const topic = told?.topic ?? told?.topics ?? '';
      const { records, ranges } = told ?? {};
      if (typeof records === 'object' && records.total !== undefined)
        add(toPublish, topic, Number(records.total) - Number(records.published ?? 0));
      if (type === 'ranges' && ranges !== undefined) add(toRun, topic, ranges.total - ranges.done);
    }
    this.#tellJobs(jobs);
    this.#tellEach(JOB_GAUGES.rewind_jobs_waiting, 'server', this.#waiting, waiting);
    this.#tellEach(JOB_GAUGES.rewind_records_to_publish, 'topic', this.#toPublish, toPublish);
    this.#tellEach(JOB_GAUGES.rewind_ranges_to_run, 'topic', this.#toRun, toRun);
  }

  async #progressOf(workflowId: string): Promise<Told | undefined> {
    const handle = this.#client.workflow.getHandle(workflowId);
    try {
      return await this.#client.withDeadline(Date.now() + ANSWERED_WITHIN_MS, () => handle.query<Told>('progress'));
    } catch {
      return undefined; // told as unanswered
    }
  }

  #tellJobs(jobs: ReadonlyMap<string, number>): void {
    for (const kind of KINDS)
      for (const state of STATES) this.#set(JOB_GAUGES.rewind_jobs, jobs.get(`${kind} ${state}`) ?? 0, { kind, state });
  }

  #tellEach(gauge: Counter, label: string, known: Set<string>, now: ReadonlyMap<string, number>): void {
    for (const name of now.keys()) known.add(name);
    for (const name of known) {
      this.#set(gauge, now.get(name) ?? 0, { [label]: name });
      if (!now.has(name)) known.delete(name);
    }
  }

  #set({ name, unit, description }: Counter, value: number, tags: Record<string, string>): void {
    this.#meter.createGauge(name, 'int', unit, description).set(value, tags);
  }
}

function stateOf(told: Told | undefined): State {
  if (told === undefined) return 'unanswered';
  if (told.status === 'paused' || told.status === 'pausing') return 'paused';
  return told.waitingFor === undefined ? 'running' : 'waiting';
}

function add(counts: Map<string, number>, key: string, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more);
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
