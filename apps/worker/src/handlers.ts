import type { Type } from '@nestjs/common';
import { enterpriseEventHandlers } from '#enterprises';
import { guaranteeEventHandlers, guaranteeLoops, guaranteeTimerHandlers } from '#guarantee';
import { institutionEventHandlers, institutionTimerHandlers } from '#institutions';
import { ledgerLoops, ledgerTimerHandlers } from '#ledger';
import { marketplaceEventHandlers, marketplaceTimerHandlers } from '#marketplace';
import { noticesEventHandlers, noticesLoops } from '#notices';
import type { EventHandler, TimerHandler, WorkLoop } from '#platform';
import { reviewEventHandlers, reviewTimerHandlers } from '#review';

/** Every event handler of every context; the boot fails when two have one name. */
export const eventHandlerClasses: readonly Type<EventHandler>[] = [
  ...noticesEventHandlers,
  ...reviewEventHandlers,
  ...enterpriseEventHandlers,
  ...institutionEventHandlers,
  ...guaranteeEventHandlers,
  ...marketplaceEventHandlers,
];

/** Every timer handler of every context; the boot fails when two are of one kind. */
export const timerHandlerClasses: readonly Type<TimerHandler>[] = [
  ...ledgerTimerHandlers,
  ...reviewTimerHandlers,
  ...institutionTimerHandlers,
  ...guaranteeTimerHandlers,
  ...marketplaceTimerHandlers,
];

/** Every loop that a context wants to be run. */
export const loopClasses: readonly Type<WorkLoop>[] = [...noticesLoops, ...ledgerLoops, ...guaranteeLoops];
