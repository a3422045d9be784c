// Required before a program: its own clock is wrong, and jumps at each SIGWINCH to the next of CLOCK_SHIFTS (milliseconds).
// For tests only; nothing of the market reads this.
const shifts = (process.env.CLOCK_SHIFTS ?? '0').split(',').map(Number);
const RealDate = Date;
let at = 0;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, words) => (words.length === 0 ? new target(target.now() + shifts[at]) : new target(...words)),
  apply: (target) => new target(target.now() + shifts[at]).toString(),
  get: (target, name) => (name === 'now' ? () => target.now() + shifts[at] : target[name]),
});

process.on('SIGWINCH', () => {
  at = (at + 1) % shifts.length;
  process.stdout.write(`clock shifted by ${shifts[at]} ms\n`);
});
