// Measures `promptv abtest results` on assigned observations beside `promptv metrics summary` of the same log, in
// paired runs of whole processes: without a cache, and again with it. Build first.
//   node bench/abtest.mjs [--records 1000000] [--runs 5]
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { git, isolatedEnv, promptvPath } from './place.mjs';

const { values: flags } = parseArgs({
  options: { records: { type: 'string', default: '1000000' }, runs: { type: 'string', default: '5' } },
});
const [records, runs] = [Number(flags.records), Number(flags.runs)];
const days = 5;
const dayMs = 86_400_000;
const home = mkdtempSync(join(tmpdir(), 'promptv-abtest-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
const place = { cwd: join(home, 'repository'), env: isolatedEnv(home) };

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

const promptv = (args, allowed = [0]) => {
  const start = performance.now();
  const run = spawnSync(process.execPath, [promptvPath, ...args], {
    ...place,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const elapsedMs = performance.now() - start;
  if (!allowed.includes(run.status))
    throw new Error(`promptv ${args.join(' ')} ended with ${run.status}: ${run.stderr}`);
  return { elapsedMs, text: run.stdout };
};

mkdirSync(join(place.cwd, 'prompts'), { recursive: true });
git(place, 'init', '--quiet', '-b', 'main');
for (const text of ['Hello', 'Good morning']) {
  writeFileSync(join(place.cwd, 'prompts', 'greet.yaml'), `content: ${text}\n`);
  promptv(['save', 'greet']);
}
promptv(['promote', 'greet@1.0.0', '--env', 'production']);
const variants = ['--variant', 'control=1.0.0', '--variant', 'treatment=1.0.1'];
promptv(['abtest', 'create', 'tone', '--prompt', 'greet', ...variants, '--guardrail', 'error_rate:+2pp']);
promptv(['abtest', 'start', 'tone']);

/** Three records to five units on average: some have several, some none. */
const makeLine = (id, time) => {
  const unit = Math.floor(random() * records * 0.6);
  const variant = Math.imul(unit, 2_654_435_761) >>> 31 === 1 ? 'treatment' : 'control';
  const metrics = {
    latency_ms: Math.round(8000 * spread()) / 10,
    input_tokens: Math.round(400 * spread()),
    output_tokens: Math.round(150 * spread()),
    cost_usd: Math.round(1e4 * spread()) / 1e7,
    quality: Math.round(1000 * (1 - random() ** 2 / 2)) / 1000,
  };
  const version = variant === 'control' ? '1.0.0' : '1.0.1';
  const fields = {
    prompt: 'greet',
    version,
    environment: 'production',
    id: `r${id.toString(36).padStart(9, '0')}`,
  };
  const assigned = { experiment: 'tone', variant, unit: `user-${unit}`, model: 'gpt-4o-mini' };
  const status = random() < 0.03 ? 'error' : 'success';
  return `${JSON.stringify({ ts: new Date(time).toISOString(), ...fields, ...assigned, status, metrics })}\n`;
};

const log = join(place.cwd, '.promptv', 'metrics');
mkdirSync(log, { recursive: true });
const today = Math.floor(Date.now() / dayMs) * dayMs;
const past = new Date(Date.now() - 3_600_000);
for (let day = 0, id = 0; day < days; day += 1) {
  // After the experiment's start, so that the phase has them all.
  const start = today + (day + 1) * dayMs;
  const path = join(log, `${new Date(start).toISOString().slice(0, 10)}.jsonl`);
  const file = openSync(path, 'w');
  for (const last = Math.round(((day + 1) * records) / days); id < last; ) {
    let text = '\n';
    for (let batch = 0; batch < 2000 && id < last; batch += 1, id += 1)
      text += makeLine(id, start + (id % dayMs));
    writeSync(file, text);
  }
  closeSync(file);
  utimesSync(path, past, past);
}

const dropCache = () => rmSync(join(place.cwd, '.promptv', 'cache'), { recursive: true, force: true });
const summary = () => promptv(['metrics', 'summary', '--by', 'prompt,version', '--json']).elapsedMs;
const results = () => {
  const { elapsedMs, text } = promptv(['abtest', 'results', 'tone', '--json'], [0, 3]);
  const seen = JSON.parse(text).variants.reduce((sum, variant) => sum + variant.records, 0);
  if (seen !== records) throw new Error(`the results rest on ${seen} records of ${records}`);
  return elapsedMs;
};

const rounds = Array.from({ length: runs }, () => {
  dropCache();
  const summaryMs = summary();
  const summaryAgainMs = summary();
  dropCache();
  const resultsMs = results();
  return { summaryMs, summaryAgainMs, resultsMs, resultsAgainMs: results() };
});
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const ms = (name) => `${median(rounds.map((round) => round[name])).toFixed(0)} ms`;
const times = (a, b) => median(rounds.map((round) => round[a] / round[b])).toFixed(2);
process.stdout.write(
  [
    `${records.toLocaleString('en')} assigned observations, medians of ${runs} paired runs, Node ${process.version}`,
    '',
    '| whole process | summary | results | ratio | budget |',
    '| --- | --- | --- | --- | --- |',
    `| without a cache | ${ms('summaryMs')} | ${ms('resultsMs')} | ${times('resultsMs', 'summaryMs')} | 2 |`,
    `| again, with it | ${ms('summaryAgainMs')} | ${ms('resultsAgainMs')} | ${times('resultsAgainMs', 'summaryMs')} of the first summary | 2 |`,
    '',
  ].join('\n'),
);
