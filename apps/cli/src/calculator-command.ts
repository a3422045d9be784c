import { type Calculator, describeRefusal, type JsonValue } from '#finance';
import type { DomainError } from '#kernel';
import { type Command, type CommandIo, exitCode, type ExitCode, UsageError } from './command.js';
import { renderTable } from './render-table.js';

const maxInputBytes = 64 * 1024 * 1024;

/**
 * Turns a calculator into a command: one JSON object, or an array answered by an array, from standard input.
 * Malformed input ends with 2, a refused case with 1; in an array the refusal stands in the case's place.
 */
export function calculatorCommand(calculator: Calculator, usage: string): Command {
  return {
    usage,
    async run(args, io) {
      const unknown = args.find((arg) => arg !== '--json');
      if (unknown !== undefined) throw new UsageError(`unknown option "${unknown}"; the input comes on standard input`);
      const input = parseInput(await readAll(io.stdin));
      const print = (answer: JsonValue) => io.stdout.write(printAnswer(answer, io, args.includes('--json')));
      return Array.isArray(input) ? runMany(calculator, input, print) : runOne(calculator, input, io, print);
    },
  };
}

function runMany(calculator: Calculator, inputs: readonly unknown[], print: (answer: JsonValue) => void): ExitCode {
  let refused = false;
  const answers = inputs.map((input) => {
    try {
      return calculator(input);
    } catch (error) {
      refused = true;
      return { ...describeRefusal(error) };
    }
  });
  print(answers);
  return refused ? exitCode.refused : exitCode.done;
}

function runOne(calculator: Calculator, input: unknown, io: CommandIo, print: (answer: JsonValue) => void): ExitCode {
  try {
    print(calculator(input));
    return exitCode.done;
  } catch (error) {
    const refusal = describeRefusal(error);
    if (refusal.error.code === 'calculator_input_invalid') {
      const fields = (error as DomainError).details.fields ?? [];
      throw new UsageError(fields.map(({ pointer, message }) => `${pointer || 'input'}: ${message}`).join('\n  '));
    }
    io.stderr.write(`${refusal.error.message}\n${(error as DomainError).definition.next}\n`);
    print({ ...refusal });
    return exitCode.refused;
  }
}

function printAnswer(answer: JsonValue, io: CommandIo, json: boolean): string {
  return io.stdout.isTTY && !json ? renderTable(answer) : `${JSON.stringify(answer)}\n`;
}

function parseInput(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`input: is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

async function readAll(stdin: NodeJS.ReadableStream & { isTTY?: boolean }): Promise<string> {
  if (stdin.isTTY) throw new UsageError('input: send one JSON object, or an array of them, on standard input');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > maxInputBytes) throw new UsageError(`input: is larger than ${maxInputBytes / 1024 / 1024} MiB`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
