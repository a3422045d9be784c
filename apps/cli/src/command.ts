/** What a command may touch; tests hand in their own. */
export interface CommandIo {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream;
}

/** The exit codes of the command line: 0 done, 1 refused or not found, 2 wrong usage. */
export const exitCode = { done: 0, refused: 1, usage: 2 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** One command. `usage` is what `--help` prints after the name and the summary. */
export interface Command {
  readonly usage: string;
  run(args: readonly string[], io: CommandIo): Promise<ExitCode>;
}

/** Thrown by a command for wrong usage: printed to standard error, exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
