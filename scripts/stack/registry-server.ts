import { join } from 'node:path';
import { installOnce } from './install-once.ts';
import { javaCommand, javaOptions } from './java.ts';
import { runCommand } from './run-command.ts';
import type { ServerPlan } from './server-plan.ts';

/** The newest of Apicurio that runs on Java 17. */
const VERSION = '2.6.13.Final';
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';

/** Path below which the registry speaks Confluent's API. */
export const REGISTRY_API = '/apis/ccompat/v7';

/** The folder with Apicurio's registry, downloaded where it isn't in the cache yet. */
export function installRegistry(onProgress: (line: string) => void, signal?: AbortSignal): Promise<string> {
  return installOnce(`apicurio-${VERSION}`, async (folder, logFile) => {
    onProgress(`downloading Apicurio's schema registry ${VERSION} (Maven)`);
    const artifact = `io.apicurio:apicurio-registry-app:${VERSION}:tar.gz:all`;
    const common = { logFile, signal };
    await runCommand({
      ...common,
      purpose: `download Apicurio ${VERSION} with Maven`,
      command: 'mvn',
      args: ['-B', COPY, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`],
    });
    const archive = join(folder, `apicurio-registry-app-${VERSION}-all.tar.gz`);
    await runCommand({
      ...common,
      purpose: 'unpack the schema registry',
      command: 'tar',
      args: ['-xzf', archive, '-C', folder],
    });
    await runCommand({ ...common, purpose: 'remove what was unpacked', command: 'rm', args: [archive] });
  });
}

/** A schema registry that keeps its schemas in memory: they end with it. */
export function registryServer(options: { folder: string; port: number }): ServerPlan {
  return {
    name: 'registry',
    command: javaCommand(),
    args: [
      ...javaOptions(256, true),
      ...[`-Dquarkus.http.port=${options.port}`, '-Dquarkus.http.host=127.0.0.1'],
      ...['-jar', join(options.folder, `apicurio-registry-app-${VERSION}-runner.jar`)],
    ],
    env: {},
    prepare: async () => undefined,
    async probe(signal) {
      const answer = await fetch(`http://127.0.0.1:${options.port}${REGISTRY_API}/subjects`, { signal });
      await answer.text();
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    },
  };
}
