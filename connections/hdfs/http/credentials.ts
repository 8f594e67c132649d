import { readFile, stat } from 'node:fs/promises';
import { ConnectionError } from '../../connection-error.ts';
import type { HdfsConfig } from '../config.ts';
import { parseTokenFile } from './token-file.ts';

/** Who we are to the NameNode. */
export interface Credentials {
  /** Query parameters for a request to a NameNode; never for a redirect, which carries its own. */
  query(): Promise<Record<string, string>>;
  /** Takes what must not be read out of a text that a server wrote. */
  redact(text: string): string;
}

/** A user name, or a delegation token that is read again whenever its file has changed. */
export function openCredentials(config: Pick<HdfsConfig, 'user' | 'delegationTokenFile'>): Credentials {
  const { user, delegationTokenFile } = config;
  if (delegationTokenFile !== undefined) return new TokenCredentials(delegationTokenFile);
  return {
    query: async (): Promise<Record<string, string>> => (user === undefined ? {} : { 'user.name': user }),
    redact: redactParameters,
  };
}

class TokenCredentials implements Credentials {
  readonly #file: string;
  #token: string | undefined;
  #version: string | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async query(): Promise<Record<string, string>> {
    try {
      const { mtimeMs, size, ino } = await stat(this.#file);
      const version = `${mtimeMs} ${size} ${ino}`;
      if (version !== this.#version) {
        this.#token = parseTokenFile(await readFile(this.#file), this.#file);
        this.#version = version;
      }
    } catch (error) {
      // While the file is being renewed it may be gone or half written: the token that we have is as good as before.
      if (this.#token === undefined) throw unreadable(this.#file, error);
    }
    return { delegation: this.#token! };
  }

  redact(text: string): string {
    return redactParameters(this.#token === undefined ? text : text.replaceAll(this.#token, '<token>'));
  }
}

// DataNodes are sent to with a token of their own, in the query of the redirect.
function redactParameters(text: string): string {
  return text.replace(/\b(delegation|token)=[^&\s"']+/gi, '$1=<token>');
}

function unreadable(file: string, error: unknown): ConnectionError {
  if (error instanceof ConnectionError) return error;
  return new ConnectionError(
    'configuration',
    `the delegation token cannot be read from ${file}: ${(error as Error).message}; give the worker a file it may read`,
    { file },
    error,
  );
}
