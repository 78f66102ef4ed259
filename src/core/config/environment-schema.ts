import * as v from 'valibot';
import { count, duration, environmentName, flag, key, line, lines, moment, requiredKey } from './values.ts';

const approvalStage = v.strictObject({
  name: requiredKey('Name of the stage.', environmentName),
  approvers: key(
    'Who may approve: e-mail addresses, or globs such as `*@example.com`; none listed: anybody.',
    lines,
    [],
  ),
  escalateTo: key('Who is named in the notice of an approval that is overdue.', lines, []),
  required: key('How many approvals the stage needs.', v.pipe(count, v.minValue(1, 'must be at least 1')), 1),
});

const freeze = v.strictObject({
  from: requiredKey('First moment of the freeze, ISO 8601.', moment),
  until: key('Moment at which it ends; `null`: until this entry is removed.', v.nullable(moment), null),
  reason: key('Why, shown to whoever is refused.', v.nullable(line), null),
});

/** What `freeze: true` stands for. */
const always: v.InferOutput<typeof freeze>[] = [{ from: '1970-01-01', until: null, reason: null }];

const freezes = v.optional(
  v.pipe(
    v.union([flag, v.array(freeze)], 'must be true, false or a list of periods'),
    v.description('Periods in which nothing is promoted; `true`: now, until it is taken back.'),
    v.transform((value) => (typeof value === 'boolean' ? (value ? always : []) : value)),
  ),
  [],
);

const testTarget = v.strictObject({
  provider: key('Provider to test with; `null`: `test.provider`.', v.nullable(line), null),
  model: key('Model to test with; `null`: the one of the prompt.', v.nullable(line), null),
});

/** One entry of `environments`. */
export const environmentSchema = v.strictObject({
  name: requiredKey('Name of the environment, as `--env` takes it.', environmentName),
  from: key(
    'The environment listed earlier in which a version must have run before; `null`: none.',
    v.nullable(environmentName),
    null,
  ),
  approvals: key('Stages of approval, all needed.', v.array(approvalStage), []),
  autoApprove: key(
    'Versions that need no approval: all (`true`), or those with at most this impact.',
    v.union([flag, v.picklist(['patch', 'minor'])], 'must be true, false, patch or minor'),
    false,
  ),
  approvalAge: key('A pending approval older than this is overdue.', duration, '24h'),
  allowSelfApproval: key('An author of a version may approve it.', flag, false),
  deployers: key('E-mail addresses of those who may promote; none listed: anybody.', lines, []),
  requires: key(
    'Names of the checks that a version must have passed; one that does not exist is an error.',
    lines,
    [],
  ),
  signed: key(
    'Approvals and promotions must be commits that `git verify-commit` accepts, signed by who made them.',
    flag,
    false,
  ),
  freeze: freezes,
  strategy: key(
    'How a promotion is delivered: `immediate`, `blue-green`, or a preset of `rollouts` (`gradual`, `canary`, `quick`).',
    line,
    'immediate',
  ),
  sla: key('How long a rollback may take.', duration, '30s'),
  test: key('What `test` runs against here.', testTarget, {}),
});
