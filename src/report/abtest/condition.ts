import type { ExperimentCondition } from '../../core/experiment/condition.ts';
import type { Paint, Painter } from '../paint.ts';

/** The colour of how an experiment stands. */
export const paintCondition = (condition: ExperimentCondition, paint: Paint): Painter =>
  ({
    draft: paint.dim,
    scheduled: paint.info,
    running: paint.good,
    expired: paint.warn,
    stopped: paint.dim,
    concluded: paint.strong,
  })[condition];
