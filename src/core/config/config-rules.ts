import { isBuiltInName, isRateName } from '../metrics/alert-rules.ts';
import { nearestNames, suggestion } from '../prompt/name.ts';
import { listStrategies } from '../rollout/presets.ts';
import { checkProblem } from './checks.ts';
import { findNotifyProblems } from './notify-rules.ts';
import type { ConfigProblem } from './resolve-config.ts';
import { findRolloutProblems } from './rollout-rules.ts';
import type { Config, EnvironmentConfig } from './schema.ts';
import { findTestProblems } from './test-rules.ts';

/** What is wrong between keys that are right one by one. */
export const findConfigRuleProblems = (config: Config): ConfigProblem[] => {
  const { environments, alerts, rollouts } = config;
  const names = environments.map(({ name }) => name);
  const problems = environments.flatMap((environment, at) => [
    ...findRepeated(names, at, ['environments', at, 'name']),
    ...findFromProblem(environment, names.slice(0, at), at),
    ...findStageProblems(environment, at),
    ...findCheckProblems(environment, at),
    ...findFreezeProblems(environment, at),
    ...findStrategyProblem(environment, listStrategies(rollouts), at),
  ]);
  return [
    ...problems,
    ...findRolloutProblems(config),
    ...findTestProblems(config),
    ...findNotifyProblems(config),
    ...Object.entries(alerts).flatMap(([name, alert]) => findAlertProblems(name, alert, names)),
  ];
};

const findAlertProblems = (
  name: string,
  { metric, statistic, min, max, against, environments }: Config['alerts'][string],
  known: readonly string[],
): ConfigProblem[] => {
  const unknown = environments.filter((environment) => !known.includes(environment));
  const isOwn = !isBuiltInName(name);
  const isMean = statistic === null || statistic === 'mean';
  const path = ['alerts', name];
  return [
    ...(isOwn && metric === null ? [{ message: 'is missing', path: [...path, 'metric'] }] : []),
    ...(isOwn && min === null && max === null ? [{ message: 'needs "min" or "max"', path }] : []),
    ...(isMean || (against === null && !isRateName(metric ?? ''))
      ? []
      : [{ message: 'must be the mean here', path: [...path, 'statistic'] }]),
    ...unknown.map((environment) => ({
      message: `"${environment}" is no environment`,
      path: [...path, 'environments'],
    })),
  ];
};

const findFromProblem = ({ from }: EnvironmentConfig, earlier: string[], at: number): ConfigProblem[] =>
  from === null || earlier.includes(from)
    ? []
    : [{ message: `"${from}" must be an environment listed earlier`, path: ['environments', at, 'from'] }];

const findStageProblems = ({ approvals }: EnvironmentConfig, at: number): ConfigProblem[] => {
  const names = approvals.map(({ name }) => name);
  return approvals.flatMap(({ approvers, required }, stage) => {
    const path = ['environments', at, 'approvals', stage];
    const problems = findRepeated(names, stage, [...path, 'name']);
    const isOpen = approvers.length === 0 || approvers.some((approver) => approver.includes('*'));
    if (isOpen || required <= new Set(approvers).size) return problems;
    const message = `must not be more than the ${approvers.length} approvers of the stage`;
    return [...problems, { message, path: [...path, 'required'] }];
  });
};

const findCheckProblems = ({ requires }: EnvironmentConfig, at: number): ConfigProblem[] =>
  requires.flatMap((name, check) => {
    const message = checkProblem(name);
    return message === null ? [] : [{ message, path: ['environments', at, 'requires', check] }];
  });

const findStrategyProblem = (
  { strategy }: EnvironmentConfig,
  known: readonly string[],
  at: number,
): ConfigProblem[] => {
  if (known.includes(strategy)) return [];
  const message = `"${strategy}" is no strategy (${known.join(', ')}).${suggestion(nearestNames(strategy, known))}`;
  return [{ message, path: ['environments', at, 'strategy'] }];
};

const findFreezeProblems = ({ freeze }: EnvironmentConfig, at: number): ConfigProblem[] =>
  freeze.flatMap(({ from, until }, period) =>
    until === null || Date.parse(from) < Date.parse(until)
      ? []
      : [{ message: 'must be later than "from"', path: ['environments', at, 'freeze', period, 'until'] }],
  );

const findRepeated = (names: readonly string[], at: number, path: ConfigProblem['path']): ConfigProblem[] =>
  names.indexOf(names[at] ?? '') < at ? [{ message: `"${names[at]}" is there twice`, path }] : [];
