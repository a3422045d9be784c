import { Readable, Writable } from 'node:stream';
import { command as apr } from './commands/calc-apr.js';
import { command as countDays } from './commands/calc-days.js';
import { command as fn } from './commands/calc-fn.js';
import { command as schedule } from './commands/calc-schedule.js';
import { findCommand, runCommand } from './main.js';

class Written extends Writable {
  text = '';
  isTTY = false;
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Loaded here, as the test runner has no dynamic import. */
const calculators = { 'calc apr': apr, 'calc schedule': schedule, 'calc fn': fn, 'calc days': countDays };

async function sanad(words: string, input: string, isTTY = false) {
  const [stdout, stderr] = [new Written(), new Written()];
  stdout.isTTY = isTTY;
  const { entry, rest } = findCommand(words.split(' ')) as NonNullable<ReturnType<typeof findCommand>>;
  const command = calculators[entry.name as keyof typeof calculators];
  const exit = await runCommand(entry, command, rest, { stdin: Readable.from([input]), stdout, stderr });
  return { exit, stdout: stdout.text, stderr: stderr.text };
}

const days = '{"dayCount":"ACT/360","from":"2024-01-01","to":"2024-01-31"}';
const noRate = '{"method":"eu","flows":[{"at":0,"amount":1},{"at":1,"amount":1}]}';

describe('a calculator as a command', () => {
  it('answers an object by an object', async () => {
    const { exit, stdout } = await sanad('calc days', days);
    expect([exit, JSON.parse(stdout)]).toEqual([0, { days: 30, yearFraction: '0.083333333333' }]);
  });

  it('answers an array by an array, refusals in their places, and ends with 1', async () => {
    const { exit, stdout } = await sanad('calc days', `[${days},{"dayCount":"x"},${days}]`);
    const [first, second, third] = JSON.parse(stdout) as [object, { error: object }, object];
    expect(exit).toBe(1);
    expect(first).toEqual(third);
    expect(second).toEqual({
      error: {
        code: 'calculator_input_invalid',
        field: '/dayCount',
        message: expect.stringContaining('must be one of'),
      },
    });
  });

  it('ends with 2 and names field and reason for malformed input', async () => {
    for (const [input, reason] of [
      ['{', 'input: is not JSON'],
      ['3', 'input: must be an object'],
      ['{"dayCount":"ACT/360","from":"2024-13-01","to":"2024-01-31"}', '/from: must be a date'],
      ['{"dayCount":"ACT/360","from":"2024-01-01","to":"2024-01-31","x":1}', '/x: is not known'],
    ] as const) {
      const { exit, stdout, stderr } = await sanad('calc days', input);
      expect([exit, stdout]).toEqual([2, '']);
      expect(stderr).toContain(reason);
    }
    expect((await sanad('calc days --fast', days)).exit).toBe(2);
  });

  it('ends with 1 for a case that has no answer and says what to do', async () => {
    const { exit, stdout, stderr } = await sanad('calc apr', noRate);
    expect(exit).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'apr_no_solution' } });
    expect(stderr).toContain('money drawn is positive');
  });

  it('shows a person a table, and JSON when asked for it', async () => {
    expect((await sanad('calc days', days, true)).stdout).toBe('days          30\nyearFraction  0.083333333333\n');
    expect((await sanad('calc days --json', days, true)).stdout).toMatch(/^{"days":30/);
    const loan =
      '{"principal":"100","annualRate":"12","interest":"flat","amortization":"bullet","dayCount":"equal_periods","periods":2,"rounding":{"to":"0.01","mode":"half_up"}}';
    const { stdout } = await sanad('calc schedule', loan, true);
    expect(stdout.split('\n')[1]?.trim().split(/ {2,}/)).toEqual([
      'n',
      'due',
      'principal',
      'interest',
      'total',
      'balance',
    ]);
  });

  it.each(Object.keys(calculators))('%s --help', async (name) => {
    const { exit, stdout } = await sanad(`${name} --help`, '');
    expect(exit).toBe(0);
    expect(stdout).toContain(`sanad ${name}`);
    expect(stdout.length).toBeGreaterThan(200);
  });
});
