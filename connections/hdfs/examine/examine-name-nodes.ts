import { clockFinding } from '../../clock-difference.ts';
import { ConnectionError } from '../../connection-error.ts';
import { faultOf, type Tell } from '../../finding.ts';
import { discardBody, readFailure, readJson } from '../http/answer.ts';
import type { HdfsConfig } from '../config.ts';
import { openCredentials, type Credentials } from '../http/credentials.ts';
import { webHdfsPath } from '../hdfs-path.ts';
import type { HttpAnswer } from '../http/http-answer.ts';
import { openTransport, type Transport } from '../http/transport.ts';

const JMX = '/jmx?qry=Hadoop:service=NameNode,name=NameNodeInfo';

/** Asks every NameNode of a connection for itself: which is active, its version, its clock. False: none is active. */
export async function examineNameNodes(config: HdfsConfig, tell: Tell, signal: AbortSignal): Promise<boolean> {
  const transport = openTransport(config);
  const credentials = openCredentials(config);
  try {
    const states = await Promise.all(config.urls.map((url) => examineOne(url, transport, credentials, tell, signal)));
    if (states.includes('active')) return true;
    if (states.includes('standby'))
      tell({
        about: 'reached',
        verdict: 'fault',
        says: `none of ${config.urls.join(', ')} is the active NameNode`,
        remedy: 'name all NameNodes in urls, and look at hdfs haadmin -getAllServiceState',
      });
    return false;
  } finally {
    await transport.close();
  }
}

async function examineOne(
  url: string,
  transport: Transport,
  credentials: Credentials,
  tell: Tell,
  signal: AbortSignal,
): Promise<'active' | 'standby' | undefined> {
  const doing = 'GETFILESTATUS /';
  const context = { doing, server: url, path: '/', credentials, signal };
  try {
    const query = new URLSearchParams({ op: 'GETFILESTATUS', ...(await credentials.query()) });
    const target = `${webHdfsPath('/')}?${query.toString()}`;
    const sentAt = Date.now();
    const answer = await transport.send({ method: 'GET', origin: url, target, doing, signal });
    const answeredAt = Date.now();
    const date = answer.headers.date;
    const state = await stateOf(answer, context);
    tell({ about: 'reached', verdict: 'fine', says: `${url} answers${state === 'standby' ? ', as a standby' : ''}` });
    const version = await versionOf(url, transport, signal);
    if (version === undefined) tell({ about: 'version', verdict: 'untold', says: `${url} doesn't tell its version` });
    else tell({ about: 'version', verdict: 'fine', says: `Hadoop ${version} at ${url}` });
    const clock = clockFinding(date, sentAt, answeredAt);
    tell({ ...clock, says: `${url}: ${clock.says}` });
    return state;
  } catch (error) {
    tell(faultOf('reached', error));
    return undefined;
  }
}

async function stateOf(answer: HttpAnswer, context: Parameters<typeof readFailure>[1]): Promise<'active' | 'standby'> {
  if (answer.statusCode >= 200 && answer.statusCode < 300) {
    discardBody(answer);
    return 'active';
  }
  const failure = await readFailure(answer, context);
  if (/StandbyException|ObserverRetryOnActive/.test(failure.message)) return 'standby';
  throw failure;
}

/** A NameNode tells it to whoever may read its metrics; a gateway has none. */
async function versionOf(url: string, transport: Transport, signal: AbortSignal): Promise<string | undefined> {
  const doing = 'reading the version';
  try {
    const answer = await transport.send({ method: 'GET', origin: url, target: JMX, doing, signal });
    if (answer.statusCode !== 200) {
      discardBody(answer);
      return undefined;
    }
    const context = { doing, server: url, path: '/', credentials: openCredentials({}), signal };
    const { beans } = ((await readJson(answer, context)) ?? {}) as { beans?: { SoftwareVersion?: unknown }[] };
    const version = beans?.[0]?.SoftwareVersion;
    return typeof version === 'string' ? version : undefined;
  } catch (error) {
    if (error instanceof ConnectionError) return undefined;
    throw error;
  }
}
