import * as v from 'valibot';
import { bumps } from '../version/bump.ts';
import { abtestSchema } from './abtest-schema.ts';
import { alertSchema } from './alert-schema.ts';
import { environmentSchema } from './environment-schema.ts';
import { lintSchema } from './lint-schema.ts';
import { notifySchema } from './notify-schema.ts';
import { rolloutsSchema } from './rollout-schema.ts';
import { testSchema } from './test-schema.ts';
import {
  amount,
  branch,
  count,
  duration,
  flag,
  innerPath,
  key,
  line,
  lines,
  preid,
  recordOf,
  refPath,
  regularExpression,
  remote,
  requiredKey,
} from './values.ts';

const finite = v.pipe(v.number(), v.finite('must be finite'));

const bump = v.picklist([...bumps, 'auto']);

const price = v.strictObject({
  inputUsdPerMillionTokens: requiredKey('Price of input.', amount),
  outputUsdPerMillionTokens: requiredKey('Price of output.', amount),
  cachedInputUsdPerMillionTokens: key(
    'Price of input from the cache of the provider; `null`: as other input.',
    v.nullable(amount),
    null,
  ),
});

const budget = v.strictObject({
  min: key('Lowest value that is allowed.', v.nullable(finite), null),
  max: key('Highest value that is allowed.', v.nullable(finite), null),
});

const metrics = {
  dir: key(
    'Directory of the metrics log, which may lie on a shared disk; PROMPTV_METRICS_DIR goes before it.',
    line,
    '.promptv/metrics',
  ),
  writer: key(
    'Part of the names of the log files this writer appends to; `null`: one file a day for all.',
    v.nullable(
      v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must have letters, digits, "-" and "_" only')),
    ),
    null,
  ),
  fsync: key('Wait until each record is on the disk, so that it survives a power cut.', flag, false),
  directions: key('Metric → which values of it are better.', recordOf(v.picklist(['higher', 'lower'])), {}),
  capture: key(
    'Texts that are recorded beside the numbers: both (`true`), none (`false`), or those listed.',
    v.union([v.boolean(), v.array(v.picklist(['input', 'output']))]),
    false,
  ),
  mask: key(
    'Regular expressions; what they match in captured texts is masked.',
    v.array(regularExpression),
    [],
  ),
  budgets: key('Metric → the bounds that its sum over a UTC day must keep.', recordOf(budget), {}),
};

const positive = v.pipe(count, v.minValue(1, 'must be at least 1'));

const network = {
  timeout: key('How long one request may take.', duration, '30s'),
  retries: key('How often a failed request is tried again.', count, 2),
  breaker: key(
    'When requests to a host that fails are not tried any more.',
    v.strictObject({
      failures: key('Failures in a row that open the circuit.', positive, 5),
      cooldown: key('How long it stays open.', duration, '60s'),
      successes: key('Successes in a row after that which close it.', positive, 3),
    }),
    {},
  ),
};

/** The whole configuration. Every key has a meaning and a default; docs and editor schema are made from it. */
export const configSchema = v.strictObject({
  prompts: key(
    'Where the prompts are.',
    v.strictObject({
      dir: key('Directory of the prompts, below the workspace.', innerPath, 'prompts'),
      include: key(
        'Globs below `prompts.dir` of the files that are prompts; none: every YAML and JSON file.',
        lines,
        [],
      ),
      exclude: key('Globs below `prompts.dir` of files that are none.', lines, []),
    }),
    {},
  ),
  tagPrefix: key('Namespace of the tags; each workspace of a repository needs its own.', refPath, 'prompts'),
  bump: key(
    'How numbers grow.',
    v.strictObject({
      branches: key(
        'Branch or glob → bump. When set, other branches get `patch`; otherwise the impact decides.',
        recordOf(bump),
        {},
      ),
      strict: key('Refuse a bump below the impact instead of warning.', flag, false),
      preid: key('Identifier of pre-releases.', preid, 'rc'),
    }),
    {},
  ),
  releaseBranches: key('Globs; when set, other branches give pre-releases named after them.', lines, []),
  requireMessage: key('Every version needs a message.', flag, false),
  commit: key(
    'The commits that `save` makes.',
    v.strictObject({
      subject: key('Subject; `{prompts}` stands for the names.', line, 'Save {prompts}'),
      signoff: key('Add a Signed-off-by line.', flag, false),
    }),
    {},
  ),
  push: key(
    'Pushing.',
    v.strictObject({
      auto: key(
        'Push without `--push`: always (`true`), never (`false`), or in CI only (`ci`).',
        v.union([v.boolean(), v.literal('ci')], 'must be true, false or "ci"'),
        false,
      ),
      remote: key('The remote to push to and to ask.', remote, 'origin'),
    }),
    {},
  ),
  state: key(
    'Where environments, approvals, annotations and experiments live.',
    v.strictObject({
      branch: key('A branch for them alone; `null`: the one that is checked out.', v.nullable(branch), null),
    }),
    {},
  ),
  environments: key(
    'The environments in their order; the last one is production.',
    v.pipe(v.array(environmentSchema), v.minLength(1, 'must have at least one environment')),
    [{ name: 'development', autoApprove: true }, { name: 'staging' }, { name: 'production' }],
  ),
  metrics: key('The metrics log.', v.strictObject(metrics), {}),
  prices: key('Model → what its tokens cost.', recordOf(price), {}),
  alerts: key(
    'Name → condition on metrics, beside the built-in ones of docs/metrics-judgement.md.',
    recordOf(alertSchema),
    {},
  ),
  abtest: key('Defaults of experiments.', abtestSchema, {}),
  rollouts: key('Gradual delivery.', rolloutsSchema, {}),
  lint: key('What `lint` asks for.', lintSchema, {}),
  test: key('Settings of `test`.', testSchema, {}),
  hooks: key(
    'What git hooks do.',
    v.strictObject({
      saveBranches: key(
        'Globs of the branches on which the hook after a commit versions the prompts in it; none: nowhere.',
        lines,
        [],
      ),
    }),
    {},
  ),
  network: key('Connections that the tool opens itself.', v.strictObject(network), {}),
  notify: key(
    'Name → where events are sent, by `rollout`, `watch` and `--notify` alone.',
    recordOf(notifySchema),
    {},
  ),
});

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** The configuration in force: every key is there. */
export type Config = DeepReadonly<v.InferOutput<typeof configSchema>>;

/** One entry of `environments`. */
export type EnvironmentConfig = Config['environments'][number];
