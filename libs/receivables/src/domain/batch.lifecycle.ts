import { Lifecycle } from '#kernel';

/** The life of an uploaded file. */
export const batchLifecycle = new Lifecycle({
  name: 'receivable_batch',
  initial: 'waiting',
  states: {
    waiting: 'stored with its checksum; a worker takes it up',
    running: 'rows are read and answered; another worker goes on where one stopped',
    done: 'every row has its answer',
    refused: 'the file as a whole cannot be read',
  },
  transitions: {
    take_up: { from: ['waiting', 'running'], to: 'running', by: ['system'], guard: 'nobody else works on it' },
    finish: { from: ['running'], to: 'done', by: ['system'] },
    refuse: { from: ['running'], to: 'refused', by: ['system'], guard: 'hostile, damaged or no invoices' },
  },
} as const);

export type BatchState = keyof typeof batchLifecycle.table.states;
