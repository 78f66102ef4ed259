import { commentMark, type PipelineSettings } from './settings.ts';

interface CommentApi {
  /** Expressions of JavaScript, in which `call(METHOD, PATH, BODY)` asks the host. */
  readonly base: string;
  readonly authorization: string;
  readonly prepare?: string;
  readonly list: string;
  readonly isOurs: string;
  readonly create: string;
  readonly update: string;
}

/**
 * A script for Node that keeps one comment on a change up to date. It writes none where no prompt changed; where the
 * host refuses, it says so and ends well, for the summary has the text too.
 */
const formatScript = (api: CommentApi, settings: PipelineSettings): string => `\
const { readFileSync } = require('node:fs');
const env = process.env;
const mark = ${JSON.stringify(commentMark(settings))};
const call = async (method, path, body) => {
  const headers = { ${api.authorization}, 'content-type': 'application/json' };
  const answer = await fetch(\`${api.base}/\${path}\`, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(\`\${method} \${path.replace(/\\?.*/, '')}: \${answer.status}\`);
  return answer.json();
};
const main = async () => {
${api.prepare ? `  ${api.prepare}\n` : ''}\
  let own;
  for (let page = 1, isLast = false; !own && !isLast; page += 1) {
    const found = await call('GET', \`${api.list}?per_page=100&page=\${page}\`);
    own = found.find(({ body, ...comment }) => body?.startsWith(mark) && ${api.isOurs});
    isLast = found.length < 100;
  }
  if (!own && env.CHANGED !== 'true') return;
  const body = \`\${mark}\\n\${readFileSync(env.REPORT, 'utf8')}\`;
  if (own) await ${api.update};
  else await ${api.create};
};
main().catch((error) => console.log(\`No comment was written: \${error.message}\`));
`;

/** For GitHub: needs GITHUB_TOKEN, PULL_REQUEST, CHANGED and REPORT beside the runner's own variables. */
export const githubCommentScript = (settings: PipelineSettings): string =>
  formatScript(
    {
      base: `\${env.GITHUB_API_URL}/repos/\${env.GITHUB_REPOSITORY}`,
      authorization: `authorization: \`Bearer \${env.GITHUB_TOKEN}\``,
      list: `issues/\${env.PULL_REQUEST}/comments`,
      isOurs: `comment.user?.type === 'Bot'`,
      create: `call('POST', \`issues/\${env.PULL_REQUEST}/comments\`, { body })`,
      update: `call('PATCH', \`issues/comments/\${own.id}\`, { body })`,
    },
    settings,
  );

/** For GitLab: needs PROMPTV_COMMENT_TOKEN, CHANGED and REPORT beside the runner's own variables. */
export const gitlabCommentScript = (settings: PipelineSettings): string => {
  const notes = `projects/\${env.CI_MERGE_REQUEST_PROJECT_ID}/merge_requests/\${env.CI_MERGE_REQUEST_IID}/notes`;
  return formatScript(
    {
      base: `\${env.CI_API_V4_URL}`,
      authorization: `'private-token': env.PROMPTV_COMMENT_TOKEN`,
      prepare: `const me = await call('GET', 'user');`,
      list: notes,
      isOurs: 'comment.author?.id === me.id',
      create: `call('POST', \`${notes}\`, { body })`,
      update: `call('PUT', \`${notes}/\${own.id}\`, { body })`,
    },
    settings,
  );
};
