import { type CommandEntry, commands } from './commands.js';
import { type Command, type CommandIo, exitCode, type ExitCode, UsageError } from './command.js';

/** Finds the longest command name that the words begin with. */
export function findCommand(words: readonly string[]): { entry: CommandEntry; rest: readonly string[] } | undefined {
  for (const length of [2, 1]) {
    const entry = commands.find(({ name }) => name === words.slice(0, length).join(' '));
    if (entry && words.length >= length) return { entry, rest: words.slice(length) };
  }
  return undefined;
}

export function overview(): string {
  const width = Math.max(0, ...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return ['sanad <command> [options]', '', ...lines, '', 'sanad <command> --help explains one command.', ''].join('\n');
}

export async function main(words: readonly string[], io: CommandIo): Promise<ExitCode> {
  const found = findCommand(words);
  if (!found) {
    const asked = words.length === 0 || words[0] === '--help' || words[0] === '-h' || words[0] === 'help';
    (asked ? io.stdout : io.stderr).write(
      asked ? overview() : `sanad: unknown command "${words.join(' ')}"\n\n${overview()}`,
    );
    return asked ? exitCode.done : exitCode.usage;
  }
  return runCommand(found.entry, (await found.entry.load()).command, found.rest, io);
}

/** Runs one loaded command: `--help` explains it, wrong usage is told on standard error and ends with 2. */
export async function runCommand(
  { name, summary }: Pick<CommandEntry, 'name' | 'summary'>,
  command: Command,
  args: readonly string[],
  io: CommandIo,
): Promise<ExitCode> {
  if (args.includes('--help') || args.includes('-h')) {
    io.stdout.write(`sanad ${name}: ${summary}\n\n${command.usage.trim()}\n`);
    return exitCode.done;
  }
  try {
    return await command.run(args, io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.stderr.write(`sanad ${name}: ${error.message}\nsanad ${name} --help shows how to use it.\n`);
    return exitCode.usage;
  }
}

if (require.main === module) {
  main(process.argv.slice(2), process).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      process.stderr.write(`sanad: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exitCode = exitCode.refused;
    },
  );
}
