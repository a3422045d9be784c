import type { Type } from '@nestjs/common';
import { marketplaceEventHandlers, marketplaceTimerHandlers } from '#marketplace';
import type { EventHandler, TimerHandler } from '#platform';

/** Every event handler of every context; the boot fails when two have one name. */
export const eventHandlerClasses: readonly Type<EventHandler>[] = [...marketplaceEventHandlers];

/** Every timer handler of every context; the boot fails when two are of one kind. */
export const timerHandlerClasses: readonly Type<TimerHandler>[] = [...marketplaceTimerHandlers];
