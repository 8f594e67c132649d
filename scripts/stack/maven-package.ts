import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce } from './install-once.ts';
import { projectRoot } from './project-root.ts';
import { runCommand } from './run-command.ts';
import { StackError } from './stack-error.ts';

/** The servers that come from Maven, each described by `<name>.pom.xml` in this folder. */
export type MavenPackage = 'kafka' | 'hadoop' | 'zookeeper';

const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** The folder with the jars of a server, downloaded where they aren't in the cache yet. */
export function installMavenPackage(
  name: MavenPackage,
  onProgress: (line: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  return installMavenPom(name, join(projectRoot, 'scripts', 'stack', `${name}.pom.xml`), onProgress, signal);
}

/** The folder with the jars that a pom names. Its first version becomes part of the folder's name. */
export async function installMavenPom(
  name: string,
  pom: string,
  onProgress: (line: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  const text = readFileSync(pom, 'utf8');
  const version = /<version>([^<$]+)<\/version>/.exec(text)?.[1];
  if (version === undefined) throw new StackError(`${pom}: expected a <version> with the version of ${name}`);
  // The pom's fingerprint is part of the name: another pom, another set of jars, even at the same version.
  const fingerprint = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return installOnce(`${name}-${version}-${fingerprint}`, async (folder, logFile) => {
    onProgress(`downloading ${name} ${version} (Maven)`);
    const install = {
      purpose: `download ${name} ${version} with Maven`,
      command: 'mvn',
      args: ['-B', '-f', pom, DEPENDENCY_PLUGIN, `-DoutputDirectory=${folder}`, '-DincludeScope=runtime'],
      logFile,
      signal,
    };
    try {
      await runCommand(install);
    } catch (error) {
      // What was downloaded is kept by Maven, so a second try goes on where a broken connection ended the first.
      if (signal?.aborted || !(error instanceof StackError) || error.message.includes('ENOENT')) throw error;
      await runCommand(install);
    }
  });
}
