import type { ServingReason } from '../../core/serving/decide.ts';
import type { AbtestAssignResult } from '../../operations/abtest/assign.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { sanitizeLine } from '../text.ts';

const reasons: Readonly<Record<ServingReason, string>> = {
  pointer: 'no experiment decides',
  assigned: 'enrolled',
  preview: 'not enrolled: it has not begun',
  'no-key': 'not enrolled: there is no key',
  paired: 'not enrolled: every case is run with all variants',
  displaced: 'not enrolled: the environment runs another version than the control',
  draft: 'not enrolled: it was not started',
  scheduled: 'not enrolled: it has not begun',
  expired: 'not enrolled: its time is over',
  stopped: 'not enrolled: it was stopped',
  concluded: 'everybody gets the winner',
};

/** What the unit gets, in one line. */
export const formatAssign = (result: AbtestAssignResult, display: Display): string => {
  const paint = createPaint(display);
  const { unit, variant, prompt, version, reason } = result;
  const name = variant === null ? '' : `${paint.strong(sanitizeLine(variant))}: `;
  return `${sanitizeLine(unit)} gets ${name}${sanitizeLine(prompt)} ${paint.version(version)} (${reasons[reason]})`;
};
