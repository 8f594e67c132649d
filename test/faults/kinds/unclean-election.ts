import type { ArchiveHarness } from '../../support/archive-harness.ts';
import { kafkaServerName } from '../../../scripts/stack/kafka-broker.ts';
import { assign, placed, untilInSync, untilLed, type Placed } from '../archive/kinds/placement.ts';
import type { FaultStack } from '../fault-stack.ts';

const TOPIC_RESOURCE = 2; // kafkajs: ConfigResourceTypes.TOPIC

/**
 * Lets a broker that has missed records of a topic become its leader: they are gone, although they were acknowledged, and
 * other records get their offsets.
 */
export class UncleanElection {
  readonly #servers: FaultStack;
  readonly #topics: ArchiveHarness;
  readonly #topic: string;
  readonly #ahead: number;
  readonly #behind: number;
  #partitions: Placed[] = [];

  /** @param ahead - broker that alone has what is produced after `fallBehind`, and `behind` the one that misses it */
  constructor(servers: FaultStack, topics: ArchiveHarness, topic: string, ahead: number, behind: number) {
    this.#servers = servers;
    this.#topics = topics;
    this.#topic = topic;
    this.#ahead = ahead;
    this.#behind = behind;
  }

  /** From now on records come to one broker alone. */
  async fallBehind(): Promise<void> {
    const [topics, topic] = [this.#topics, this.#topic];
    await this.#configure({ 'unclean.leader.election.enable': 'true', 'min.insync.replicas': '1' });
    this.#partitions = await placed(topics, topic);
    await assign(topics, topic, this.#partitions, () => [this.#ahead]);
    await untilLed(topics, topic, (node) => node === this.#ahead);
    await assign(topics, topic, this.#partitions, () => [this.#ahead, this.#behind]);
    await untilInSync(topics, topic, [this.#ahead, this.#behind]);
    await this.#server(this.#behind).stop('SIGKILL');
    await untilInSync(topics, topic, [this.#ahead]);
  }

  /** The one that has missed them leads. */
  async elect(): Promise<void> {
    await this.#server(this.#ahead).stop('SIGKILL');
    await this.#server(this.#behind).start();
    await untilLed(this.#topics, this.#topic, (node) => node === this.#behind);
  }

  /** All brokers are there, and hold the same. */
  async heal(nodes: readonly number[]): Promise<void> {
    const [topics, topic, behind] = [this.#topics, this.#topic, this.#behind];
    await this.#server(this.#ahead).start();
    await assign(topics, topic, this.#partitions, () => [behind, ...nodes.filter((node) => node !== behind)]);
    await untilInSync(topics, topic, nodes);
    await this.#configure({});
  }

  #server(node: number) {
    return this.#servers.stack.server(kafkaServerName(node));
  }

  async #configure(settings: Record<string, string>): Promise<void> {
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
    const resources = [{ type: TOPIC_RESOURCE, name: this.#topic, configEntries }];
    await this.#topics.admin((admin) => admin.alterConfigs({ validateOnly: false, resources }));
  }
}
