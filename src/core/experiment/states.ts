import type { ExperimentState } from './definition.ts';

/** What happens to an experiment: `weigh` gives other weights, `stop` ends it without a winner, `conclude` with one. */
export type ExperimentEvent = 'start' | 'weigh' | 'stop' | 'conclude';

type Transition = { readonly to: ExperimentState } | { readonly refusal: string };

const ended = 'it has ended: create another one under a new id';

/** The whole state machine. */
export const experimentTransitions: Readonly<
  Record<ExperimentState, Readonly<Record<ExperimentEvent, Transition>>>
> = {
  draft: {
    start: { to: 'running' },
    weigh: { to: 'draft' },
    stop: { refusal: 'it was never started' },
    conclude: { refusal: 'it was never started' },
  },
  running: {
    start: { refusal: 'it runs already' },
    weigh: { to: 'running' },
    stop: { to: 'stopped' },
    conclude: { to: 'concluded' },
  },
  stopped: {
    start: { refusal: ended },
    weigh: { refusal: ended },
    stop: { refusal: 'it was stopped already' },
    conclude: { to: 'concluded' },
  },
  concluded: {
    start: { refusal: ended },
    weigh: { refusal: ended },
    stop: { refusal: 'its winner stands' },
    conclude: { refusal: 'its winner stands' },
  },
};
