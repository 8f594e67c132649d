import { ConnectionError } from '../../../connections/connection-error.ts';
import type { AdminPort, TopicOverview } from '../../../connections/kafka/admin/admin-port.ts';

/** Leaders that can't be reached, in one attempt at a pull. */
export class AwayLeaders {
  readonly #kafka: Pick<AdminPort, 'listTopics'>;
  readonly #giveUp: boolean;
  #gaveUp = false;

  /**
   * @param giveUp - whether the range of a leader that is away ends, which the next run makes up for, in place of the attempt: the
   * other topics must not wait for one without a leader for ever
   */
  constructor(kafka: Pick<AdminPort, 'listTopics'>, giveUp: boolean) {
    this.#kafka = kafka;
    this.#giveUp = giveUp;
  }

  /** Whether a topic whose leader could not be reached is left to the next run: not while no broker tells of it at all. */
  async givesUp(topic: string): Promise<boolean> {
    if (!this.#giveUp || (await this.#told(topic)) === undefined) return false;
    this.#gaveUp = true;
    return true;
  }

  /** Whether a partition has no leader, as the brokers say: asked once another was waited for in vain, each as long. */
  async isWithout(topic: string, partition: number): Promise<boolean> {
    if (!this.#gaveUp) return false;
    const all = (await this.#told(topic))?.flatMap(({ partitions }) => partitions) ?? [];
    return all.some((each) => each.partition === partition && each.leader < 0);
  }

  async #told(topic: string): Promise<TopicOverview[] | undefined> {
    try {
      return await this.#kafka.listTopics([topic]);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      return undefined;
    }
  }
}
