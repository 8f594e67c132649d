import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The compiled worker: tests and the demo run what users run. */
const ENTRY = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/cli/rewind.js' : '../../cli/rewind.js', import.meta.url),
);
/** What `rewind` has in its environment where it is installed (cli/rewind.ts). */
export const INSTALLED = { MALLOC_ARENA_MAX: '2' } as const;
const READY_WITHIN_MS = 90_000;

export interface WorkerProcessOptions {
  /** Servers and settings of the worker (docs/configuration.md); an undefined one is unset. */
  environment: Record<string, string | undefined>;
  /** Arguments for Node itself, such as --max-old-space-size=256. */
  nodeArguments?: string[];
  /** @default the compiled worker of this project */
  entry?: string | undefined;
}

/** A worker in a process of its own, which can be ended in every way that a process ends. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  #output = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream
        ?.setEncoding('utf8')
        .on('data', (text: string) => (this.#output = (this.#output + text).slice(-4_000_000)));
  }

  /** Resolves when the worker polls its task queue; rejects with its output if it ends before. */
  static async start({ environment, nodeArguments = [], entry = ENTRY }: WorkerProcessOptions): Promise<WorkerProcess> {
    const child = spawn(process.execPath, [...nodeArguments, entry, 'worker'], {
      env: { ...INSTALLED, ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const worker = new WorkerProcess(child);
    await worker.#ready();
    return worker;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What the process printed, the last few megabytes of it. */
  get output(): string {
    return this.#output;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends the process and waits for its end. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!this.running) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGCONT');
    this.#child.kill(signal);
    await exit;
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!this.#output.includes('Rewind worker ready')) {
      if (!this.running || Date.now() > deadline) {
        this.#child.kill('SIGKILL');
        throw new Error(`the worker ${this.running ? 'is not ready' : 'ended'} at its start:\n${this.#output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
