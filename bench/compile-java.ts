import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { javaCommand } from '../scripts/stack/java.ts';
import { installMavenPom } from '../scripts/stack/maven-package.ts';
import { projectRoot } from '../scripts/stack/project-root.ts';

/**
 * Compiles programs of bench/java against the jars of NAME.pom.xml there, which come by Maven and are kept with the
 * stack's packages.
 *
 * @param folder where the compiled classes go
 * @returns the class path of classes and jars
 */
export async function compileJava(name: string, programs: readonly string[], folder: string): Promise<string> {
  const sources = join(projectRoot, 'bench', 'java');
  const jars = await installMavenPom(`bench-${name}`, join(sources, `${name}.pom.xml`), console.error);
  mkdirSync(folder, { recursive: true });
  const classPath = [folder, join(jars, '*')].join(delimiter);
  const files = programs.map((program) => join(sources, `${program}.java`));
  execFileSync(`${javaCommand()}c`, ['-cp', classPath, '-d', folder, ...files], { stdio: 'inherit' });
  return classPath;
}
