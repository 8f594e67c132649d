import type { ConnectionFault } from '../../connection-error.ts';

/** What a NameNode or DataNode answers in place of a result (`RemoteException` of the WebHDFS REST API). */
export interface RemoteException {
  /** Simple name of the class, as `FileNotFoundException`. */
  exception: string;
  message: string;
}

interface Verdict {
  fault: ConnectionFault;
  remedy: string;
  /** The server refused before it did anything. */
  notDone?: true;
}

const AGAIN = 'try again';
const LOG_IN = 'check the user or the delegation token of this connection, and the permissions of the path';
const NEXT = 'this NameNode cannot serve now; name all NameNodes in urls, and try again';

const VERDICTS: Readonly<Record<string, Verdict>> = {
  FileNotFoundException: { fault: 'not-found', remedy: 'check the path' },

  FileAlreadyExistsException: { fault: 'exists', remedy: 'remove it, or choose another path' },
  AlreadyBeingCreatedException: { fault: 'exists', remedy: 'someone else is writing it: choose another path' },

  AccessControlException: { fault: 'denied', remedy: LOG_IN },
  AuthorizationException: { fault: 'denied', remedy: LOG_IN },
  AuthenticationException: { fault: 'denied', remedy: LOG_IN },
  SecurityException: { fault: 'denied', remedy: LOG_IN },
  InvalidToken: { fault: 'denied', remedy: 'renew the delegation token file; it is read again when it has changed' },

  StandbyException: { fault: 'unavailable', remedy: NEXT, notDone: true },
  ObserverRetryOnActiveException: { fault: 'unavailable', remedy: NEXT, notDone: true },
  RetriableException: { fault: 'unavailable', remedy: AGAIN, notDone: true },
  SafeModeException: { fault: 'unavailable', remedy: 'wait until the NameNode leaves safe mode', notDone: true },
  LeaseExpiredException: { fault: 'unavailable', remedy: `someone else took or removed the file; ${AGAIN}` },
  BlockMissingException: { fault: 'unavailable', remedy: 'no DataNode has the block now; run hdfs fsck on the path' },
  CannotObtainBlockLengthException: { fault: 'unavailable', remedy: `the file is being written; ${AGAIN} later` },
  NotReplicatedYetException: { fault: 'unavailable', remedy: AGAIN },
  ConnectException: { fault: 'unavailable', remedy: AGAIN },
  NoRouteToHostException: { fault: 'unavailable', remedy: AGAIN },
  SocketTimeoutException: { fault: 'unavailable', remedy: AGAIN },
  SocketException: { fault: 'unavailable', remedy: AGAIN },
  UnknownHostException: {
    fault: 'unavailable',
    remedy: `the servers of this HDFS don't know each other's names; ${AGAIN}`,
  },
  ClosedChannelException: { fault: 'unavailable', remedy: AGAIN },
  AsynchronousCloseException: { fault: 'unavailable', remedy: AGAIN },
  ClosedByInterruptException: { fault: 'unavailable', remedy: AGAIN },
  InterruptedIOException: { fault: 'unavailable', remedy: AGAIN },
  EOFException: { fault: 'unavailable', remedy: AGAIN },
  // Where nothing more precise is known: too few DataNodes, a closed file system, a pipeline that broke.
  IOException: { fault: 'unavailable', remedy: `${AGAIN}; look into the log of the server` },

  ParentNotDirectoryException: { fault: 'refused', remedy: 'a file stands where a directory is needed' },
  PathIsNotEmptyDirectoryException: { fault: 'refused', remedy: 'the directory is not empty; delete it recursively' },
  NSQuotaExceededException: { fault: 'refused', remedy: 'raise the quota of the directory, or make room in it' },
  DSQuotaExceededException: { fault: 'refused', remedy: 'raise the quota of the directory, or make room in it' },
  QuotaByStorageTypeExceededException: { fault: 'refused', remedy: 'raise the quota of the directory' },
  PathComponentTooLongException: { fault: 'refused', remedy: 'choose a shorter name' },
  MaxDirectoryItemsExceededException: { fault: 'refused', remedy: 'the directory is full; choose another' },
  UnresolvedPathException: { fault: 'refused', remedy: 'name the target of the symbolic link' },
  IllegalArgumentException: { fault: 'refused', remedy: 'check the path' },
  HadoopIllegalArgumentException: { fault: 'refused', remedy: 'check the path' },
  InvalidPathException: { fault: 'refused', remedy: 'check the path' },
  UnsupportedOperationException: { fault: 'refused', remedy: 'this server is too old, or its feature is turned off' },
};

const NO_NODE =
  'no DataNode takes the block: make room on HDFS (hdfs dfsadmin -report tells how full each is), or start those that are away';

const APART =
  'a rename leads neither into nor out of an encryption zone, nor from one name space of a router to another: have both paths in one';

/** What a remote exception means to us; unknown classes go by the HTTP status. */
export function remoteVerdict({ exception, message }: RemoteException, status: number): Verdict {
  // A standby that has not seen a token yet says so inside of another exception.
  if (/\bStandbyException\b/.test(message)) return VERDICTS.StandbyException!;
  if (/\bRetriableException\b/.test(message)) return VERDICTS.RetriableException!;
  if (/SecretManager\$InvalidToken/.test(message)) return VERDICTS.InvalidToken!;
  // With the class IOException alone. Who archives for years meets it as "full".
  if (/could only be (written|replicated) to \d+/.test(message)) return { fault: 'unavailable', remedy: NO_NODE };
  // These, too, though they are for good.
  if (/can't be moved (into|from) (an )?encryption zone|^Rename of .* is not allowed/.test(message))
    return { fault: 'refused', remedy: APART };
  const known = Object.hasOwn(VERDICTS, exception) ? VERDICTS[exception] : undefined;
  if (known !== undefined) return known;
  // A DataNode that can't call its NameNode says so with the class of what broke (org.apache.hadoop.net.NetUtils).
  if (/^Call From .* failed on .*exception/.test(message)) return { fault: 'unavailable', remedy: AGAIN };
  return status >= 500
    ? { fault: 'unavailable', remedy: `${AGAIN}; look into the log of the server` }
    : { fault: 'refused', remedy: 'look into the log of the server' };
}

/** What a status without a remote exception means: the answer of something that is no NameNode, or of a log-in filter. */
export function statusVerdict(status: number): Verdict {
  if (status === 401) return { fault: 'denied', remedy: 'this server asks for a log-in: use a delegationTokenFile' };
  if (status === 403) return { fault: 'denied', remedy: LOG_IN };
  if (status === 408 || status === 429 || status >= 500) return { fault: 'unavailable', remedy: AGAIN };
  if (status >= 300 && status < 400)
    return { fault: 'configuration', remedy: 'the server sends elsewhere; put the address it sends to into urls' };
  // 404 and the like: a path that is missing in HDFS is always told by a RemoteException.
  return { fault: 'configuration', remedy: 'no WebHDFS answers there; check urls and dfs.webhdfs.enabled' };
}

/** The remote exception in an answer's body; undefined where the body is none. */
export function parseRemoteException(body: string): RemoteException | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined; // a page of HTML, or nothing: the status speaks for it
  }
  const found = (value as { RemoteException?: { exception?: unknown; message?: unknown } } | null)?.RemoteException;
  if (typeof found?.exception !== 'string') return undefined;
  const message = typeof found.message === 'string' ? found.message : '';
  // Some servers put a stack trace below; `Outer$Inner` names a nested class.
  return {
    exception: found.exception.slice(found.exception.lastIndexOf('$') + 1),
    message: message.split('\n', 1)[0]!.trim(),
  };
}
