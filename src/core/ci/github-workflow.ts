import { githubCommentScript } from './comment-scripts.ts';
import { indentLines, nodeVersion, type PipelineSettings, pipelineName, quote } from './settings.ts';

/** A workflow for GitHub Actions: checks on pull requests, versions on the default branch, promotions by hand. */
export const formatGithubWorkflow = (settings: PipelineSettings): string =>
  [
    head(settings),
    checkJob,
    diffJob(settings),
    versionJob,
    promoteJob,
    ...(settings.rollout ? [rolloutJob] : []),
  ].join('\n');

const head = (settings: PipelineSettings): string => `\
# Written by "promptv init --ci github", which will not overwrite it: change it as you like.
#
# Pull requests: lint and test the prompts, and compare them with the base in one comment that is kept up to date; for a
# fork, whose token may write nothing, in the summary of the run. No job here sees a secret.
# Push to the default branch: give changed prompts their versions. Only tags are pushed.
# Actions > promptv > Run workflow: promote. The job runs in the GitHub environment of that name, so that its protection
# rules hold.
name: ${pipelineName(settings)}

on:
  pull_request:
  push:
    branches: [${quote(settings.defaultBranch)}]
  workflow_dispatch:
    inputs:
      prompt:
        description: What to promote, such as support/triage or support/triage@1.2.0
        required: true
        type: string
      environment:
        description: Where it shall run
        required: true
        type: choice
        options: [${settings.environments.map(quote).join(', ')}]
      reason:
        description: Why
        required: false
        type: string
${settings.rollout ? schedule : ''}
permissions: {}

# A newer push to a pull request replaces its run; a promotion waits for no one, for promptv itself settles races.
concurrency:
  group: ${pipelineName(settings)}-\${{ github.event_name }}-\${{ github.event_name == 'workflow_dispatch' && github.run_id || github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}

env:
  # An exact version, or any other package that npm installs, such as git+https://…#COMMIT.
  PROMPTV_PACKAGE: ${quote(settings.promptvPackage)}

defaults:
  run:
    shell: bash
    working-directory: ${quote(settings.directory || '.')}

jobs:
`;

const schedule = `\
  schedule:
    - cron: "*/10 * * * *"
`;

// v5.0.0 of both.
const checkout = 'actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0';
const setupNode = 'actions/setup-node@a0853c24544627f65ddf259abe73b1d18a591444 # v5.0.0';

/** The first steps of a job; a read-only job leaves no token behind in the clone. */
const prepare = (access: 'reads' | 'pushes'): string => `\
      - uses: ${checkout}
        with:
          fetch-depth: 0 # the versions are tags
          persist-credentials: ${access === 'pushes'}
      - uses: ${setupNode}
        with:
          node-version: ${nodeVersion}
          package-manager-cache: false
      - name: Install promptv
        run: npm install --global --no-audit --no-fund -- "$PROMPTV_PACKAGE"
`;

const job = (name: string, condition: string, permissions: readonly string[]): string => `\
  ${name}:
    if: ${condition}
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    permissions:
${permissions.map((permission) => `      ${permission}\n`).join('')}`;

/** Who is named as the author of versions and decisions. */
const actor = `\
          GIT_AUTHOR_NAME: \${{ github.triggering_actor }}
          GIT_AUTHOR_EMAIL: \${{ github.triggering_actor }}@users.noreply.github.com
          GIT_COMMITTER_NAME: \${{ github.triggering_actor }}
          GIT_COMMITTER_EMAIL: \${{ github.triggering_actor }}@users.noreply.github.com
`;

const checkJob = `${job('check', "github.event_name == 'pull_request'", ['contents: read'])}\
    steps:
${prepare('reads')}\
      - name: Lint
        run: promptv lint --reporter github
      - name: Test
        if: success() || failure()
        run: promptv test --pass-with-no-tests --reporter github
`;

const diffJob = (settings: PipelineSettings): string => `\
  # Apart from the tests, because this job may write comments and they run what the branch says.
${job('diff', "github.event_name == 'pull_request'", ['contents: read', 'pull-requests: write'])}\
    steps:
${prepare('reads')}\
      - name: Compare with the base
        id: diff
        run: |
          # HEAD is the trial merge; its first parent is the base.
          status=0
          promptv diff --base 'HEAD^1' --format markdown --exit-code >"$RUNNER_TEMP/promptv-diff.md" || status=$?
          cat "$RUNNER_TEMP/promptv-diff.md" >>"$GITHUB_STEP_SUMMARY"
          case "$status" in
            0) echo changed=false >>"$GITHUB_OUTPUT" ;;
            3) echo changed=true >>"$GITHUB_OUTPUT" ;;
            *) exit "$status" ;;
          esac
      - name: Keep the comment up to date
        if: github.event.pull_request.head.repo.full_name == github.repository
        env:
          GITHUB_TOKEN: \${{ github.token }}
          PULL_REQUEST: \${{ github.event.pull_request.number }}
          CHANGED: \${{ steps.diff.outputs.changed }}
          REPORT: \${{ runner.temp }}/promptv-diff.md
        run: |
          node - <<'JS'
${indentLines(githubCommentScript(settings), 10)}\
          JS
`;

const versionJob = `${job('version', "github.event_name == 'push'", ['contents: write # pushes tags'])}\
    steps:
${prepare('pushes')}\
      - name: Version what changed
        env:
${actor}\
        run: |
          subject=$(git log -1 --format=%s)
          promptv save --push \${subject:+--message "$subject"}
`;

const promoteJob = `${job('promote', "github.event_name == 'workflow_dispatch'", [
  'contents: write # commits what runs',
])}\
    environment: \${{ inputs.environment }}
    steps:
${prepare('pushes')}\
      - name: Promote
        env:
          PROMPT: \${{ inputs.prompt }}
          ENVIRONMENT: \${{ inputs.environment }}
          REASON: \${{ inputs.reason }}
${actor}\
        run: promptv promote --env "$ENVIRONMENT" --reason "\${REASON:-Run by hand}" --push -- "$PROMPT"
`;

const rolloutJob = `${job('rollout', "github.event_name == 'schedule'", ['contents: write # commits the next step'])}\
    steps:
${prepare('pushes')}\
      - name: Carry rollouts on
        env:
          GIT_AUTHOR_NAME: github-actions[bot]
          GIT_AUTHOR_EMAIL: 41898282+github-actions[bot]@users.noreply.github.com
          GIT_COMMITTER_NAME: github-actions[bot]
          GIT_COMMITTER_EMAIL: 41898282+github-actions[bot]@users.noreply.github.com
        # Ends with 3, and so fails, when a rollout was paused or taken back.
        run: promptv rollout tick --push
`;
