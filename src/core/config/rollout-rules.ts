import { weightsProblem } from '../rollout/plan-rollout.ts';
import { plainStrategies } from '../rollout/presets.ts';
import { isQueryName, queryNameOf } from '../rollout/resolve-gate.ts';
import { sendsInTheOpen } from './open-address.ts';
import type { ConfigProblem } from './resolve-config.ts';
import type { Config } from './schema.ts';

type Rollouts = Config['rollouts'];
type Path = ConfigProblem['path'];

/** What is wrong between the keys of `rollouts`. */
export const findRolloutProblems = ({ rollouts }: Config): ConfigProblem[] => [
  ...Object.entries(rollouts.presets).flatMap(([name, preset]) => findPresetProblems(name, preset)),
  ...Object.entries(rollouts.queries).flatMap(([name, query]) => findQueryProblems(name, query)),
  ...listGates(rollouts).flatMap(({ text, path }) => findGateProblems(rollouts, text, path)),
  ...findServerProblems(rollouts.prometheus),
];

const findPresetProblems = (name: string, { steps }: Rollouts['presets'][string]): ConfigProblem[] => {
  const path = ['rollouts', 'presets', name];
  const problem = weightsProblem(steps.map(({ weight }) => weight));
  return [
    ...(plainStrategies.includes(name) ? [{ message: 'is the name of another strategy', path }] : []),
    ...(problem === null ? [] : [{ message: `cannot be: ${problem}`, path: [...path, 'steps'] }]),
  ];
};

const findQueryProblems = (name: string, { min, max }: Rollouts['queries'][string]): ConfigProblem[] => {
  const path = ['rollouts', 'queries', name];
  return [
    ...(isQueryName(`query:${name}`)
      ? []
      : [{ message: 'must be named with letters, digits, "-" and "_" only', path }]),
    ...((min === null) === (max === null) ? [{ message: 'needs either "min" or "max"', path }] : []),
  ];
};

const listGates = ({ gates, previewGates, presets }: Rollouts): { text: string; path: Path }[] => {
  const listed = (texts: readonly string[] | null, path: Path) =>
    (texts ?? []).map((text, at) => ({ text, path: [...path, at] }));
  return [
    ...listed(gates, ['rollouts', 'gates']),
    ...listed(previewGates, ['rollouts', 'previewGates']),
    ...Object.entries(presets).flatMap(([name, preset]) => {
      const path = ['rollouts', 'presets', name];
      const ofSteps = preset.steps.flatMap((step, at) => listed(step.gates, [...path, 'steps', at, 'gates']));
      return [...listed(preset.gates, [...path, 'gates']), ...ofSteps];
    }),
  ];
};

const findGateProblems = ({ queries, prometheus }: Rollouts, text: string, path: Path): ConfigProblem[] => {
  const name = queryNameOf(text);
  if (name === null) return [];
  if (!Object.hasOwn(queries, name)) return [{ message: `"${name}" is none of rollouts.queries`, path }];
  return prometheus.url === null ? [{ message: 'needs "rollouts.prometheus.url"', path }] : [];
};

const findServerProblems = ({ url, tokenEnv, tokenFile }: Rollouts['prometheus']): ConfigProblem[] => {
  const path = ['rollouts', 'prometheus'];
  const hasToken = tokenEnv !== null || tokenFile !== null;
  return [
    ...(tokenEnv !== null && tokenFile !== null
      ? [{ message: 'takes its token from "tokenEnv" or from "tokenFile", not from both', path }]
      : []),
    ...(hasToken && sendsInTheOpen(url)
      ? [{ message: 'must begin with https:// where a token is sent', path: [...path, 'url'] }]
      : []),
  ];
};
