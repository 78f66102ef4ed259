import { currentStep, type RolloutRecord } from '../../core/rollout/record.ts';
import { planSamples, type SamplesNeeded } from '../../core/rollout/samples-needed.ts';
import { withLog } from '../metrics/open.ts';
import type { Workspace } from '../workspace.ts';
import { readFigures } from './figures.ts';

const lookBackMs = 30 * 86_400_000;

/** How many samples of the candidate each gate of the first step needs, from the stable version's last thirty days. */
export const readSamplesNeeded = (
  workspace: Workspace,
  {
    prompt,
    environment,
    record,
  }: { readonly prompt: string; readonly environment: string; readonly record: RolloutRecord },
): Promise<readonly SamplesNeeded[]> =>
  withLog(workspace, {}, async ({ source }) => {
    const { stable, policy, steps } = record;
    const { gates: all, minSamples } = currentStep(record);
    const gates = all.filter((gate) => gate.source === 'log');
    const until = workspace.now().getTime() + 1;
    const scope = { prompt, environment, versions: [stable.version], since: until - lookBackMs, until };
    const figures = await readFigures(source, scope, gates);
    const share = (steps.find(({ weight }) => weight > 0 && weight < 100)?.weight ?? 50) / 100;
    const arm = figures.get(stable.version) ?? { errors: { x: 0, n: 0 }, means: {}, quantiles: {} };
    return gates.map((gate) =>
      planSamples(gate, arm, { mode: policy.mode, alpha: policy.alpha, minSamples, share }),
    );
  });
