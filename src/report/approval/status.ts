import type { ApprovalStatusResult } from '../../operations/approval/status.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { joinLines, sanitizeLine } from '../text.ts';
import { formatNextSteps, formatStages } from './stages.ts';

/** How a version stands in each environment that has stages, with who decided what and how that is signed. */
export const formatApprovalStatus = (result: ApprovalStatusResult, display: Display): string => {
  if (display.columns === null) return formatStages(result.stages, display);
  const paint = createPaint(display);
  const name = `${paint.strong(sanitizeLine(result.prompt))} ${paint.version(sanitizeLine(result.version))}`;
  const environments = [...new Set(result.stages.map(({ environment }) => environment))];
  if (environments.length === 0) return `${name}: no stage of approval is configured there.`;
  const blocks = environments.map((environment) => {
    const stages = result.stages.filter((stage) => stage.environment === environment);
    const next = formatNextSteps(stages, display);
    return joinLines([`${name} in ${sanitizeLine(environment)}`, formatStages(stages, display), next]);
  });
  return joinLines(blocks, '\n\n');
};
