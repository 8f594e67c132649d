import { faultOf, type Tell } from '../../finding.ts';
import { readWireSettings, type KafkaConfig } from '../config.ts';
import type { Broker } from '../wire/broker.ts';
import { Cluster } from '../wire/cluster.ts';
import { lackedRights, type NeededRight } from './lacked-rights.ts';
import { releaseOf } from './release-of-broker.ts';

export interface KafkaQuestions {
  rights: readonly NeededRight[];
  /** Whose lack is a fault; else a warning: the names stand for those of jobs to come. */
  certain: boolean;
  /** One of `rights`, by which writing to topics is asked that aren't there yet. */
  transactionalId: string;
}

/**
 * Reaches every broker of a cluster, and asks for rights, by requests that change nothing. Ends what is under way when
 * `signal` is aborted.
 */
export async function examineKafka(
  config: KafkaConfig,
  { rights, certain, transactionalId }: KafkaQuestions,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const { brokers, waitTimeoutMs } = config;
  let cluster: Cluster | undefined;
  const end = (): void => void cluster?.close(signal.reason as Error);
  signal.addEventListener('abort', end, { once: true });
  try {
    cluster = new Cluster({ brokers, wire: await readWireSettings(config), waitTimeoutMs });
    if (!(await reachBrokers(cluster, tell))) return;
    const login =
      config.sasl?.username ?? (config.ssl?.cert === undefined ? 'ANONYMOUS' : 'THE_NAME_IN_THE_CERTIFICATE');
    for (const right of rights) {
      const { resource, name, operations } = right;
      const lacked = await lackedRights(cluster, right, transactionalId);
      const on = `${resource} ${name}`;
      if (lacked === undefined)
        tell({ about: 'rights', verdict: 'untold', says: `${on}: this broker can't be asked for rights` });
      else if (lacked.length === 0) tell({ about: 'rights', verdict: 'fine', says: `${on}: ${operations.join(', ')}` });
      else
        tell({
          about: 'rights',
          verdict: certain ? 'fault' : 'warning',
          says: `${on}: the login ${login} may not ${lacked.join(', ')}`,
          remedy: `kafka-acls.sh --bootstrap-server ${brokers[0]} --add --allow-principal User:${login}${lacked.map((each) => ` --operation ${each}`).join('')} ${FLAG[resource]} '${name}'`,
        });
    }
  } catch (error) {
    tell(faultOf('rights', error));
  } finally {
    signal.removeEventListener('abort', end);
    await cluster?.close();
  }
}

const FLAG = { Topic: '--topic', Group: '--group', TransactionalId: '--transactional-id' } as const;

/** False where none answers. */
async function reachBrokers(cluster: Cluster, tell: Tell): Promise<boolean> {
  try {
    const { brokers } = await cluster.metadata([]);
    const reached: Broker[] = [];
    for (const { nodeId, host, port } of brokers)
      try {
        reached.push(await cluster.broker(nodeId));
      } catch (error) {
        const fault = faultOf('reached', error);
        tell({
          ...fault,
          says: `broker ${nodeId} is at ${host}:${port} for its cluster, and not for us: ${fault.says}`,
          remedy: `start it, open the network to it, or correct its advertised.listeners; ${fault.remedy}`,
        });
      }
    if (reached.length > 0)
      tell({ about: 'reached', verdict: 'fine', says: `${reached.length} of ${brokers.length} brokers answer` });
    const releases = [...new Set(reached.map((broker) => releaseOf(broker) ?? 'before 2.0'))].sort();
    for (const release of releases)
      if (release === 'before 2.0')
        tell({
          about: 'version',
          verdict: 'fault',
          says: 'a broker is older than Kafka 2.0',
          remedy: 'Rewind needs Kafka 2.0 or newer',
        });
      else tell({ about: 'version', verdict: 'fine', says: `Kafka ${release} or newer, by the requests it knows` });
    tell({ about: 'clock', verdict: 'untold', says: "Kafka's protocol tells no time" });
    return reached.length > 0;
  } catch (error) {
    tell(faultOf('reached', error));
    return false;
  }
}
