/** How one server of the stack is started, and how one knows that it answers. */
export interface ServerPlan {
  /** Its name in the table, in `state.json` and of its log file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Writes the configuration, and formats the storage where that has not been done. May be called again. */
  prepare(): Promise<void>;
  /**
   * Asks the server for something that only a working one can answer.
   * @throws any error with the reason while it doesn't
   */
  probe(signal: AbortSignal): Promise<void>;
  /** Servers that find their way back after this one restarts; `start` waits for those of them that run. */
  readonly dependents?: readonly string[];
}
