import { execFileSync } from 'node:child_process';
import { javaCommand, javaOptions } from '../../scripts/stack/java.ts';
import { compileJava } from '../compile-java.ts';
import type { Timing } from './timing.ts';

/** The programs of bench/java, compiled against the jars of `readers.pom.xml`. */
export class JavaReaders {
  readonly #classPath: string;

  private constructor(classPath: string) {
    this.#classPath = classPath;
  }

  /** @param folder where the compiled classes go */
  static async compile(folder: string): Promise<JavaReaders> {
    return new JavaReaders(await compileJava('readers', ['AvroReaders', 'LineReaders', 'SequenceReaders'], folder));
  }

  /** Runs a program to its end, and gives what it printed. */
  run(program: string, args: readonly string[]): string {
    const options = [...javaOptions(1024), '-cp', this.#classPath, program, ...args];
    // A warning of a logger that is not bound is nobody's concern here.
    return execFileSync(javaCommand(), options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  }

  /** As `run`, for a program that prints seconds and records of one file. */
  time(program: string, args: readonly string[]): Timing {
    const [seconds, records] = this.run(program, args).trim().split(' ').map(Number);
    if (seconds === undefined || records === undefined || Number.isNaN(seconds + records))
      throw new Error(`${program} ${args.join(' ')}: expected it to print seconds and records`);
    return { seconds, records };
  }
}
