import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logTail } from './log-tail.ts';
import { identify, isAlive, isPaused, signalProcess } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import type { ServerPlan } from './server-plan.ts';
import { messageOf, StackError } from './stack-error.ts';

/** How long a server may take until it answers, and how long it may take to end when asked to. */
const START_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 15_000;

/** One server of a stack: a process that can be ended, frozen, and started again on the same ports and data. */
export class StackServer {
  readonly logFile: string;
  readonly #plan: ServerPlan;
  #process: ProcessIdentity | undefined;
  /** Where in the log the present process began to write. */
  #logStart = 0;
  readonly #onChange: (identity: ProcessIdentity | undefined) => void;
  readonly #serverNamed: (name: string) => StackServer | undefined;

  /**
   * @param onChange is told of every process that was started, and of its end
   * @param serverNamed finds the other servers of the stack
   */
  constructor(
    plan: ServerPlan,
    logFile: string,
    identity: ProcessIdentity | undefined,
    onChange: (identity: ProcessIdentity | undefined) => void,
    serverNamed: (name: string) => StackServer | undefined,
  ) {
    this.#plan = plan;
    this.logFile = logFile;
    this.#process = identity;
    this.#onChange = onChange;
    this.#serverNamed = serverNamed;
  }

  get name(): string {
    return this.#plan.name;
  }

  /** The pid of the process, or undefined while there is none. */
  get pid(): number | undefined {
    return this.running ? this.#process?.pid : undefined;
  }

  get running(): boolean {
    return this.#process !== undefined && isAlive(this.#process);
  }

  get paused(): boolean {
    return this.#process !== undefined && isPaused(this.#process);
  }

  /**
   * Starts the process, on the same ports and data as before, and waits until it answers. Does nothing but wait where
   * it runs already.
   * @throws StackError with the end of the log where it ends, or doesn't answer within 90 s
   */
  async start(signal?: AbortSignal): Promise<void> {
    if (!this.running) {
      await this.#plan.prepare();
      signal?.throwIfAborted();
      this.#spawn();
    }
    await this.untilItAnswers(signal);
    for (const name of this.#plan.dependents ?? []) {
      const dependent = this.#serverNamed(name);
      if (dependent?.running && !dependent.paused) await dependent.untilItAnswers(signal);
    }
  }

  /**
   * Sends the signal and waits until the process is gone. A frozen process is woken, so that it can end. What has not
   * ended after 15 s is killed.
   */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const identity = this.#process;
    if (identity !== undefined && signalProcess(identity, signal)) {
      signalProcess(identity, 'SIGCONT');
      if (!(await this.#ended(identity, STOP_LIMIT_MS))) {
        signalProcess(identity, 'SIGKILL');
        if (!(await this.#ended(identity, STOP_LIMIT_MS))) {
          throw new StackError(`${this.name}: process ${identity.pid} is still there 15 s after SIGKILL`);
        }
      }
    }
    this.#process = undefined;
    this.#onChange(undefined);
  }

  /** Freezes the process (SIGSTOP): its connections stay open and nothing answers. */
  pause(): void {
    this.#signal('SIGSTOP');
  }

  /** Wakes a frozen process (SIGCONT). */
  resume(): void {
    this.#signal('SIGCONT');
  }

  /** @returns why the server doesn't answer at this moment, or undefined where it does */
  async whyNot(): Promise<string | undefined> {
    if (!this.running) return 'not running';
    if (this.paused) return 'paused';
    try {
      await this.#plan.probe(AbortSignal.timeout(3000));
      return undefined;
    } catch (error) {
      return reasonOf(error);
    }
  }

  /** @throws StackError where the process ends meanwhile, or doesn't answer within 90 s */
  async untilItAnswers(signal?: AbortSignal): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    for (;;) {
      signal?.throwIfAborted();
      const reason = await this.whyNot();
      if (reason === undefined) return;
      if (!this.running)
        throw new StackError(
          `${this.name} ended. The end of ${this.logFile}:\n${logTail(this.logFile, this.#logStart)}`,
        );
      if (Date.now() > deadline) {
        throw new StackError(
          `${this.name} did not answer within ${START_LIMIT_MS / 1000} s: ${reason}. The end of ${this.logFile}:\n` +
            logTail(this.logFile, this.#logStart),
        );
      }
      await sleep(200, undefined, signal === undefined ? {} : { signal });
    }
  }

  #spawn(): void {
    mkdirSync(dirname(this.logFile), { recursive: true });
    const log = openSync(this.logFile, 'a');
    this.#logStart = fstatSync(log).size;
    try {
      // A group of its own: Ctrl-C in the terminal ends what the user runs there, not the servers.
      const child = spawn(this.#plan.command, this.#plan.args, {
        detached: true,
        stdio: ['ignore', log, log],
        env: { ...process.env, ...this.#plan.env },
      });
      child.once('error', () => undefined); // told by the missing pid
      if (child.pid === undefined) {
        throw new StackError(`Cannot start ${this.name}: ${this.#plan.command} can't be run. Is it installed?`);
      }
      child.unref();
      this.#process = identify(child.pid);
      this.#onChange(this.#process);
    } finally {
      closeSync(log);
    }
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#process === undefined || !signalProcess(this.#process, signal)) {
      throw new StackError(`${this.name} is not running: it can't get ${signal}. Start it first`);
    }
  }

  async #ended(identity: ProcessIdentity, limit: number): Promise<boolean> {
    const deadline = Date.now() + limit;
    while (isAlive(identity)) {
      if (Date.now() > deadline) return false;
      await sleep(50);
    }
    return true;
  }
}

/** The message of an error, or of what caused it where that says more (`fetch failed` says nothing). */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : `${messageOf(error)}: ${messageOf(cause)}`;
}
