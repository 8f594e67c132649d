/** What Rewind needs of HDFS. Every path is absolute, decoded, and may hold any character that HDFS allows. */
export interface FileStore {
  /** The status of a path, or undefined where nothing is. */
  status(path: string, signal?: AbortSignal): Promise<FileStatus | undefined>;
  /**
   * The statuses of files of one folder, by their names; of those that are not there nothing. Asked for together where that
   * takes less than to ask for each.
   */
  statuses(folder: string, names: readonly string[], signal?: AbortSignal): Promise<Map<string, FileStatus>>;
  /** The entries of a directory in byte order of their names, page by page; throws `not-found`. */
  list(path: string, signal?: AbortSignal): AsyncIterable<FileStatus>;
  /**
   * Exactly `length` bytes from `position`; throws `truncated` if fewer came. With `into`, which has room for them, they may
   * be put there; nothing is written to it once the call has ended.
   */
  read(path: string, position: number, length: number, signal?: AbortSignal, into?: Uint8Array): Promise<Uint8Array>;
  /**
   * Writes a new file and checks its length afterwards; returns the bytes written. Throws `exists` unless
   * `overwrite`. What an aborted or failed write leaves behind is the caller's to delete.
   */
  write(
    path: string,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options?: WriteOptions,
  ): Promise<number>;
  /** Renames a file; false if the target exists already or the source is gone (HDFS itself does not tell which). */
  rename(from: string, to: string, signal?: AbortSignal): Promise<boolean>;
  /** Deletes a path; false if nothing was there. */
  delete(path: string, options?: { recursive?: boolean; signal?: AbortSignal }): Promise<boolean>;
  /**
   * Makes a directory and its parents; does nothing where it is there already. Rights are those of all that is made.
   * @default what the server gives
   */
  makeDirectory(path: string, signal?: AbortSignal, rights?: Rights): Promise<void>;
  /** The home directory of the user that asks, which need not be there. */
  homeDirectory(signal?: AbortSignal): Promise<string>;
  /** Whether somebody has the file open for writing; undefined where nothing is, or the server doesn't tell. */
  isBeingWritten(path: string, signal?: AbortSignal): Promise<boolean | undefined>;
  /**
   * Whether the login may make and rename entries in a directory; undefined where the server doesn't tell (a gateway, or
   * an HDFS before 2.6). Throws `not-found`.
   */
  mayWriteTo(directory: string, signal?: AbortSignal): Promise<boolean | undefined>;
  /** What room there is at a path, which need not exist yet, as far as the server tells. */
  space(path: string, signal?: AbortSignal): Promise<Space>;
  /** The quotas that are set on a directory itself, as far as the server tells. */
  quotasOn(directory: string, signal?: AbortSignal): Promise<Quotas>;
  /** Address for messages, without credentials. */
  describe(): string;
  close(): Promise<void>;
}

/** Each is left out where there is none. */
export interface Quotas {
  /** Files and directories, the directory itself included. */
  names?: { most: number; used: number };
  /** Every copy that HDFS keeps counts. */
  bytes?: { most: number; used: number };
}

/** Bytes count every copy that HDFS keeps. */
export interface Space {
  /** Copies of a new file. */
  replication?: number;
  /** Bytes that the whole store has left. */
  free?: number;
  /** Files and folders that the path itself may have, and has, where it has such a quota. */
  names?: { quota: number; used: number };
  /** Of a new file. */
  blockBytes?: number;
  /** The tightest space quota on the path or above it. */
  quota?: { path: string; bytes: number; used: number };
  /** The tightest quota of files and folders on the path or above it. */
  nameQuota?: { path: string; names: number; used: number };
}

/** Rights for the owner, the group and others, in octal. */
export type Rights = '700' | '600';

export interface WriteOptions {
  /** @default what the server gives */
  rights?: Rights;
  overwrite?: boolean;
  signal?: AbortSignal;
}

export interface FileStatus {
  path: string;
  kind: 'file' | 'directory';
  /** Bytes; 0 for a directory. */
  length: number;
  /** Milliseconds since 1970 UTC. */
  modifiedAt: number;
  /** Where the server tells: rights in octal, `640`, and the user whose it is. */
  rights?: string;
  owner?: string;
}
