import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { javaCommand, javaOptions } from '../../scripts/stack/java.ts';
import { installMavenPom } from '../../scripts/stack/maven-package.ts';
import { projectRoot } from '../../scripts/stack/project-root.ts';

/** What Hadoop's and Avro's own classes read in a file (test/java-archives/ReadBack.java). */
export class JavaReadBack {
  readonly #classPath: string;

  private constructor(classPath: string) {
    this.#classPath = classPath;
  }

  /** @param folder where the compiled classes go */
  static async compile(folder: string): Promise<JavaReadBack> {
    const sources = join(projectRoot, 'test', 'java-archives');
    const jars = await installMavenPom('java-archives', join(sources, 'pom.xml'), console.error);
    mkdirSync(folder, { recursive: true });
    const classPath = [folder, join(jars, '*')].join(delimiter);
    const camus = ['EtlKey', 'EtlRequest', 'ExceptionWritable'].map(
      (name) => `com/linkedin/camus/etl/kafka/common/${name}`,
    );
    const files = ['ReadBack', 'org/apache/hadoop/io/compress/ZStandardCodec', ...camus];
    const paths = files.map((name) => join(sources, `${name}.java`));
    execFileSync(`${javaCommand()}c`, ['-nowarn', '-cp', classPath, '-d', folder, ...paths], { stdio: 'pipe' });
    return new JavaReadBack(classPath);
  }

  /** The lines that Java prints of each file, without that of its name. @throws with what Java says of a file that it can't read */
  read(what: 'avro' | 'seq' | 'lines' | 'camus' | 'camus2kafka', paths: readonly string[]): string[][] {
    const options = [...javaOptions(512, true), '-cp', this.#classPath, 'ReadBack', what, ...paths];
    const text = execFileSync(javaCommand(), options, { encoding: 'utf8', stdio: 'pipe', maxBuffer: 1 << 28 });
    return text
      .split(/^# .*\n/m)
      .slice(1)
      .map((part) => part.split('\n').slice(0, -1));
  }
}
