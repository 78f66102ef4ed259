import { gitlabCommentScript } from './comment-scripts.ts';
import { indentLines, nodeVersion, type PipelineSettings, pipelineName, quote } from './settings.ts';

/** Jobs for GitLab CI: checks on merge requests, versions on the default branch, promotions by hand. */
export const formatGitlabPipeline = (settings: PipelineSettings): string =>
  [
    head(settings),
    checkJobs(settings),
    versionJob(settings),
    ...settings.environments.map((environment) => promoteJob(settings, environment)),
    ...(settings.rollout ? [rolloutJob(settings)] : []),
  ].join('\n');

/** A pipeline of nothing but those jobs. */
export const formatGitlabRoot = (path: string): string => `include:\n  - local: ${quote(path)}\n`;

const head = (settings: PipelineSettings): string => `\
# Written by "promptv init --ci gitlab", which will not overwrite it: change it as you like. .gitlab-ci.yml includes it.
#
# Merge requests: lint and test the prompts, and compare them with the base. With PROMPTV_COMMENT_TOKEN (a token with
# the scope api, as a masked variable of the project) one comment is kept up to date; without it, and in forks, the
# comparison is an artifact of the job.
# Default branch: give changed prompts their versions (only tags are pushed), and promote, a job by hand for each
# environment: give the variable PROMPT, and REASON if you like, when you start it.
# Pushing needs Settings > CI/CD > Job token permissions > Allow Git push requests, or PROMPTV_PUSH_URL (protected and
# masked): https://NAME:TOKEN@HOST/PROJECT.git

.${pipelineName(settings)}:
  image: node:${nodeVersion}-bookworm
  stage: test
  needs: []
  variables:
    # An exact version, or any other package that npm installs, such as git+https://…#COMMIT.
    PROMPTV_PACKAGE: ${quote(settings.promptvPackage)}
    PROMPTV_DIRECTORY: ${quote(settings.directory.replaceAll('$', '$$$$') || '.')}
    GIT_DEPTH: "0" # the versions are tags
  before_script:
    - PROMPTV_PREFIX="$(mktemp -d)"
    - npm install --global --prefix "$PROMPTV_PREFIX" --no-audit --no-fund -- "$PROMPTV_PACKAGE"
    - export PATH="$PROMPTV_PREFIX/bin:$PATH"
    - cd "$PROMPTV_DIRECTORY"

.${pipelineName(settings)}-write:
  extends: .${pipelineName(settings)}
  variables:
    GIT_AUTHOR_NAME: $GITLAB_USER_NAME
    GIT_AUTHOR_EMAIL: $GITLAB_USER_EMAIL
    GIT_COMMITTER_NAME: $GITLAB_USER_NAME
    GIT_COMMITTER_EMAIL: $GITLAB_USER_EMAIL
  before_script:
    - !reference [.${pipelineName(settings)}, before_script]
    # GitLab checks out a commit; what is decided belongs to its branch.
    - git checkout --quiet -B "$CI_COMMIT_BRANCH" "$CI_COMMIT_SHA"
    - if [ -n "\${PROMPTV_PUSH_URL:-}" ]; then git remote set-url --push origin "$PROMPTV_PUSH_URL"; fi
  after_script:
    - if [ -n "\${PROMPTV_PUSH_URL:-}" ]; then git config --unset-all remote.origin.pushurl; fi
`;

const onMergeRequest = `\
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
`;

const reportPath = ({ directory }: PipelineSettings, file: string): string =>
  directory === '' ? file : `${directory}/${file}`;

const checkJobs = (settings: PipelineSettings): string => {
  const name = pipelineName(settings);
  return `\
${name}-lint:
  extends: .${name}
  interruptible: true
${onMergeRequest}\
  script:
    - promptv lint --reporter gitlab >promptv-lint.json || promptv lint
  artifacts:
    when: always
    reports:
      codequality: ${quote(reportPath(settings, 'promptv-lint.json'))}

${name}-test:
  extends: .${name}
  interruptible: true
${onMergeRequest}\
  script:
    - promptv test --pass-with-no-tests --reporter junit >promptv-test.xml || { status=$?; cat promptv-test.xml; exit "$status"; }
  artifacts:
    when: always
    reports:
      junit: ${quote(reportPath(settings, 'promptv-test.xml'))}

${name}-diff:
  extends: .${name}
  interruptible: true
${onMergeRequest}\
  script:
    - |
      status=0
      promptv diff --base "$CI_MERGE_REQUEST_DIFF_BASE_SHA" --format markdown --exit-code >promptv-diff.md || status=$?
      cat promptv-diff.md
      case "$status" in
        0) export CHANGED=false ;;
        3) export CHANGED=true ;;
        *) exit "$status" ;;
      esac
      if [ -z "\${PROMPTV_COMMENT_TOKEN:-}" ]; then exit 0; fi
      export REPORT=promptv-diff.md
      node - <<'JS'
${indentLines(gitlabCommentScript(settings), 6)}\
      JS
  artifacts:
    when: always
    expose_as: Prompts
    paths: [${quote(reportPath(settings, 'promptv-diff.md'))}]
`;
};

const versionJob = (settings: PipelineSettings): string => {
  const name = pipelineName(settings);
  return `\
${name}-version:
  extends: .${name}-write
  resource_group: ${name}-version
  rules:
    - if: $CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - subject=$(git log -1 --format=%s)
    - promptv save --push \${subject:+--message "$subject"}
`;
};

const promoteJob = (settings: PipelineSettings, environment: string): string => {
  const name = pipelineName(settings);
  return `\
${name}-promote-${environment}:
  extends: .${name}-write
  stage: deploy
  environment: ${quote(environment)}
  rules:
    - if: $CI_PIPELINE_SOURCE != "schedule" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
      when: manual
      allow_failure: true
  script:
    - promptv promote --env ${environment} --reason "\${REASON:-Run by hand}" --push -- "\${PROMPT:?give the variable PROMPT, such as support/triage@1.2.0}"
`;
};

const rolloutJob = (settings: PipelineSettings): string => {
  const name = pipelineName(settings);
  return `\
# Make a schedule for the default branch, such as every ten minutes, with the variable PROMPTV_ROLLOUT = 1.
${name}-rollout:
  extends: .${name}-write
  stage: deploy
  resource_group: ${name}-rollout
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule" && $PROMPTV_ROLLOUT && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    # Ends with 3, and so fails, when a rollout was paused or taken back.
    - promptv rollout tick --push
`;
};
