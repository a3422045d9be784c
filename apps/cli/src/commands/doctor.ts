import 'reflect-metadata';
import { examine, type Environment, readEnvironment } from '#platform';
import { contexts } from '../../../../config/contexts.js';
import { type Command, exitCode, UsageError } from '../command.js';
import { renderTable } from '../render-table.js';

export const command: Command = {
  usage: `
sanad doctor [--json]

Looks at what a market stands on and changes nothing: Node, environment, database, schema, queue, data folder, and work that
nobody does. Says of each fault what to do, and ends with 1 when there is one.`,
  async run(args, io) {
    const unknown = args.find((word) => word !== '--json');
    if (unknown !== undefined) throw new UsageError(`"${unknown}" is not an option`);
    let environment: Environment;
    try {
      environment = readEnvironment();
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
    const findings = await examine(environment, contexts);
    const answer = { ok: findings.every(({ state }) => state !== 'ill'), findings };
    const forPerson = io.stdout.isTTY === true && !args.includes('--json');
    io.stdout.write(
      forPerson
        ? renderTable(
            findings.map(({ check, state, found, next }) => ({ check, state, found, 'what to do': next ?? '' })),
          )
        : `${JSON.stringify(answer)}\n`,
    );
    return answer.ok ? exitCode.done : exitCode.refused;
  },
};
