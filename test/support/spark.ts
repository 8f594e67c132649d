import { join } from 'node:path';
import { installOnce } from '../../scripts/stack/install-once.ts';
import { installMavenPom } from '../../scripts/stack/maven-package.ts';
import { projectRoot } from '../../scripts/stack/project-root.ts';
import { runCommand } from '../../scripts/stack/run-command.ts';

/** The version of the jars in spark-jars.pom.xml. */
const PYSPARK = 'pyspark==4.1.1';

export interface SparkPackages {
  /** A Python that has pyspark. */
  python: string;
  /** Folder of the jars that pyspark lacks to read Kafka and Avro. */
  jars: string;
}

/** Spark from PyPI and Maven, some 500 MB, kept with the stack's packages. */
export async function installSpark(): Promise<SparkPackages> {
  const jars = await installMavenPom(
    'spark-jars',
    join(projectRoot, 'test', 'spark', 'spark-jars.pom.xml'),
    console.error,
  );
  const venv = await installOnce(PYSPARK.replace('==', '-'), async (folder, logFile) => {
    console.error(`downloading ${PYSPARK} (PyPI)`);
    await runCommand({ purpose: 'make a venv', command: 'python3', args: ['-m', 'venv', folder], logFile });
    const pip = { command: join(folder, 'bin', 'python'), args: ['-m', 'pip', 'install', '-q', PYSPARK], logFile };
    await runCommand({ purpose: `install ${PYSPARK}`, ...pip });
  });
  return { python: join(venv, 'bin', 'python'), jars };
}
