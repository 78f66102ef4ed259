// Measures rollouts in paired runs of whole processes: `rollout tick` beside `metrics summary` of the same log after
// 1,000 more records, `get` while a rollout runs and `rollout abort` until the stable version is served, both beside
// `node -e 0`. Build first.
//   node bench/rollout.mjs [--records 1000000] [--runs 7]
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { git, isolatedEnv, promptvPath, timeProgram } from './place.mjs';

const { values: flags } = parseArgs({
  options: { records: { type: 'string', default: '1000000' }, runs: { type: 'string', default: '7' } },
});
const [records, runs] = [Number(flags.records), Number(flags.runs)];
const days = 5;
const dayMs = 86_400_000;
const home = mkdtempSync(join(tmpdir(), 'promptv-rollout-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
const place = { cwd: join(home, 'repository'), env: isolatedEnv(home) };
const where = ['greet', '--env', 'production'];

/** Mulberry32: the log is the same on every machine. */
const createRandom = (seed) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
const random = createRandom(7);
const spread = () => Math.exp(0.6 * (random() + random() + random() + random() - 2) * 1.7);

const promptv = (args) => {
  const start = performance.now();
  const run = spawnSync(process.execPath, [promptvPath, ...args], { ...place, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`promptv ${args.join(' ')} ended with ${run.status}: ${run.stderr}`);
  return { elapsedMs: performance.now() - start, text: run.stdout };
};

mkdirSync(join(place.cwd, 'prompts'), { recursive: true });
git(place, 'init', '--quiet', '-b', 'main');
writeFileSync(join(place.cwd, '.gitignore'), '.promptv/cache/\n.promptv/metrics/\n');
for (const text of ['Hello', 'Good morning']) {
  writeFileSync(join(place.cwd, 'prompts', 'greet.yaml'), `content: ${text}\n`);
  promptv(['save', 'greet']);
}
promptv(['promote', 'greet@1.0.0', '--env', 'production']);
promptv(['promote', 'greet@1.0.1', '--env', 'production', '--strategy', 'gradual', '--steps', '10:30d,100']);

/** The rollout as if it had begun days ago: the whole log lies in the window of its step. */
const today = Math.floor(Date.now() / dayMs) * dayMs;
const firstDay = today - days * dayMs;
const pointer = join(place.cwd, '.promptv/environments/production/greet.json');
const state = JSON.parse(readFileSync(pointer, 'utf8'));
const begun = new Date(firstDay).toISOString();
const { rollout } = state;
Object.assign(rollout, { since: begun, windowFrom: begun });
rollout.events = rollout.events.map((event) => ({ ...event, at: begun }));
writeFileSync(pointer, `${JSON.stringify(state, null, 2)}\n`);
git(place, 'add', '--all');
git(place, 'commit', '--quiet', '-m', 'Begin days ago');

/** Three records to five units on average: some have several, some none. */
const makeLine = (id, time) => {
  const unit = Math.floor(random() * records * 0.6);
  const version = (Math.imul(unit, 2_654_435_761) >>> 0) / 2 ** 32 < 0.1 ? '1.0.1' : '1.0.0';
  const metrics = {
    latency_ms: Math.round(8000 * spread()) / 10,
    input_tokens: Math.round(400 * spread()),
    output_tokens: Math.round(150 * spread()),
    cost_usd: Math.round(1e4 * spread()) / 1e7,
    quality: Math.round(1000 * (1 - random() ** 2 / 2)) / 1000,
  };
  const fields = {
    prompt: 'greet',
    version,
    environment: 'production',
    id: `r${id.toString(36).padStart(9, '0')}`,
  };
  const status = random() < 0.03 ? 'error' : 'success';
  const unitText = { unit: `user-${unit}`, model: 'gpt-4o-mini' };
  return `${JSON.stringify({ ts: new Date(time).toISOString(), ...fields, ...unitText, status, metrics })}\n`;
};

const log = join(place.cwd, '.promptv', 'metrics');
mkdirSync(log, { recursive: true });
const segmentOf = (time) => join(log, `${new Date(time).toISOString().slice(0, 10)}.jsonl`);
for (let day = 0, id = 0; day < days; day += 1) {
  const start = firstDay + day * dayMs;
  const file = openSync(segmentOf(start), 'w');
  for (const last = Math.round(((day + 1) * records) / days); id < last; ) {
    let text = '\n';
    for (let batch = 0; batch < 2000 && id < last; batch += 1, id += 1)
      text += makeLine(id, start + (id % dayMs));
    writeSync(file, text);
  }
  closeSync(file);
}

let appended = records;
const appendThousand = () => {
  let text = '\n';
  for (let index = 0; index < 1000; index += 1, appended += 1)
    text += makeLine(appended, Date.now() - 1000 + index);
  appendFileSync(segmentOf(Date.now()), text);
};

const summary = () => promptv(['metrics', 'summary', '--by', 'prompt,version', '--json']).elapsedMs;
const tick = () => {
  const { elapsedMs, text } = promptv(['rollout', 'tick', ...where, '--json']);
  const { outcome, checks } = JSON.parse(text);
  if (outcome !== 'waiting') throw new Error(`the tick ended ${outcome}`);
  const seen = checks[1].stable.n + checks[1].candidate.n;
  if (seen !== appended) throw new Error(`the gates rest on ${seen} records of ${appended}`);
  return elapsedMs;
};

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const node = () => timeProgram(process.execPath, ['-e', '0'], place);
const measure = (first, second) => {
  first();
  second();
  return Array.from({ length: runs }, (_, round) => {
    const turn = round % 2 === 0 ? [first, second] : [second, first];
    const times = new Map(turn.map((action) => [action, action()]));
    return { own: times.get(first), other: times.get(second) };
  });
};
const describe = (what, rounds, budget, beside) => {
  const ratio = median(rounds.map(({ own, other }) => own / other));
  const cells = [
    what,
    `${median(rounds.map(({ own }) => own)).toFixed(0)} ms`,
    `${beside} ${median(rounds.map(({ other }) => other)).toFixed(0)} ms`,
    ratio.toFixed(2),
    String(budget),
    ratio <= budget ? 'kept' : 'OVER',
  ];
  return `| ${cells.join(' | ')} |`;
};

const afterMore = (action) => () => {
  appendThousand();
  return action();
};
const ticks = measure(afterMore(tick), afterMore(summary));
const gets = measure(() => promptv(['get', ...where, '--key', 'user-1', '--json']).elapsedMs, node);
/** From the command's start: when its commit is made, and when a process that begins then has served the stable version. */
const abort = () => {
  const start = performance.now();
  promptv(['rollout', 'abort', ...where, '--emergency']);
  const decidedMs = performance.now() - start;
  const { text } = promptv(['get', ...where, '--key', 'user-1', '--json']);
  const servedMs = performance.now() - start;
  if (JSON.parse(text).version !== '1.0.0') throw new Error('not the stable version');
  promptv(['rollout', 'retry', ...where]);
  return { decidedMs, servedMs };
};
const decisions = measure(() => abort().decidedMs, node);
const aborts = measure(() => abort().servedMs, node);

process.stdout.write(
  [
    `Rollouts, ${records.toLocaleString('en')} records in the window of the step, medians of ${runs} paired runs, Node ${process.version}`,
    '',
    '| whole process | median | beside it | ratio | budget | verdict |',
    '| --- | --- | --- | --- | --- | --- |',
    describe('`rollout tick` after 1,000 more records', ticks, 1.2, '`metrics summary`'),
    describe('`get` of a unit while a rollout runs', gets, 2.5, '`node -e 0`'),
    describe(
      '`rollout abort`: from here on all who read are served the stable version',
      decisions,
      4,
      '`node -e 0`',
    ),
    describe('`rollout abort` and then a new process of `get`', aborts, 4, '`node -e 0`'),
    '',
  ].join('\n'),
);
