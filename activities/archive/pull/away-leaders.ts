import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from '../../../connections/connection-error.ts';
import type { AdminPort, PartitionOverview } from '../../../connections/kafka/admin/admin-port.ts';
import { partitionName } from '../../log/partition-name.ts';

/** In place of a node: there is no leader. */
const NONE = -1;

interface Waited {
  /** Whether a partition whose leader was waited for in vain is left to the next run, in place of the attempt. */
  giveUp: boolean;
  /** Nodes that other pulls of the run have waited for in vain. @default none */
  before?: readonly number[] | undefined;
  /** Milliseconds in which one of those that is back answers. @default 5000 */
  answersWithinMs?: number;
}

interface Partition {
  topic: string;
  partition: number;
}

/**
 * Leaders that can't be reached, in one attempt at a pull. Each is waited for once in a run, whatever it leads: a broker may
 * lead thousands of partitions, and other topics must not wait for one that is away, for ever or for hours.
 */
export class AwayLeaders {
  readonly #kafka: Pick<AdminPort, 'listTopics' | 'listOffsets'>;
  readonly #giveUp: boolean;
  /** By node, which of its partitions it was waited for at; undefined: in another pull. */
  readonly #away = new Map<number, string | undefined>();
  /** Those that other pulls have waited for, and that may be back. */
  readonly #before: Set<number>;
  readonly #answersWithinMs: number;
  /** Whether a partition was left. */
  #gaveUp: boolean;

  constructor(
    kafka: Pick<AdminPort, 'listTopics' | 'listOffsets'>,
    { giveUp, before = [], answersWithinMs = 5_000 }: Waited,
  ) {
    this.#kafka = kafka;
    this.#giveUp = giveUp;
    this.#before = new Set(before);
    this.#answersWithinMs = answersWithinMs;
    this.#gaveUp = before.length > 0;
  }

  /** Nodes that are away, -1 where partitions have no leader: what further pulls of the run need not wait for. */
  get nodes(): number[] {
    return [...this.#away.keys()];
  }

  /**
   * Whether a partition that could not be read is left to the next run: not while no broker tells of its topic at all.
   *
   * @param cause - a broker that has answered, though not as it should, is not away
   */
  async givesUp(of: Partition, { facts }: ConnectionError): Promise<boolean> {
    const told = this.#giveUp ? await this.#told(of) : undefined;
    if (told === undefined) return false;
    this.#gaveUp = true;
    const { leader, leaderAddress } = told.found ?? { leader: undefined };
    if (leader !== undefined && (leader < 0 || leaderAddress === facts['broker']))
      this.#away.set(Math.max(NONE, leader), nameOf(of));
    return true;
  }

  /** Why a partition is not to be read at all; undefined where it is. Asked of the brokers once one was waited for. */
  async whyLeft(of: Partition): Promise<string | undefined> {
    const found = this.#gaveUp ? (await this.#told(of))?.found : undefined;
    if (found === undefined) return undefined;
    const { leader, leaderAddress } = found;
    if (leader < 0) {
      if (!this.#away.has(NONE)) this.#away.set(NONE, undefined);
      return `${nameOf(of)}: no broker leads it; start the brokers that hold it, and the next run makes up for it`;
    }
    if (!(await this.#isAway(leader, of))) return undefined;
    const at = this.#away.get(leader);
    const where = leaderAddress === undefined ? '' : ` (${leaderAddress})`;
    const waited = at === undefined ? 'as another pull has found' : `as was found at ${at}`;
    return `${nameOf(of)}: its leader, broker ${leader}${where}, can't be reached, ${waited}; start it, or look at the network between it and the workers, and the next run makes up for it`;
  }

  async #isAway(node: number, of: Partition): Promise<boolean> {
    if (this.#away.has(node)) return true;
    // One look is enough.
    if (!this.#before.delete(node) || (await this.#answers(of))) return false;
    this.#away.set(node, undefined);
    return true;
  }

  /** Whether the leader of a partition answers soon. */
  async #answers({ topic, partition }: Partition): Promise<boolean> {
    const timer = new AbortController();
    const asked = this.#kafka.listOffsets([{ topic, partitions: [partition] }], 'earliest').then(
      ([answer]) => answer !== undefined && answer.error === undefined,
      () => false,
    );
    const late = sleep(this.#answersWithinMs, false, { signal: timer.signal }).catch(() => false);
    return Promise.race([asked, late]).finally(() => timer.abort());
  }

  /** What the brokers tell of a partition, where any of them answers. */
  async #told({ topic, partition }: Partition): Promise<{ found: PartitionOverview | undefined } | undefined> {
    try {
      const all = await this.#kafka.listTopics([topic]);
      return { found: all.flatMap(({ partitions }) => partitions).find((each) => each.partition === partition) };
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      return undefined;
    }
  }
}

function nameOf({ topic, partition }: Partition): string {
  return partitionName(topic, partition);
}
