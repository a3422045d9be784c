import type { Type } from '@nestjs/common';
import type { EventHandler, TimerHandler } from '#platform';

/** Every event handler of every context; the boot fails when two have one name. */
export const eventHandlerClasses: readonly Type<EventHandler>[] = [];

/** Every timer handler of every context; the boot fails when two are of one kind. */
export const timerHandlerClasses: readonly Type<TimerHandler>[] = [];
