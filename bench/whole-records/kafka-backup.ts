import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce } from '../../scripts/stack/install-once.ts';
import { projectRoot } from '../../scripts/stack/project-root.ts';
import { runCommand } from '../../scripts/stack/run-command.ts';
import { runTimed, type TimedRun } from '../run-timed.ts';

/** The version of Cargo.toml. */
const PACKAGE = 'kafka-backup-core-0.25.2';
const BACKUP = 'bench';

/**
 * kafka-backup-core, a library that backs topics up, in Rust: whole records into segments of its own on local disks,
 * zstd 3, and from there into a topic that it makes, at least once. Built by cargo when it is first used, which takes
 * minutes, and kept with the stack's packages.
 */
export class KafkaBackup {
  readonly #program: string;
  readonly #brokers: readonly string[];
  readonly #folder: string;

  private constructor(program: string, brokers: readonly string[], folder: string) {
    this.#program = program;
    this.#brokers = brokers;
    this.#folder = folder;
  }

  /** @param parent folder in which the backup is kept until `close` */
  static async open(brokers: readonly string[], parent: string): Promise<KafkaBackup> {
    const installed = await installOnce(PACKAGE, build);
    mkdirSync(parent, { recursive: true });
    const folder = mkdtempSync(join(parent, 'kafka-backup-'));
    return new KafkaBackup(join(installed, 'rewind-bench-kafka-backup'), brokers, folder);
  }

  backup(topic: string): Promise<TimedRun> {
    return this.#run({
      mode: 'backup',
      source: { bootstrap_servers: this.#brokers, topics: { include: [topic] } },
      offset_storage: { db_path: join(this.#folder, 'offsets.db') },
      backup: {
        compression: 'zstd',
        compression_level: 3,
        stop_at_current_offsets: true,
        include_offset_headers: false,
      },
    });
  }

  /** @param target a topic that is not there */
  restore(topic: string, target: string): Promise<TimedRun> {
    return this.#run({
      mode: 'restore',
      target: { bootstrap_servers: this.#brokers, topics: { include: [topic] } },
      restore: { topic_mapping: { [topic]: target }, create_topics: true, default_replication_factor: 1 },
    });
  }

  /** Bytes of the backup. */
  get bytes(): number {
    return readdirSync(this.#store, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #store(): string {
    return join(this.#folder, 'store');
  }

  async #run(config: { mode: string } & Record<string, unknown>): Promise<TimedRun> {
    const file = join(this.#folder, `${config.mode}.yaml`);
    const storage = { backend: 'filesystem', path: this.#store };
    mkdirSync(this.#store, { recursive: true });
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ backup_id: BACKUP, storage, metrics: { enabled: false }, ...config }));
    return runTimed({ command: this.#program, args: [file], cwd: this.#folder });
  }
}

async function build(folder: string, logFile: string): Promise<void> {
  console.error(`building ${PACKAGE} with cargo; it says how far it is in ${logFile}`);
  const source = join(folder, 'source');
  cpSync(join(projectRoot, 'bench', 'whole-records', 'kafka-backup'), source, { recursive: true });
  const args = ['build', '--release', '--manifest-path', join(source, 'Cargo.toml')];
  await runCommand({ purpose: `build ${PACKAGE}`, command: 'cargo', args, logFile });
  cpSync(join(source, 'target', 'release', 'rewind-bench-kafka-backup'), join(folder, 'rewind-bench-kafka-backup'));
  rmSync(source, { recursive: true });
}
