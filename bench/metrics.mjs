// Measures the metrics log: a first summary, the same again, and one after 1,000 more records, each as a whole
// process, beside DuckDB answering the same question from Node, and through the command. Build first.
//   node bench/metrics.mjs [--records 1000000] [--days 30] [--runs 5] [--dir DIR] [--duckdb MODULE] [--json]
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values: flags } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    days: { type: 'string', default: '30' },
    runs: { type: 'string', default: '5' },
    dir: { type: 'string' },
    duckdb: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const records = Number(flags.records);
const days = Number(flags.days);
const runs = Number(flags.runs);
const dayMs = 86_400_000;
const firstDay = Date.UTC(2026, 0, 1);

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
const pick = (list) => list[Math.floor(random() * list.length)];
const spread = () => Math.exp(0.6 * (random() + random() + random() + random() - 2) * 1.7);

const prompts = [
  'support/triage',
  'support/reply',
  'sql/generate',
  'reports/weekly',
  'rag/answer',
  'data/validate',
];
const versions = ['1.0.0', '1.1.0', '1.2.0', '2.0.0'];
const models = ['gpt-4o-mini', 'gpt-4o', 'claude-3-5-haiku'];
const regions = ['eu-west-1', 'us-east-1'];

const makeLine = (time, id) => {
  const isError = random() < 0.03;
  const input = Math.round(400 * spread());
  const output = Math.round(150 * spread());
  const metrics = {
    latency_ms: Math.round(8000 * spread()) / 10,
    input_tokens: input,
    output_tokens: output,
    cost_usd: Math.round(input * 1.5 + output * 6) / 1e7,
    quality: Math.round(1000 * (1 - random() ** 2 / 2)) / 1000,
  };
  const record = {
    ts: new Date(time).toISOString(),
    prompt: pick(prompts),
    version: pick(versions),
    environment: random() < 0.8 ? 'production' : 'staging',
    id: `r${id.toString(36).padStart(9, '0')}`,
    model: pick(models),
    region: pick(regions),
    status: isError ? 'error' : 'success',
    ...(isError ? { error: pick(['timeout', 'rate_limit', 'invalid_json']) } : {}),
    metrics,
  };
  return `${JSON.stringify(record)}\n`;
};

/** Records spread evenly over the days; one in a hundred repeats the id of an earlier record of its day. */
const writeLog = (directory) => {
  mkdirSync(directory, { recursive: true });
  const perDay = Math.ceil(records / days);
  for (let day = 0, id = 0; day < days; day += 1) {
    const name = new Date(firstDay + day * dayMs).toISOString().slice(0, 10);
    const file = openSync(join(directory, `${name}.jsonl`), 'w');
    const start = id;
    for (let index = 0; index < perDay && id < records; ) {
      let text = '\n';
      for (let batch = 0; batch < 2000 && index < perDay && id < records; batch += 1, index += 1, id += 1) {
        const repeated = random() < 0.01 && id > start ? start + Math.floor(random() * (id - start)) : id;
        text += makeLine(firstDay + day * dayMs + Math.floor((index / perDay) * dayMs), repeated);
      }
      writeSync(file, text);
    }
    closeSync(file);
  }
};

const appendRecords = (directory, count, firstId) => {
  const name = new Date(firstDay + (days - 1) * dayMs).toISOString().slice(0, 10);
  let text = '\n';
  for (let index = 0; index < count; index += 1)
    text += makeLine(firstDay + days * dayMs - 1 - index, firstId + index);
  appendFileSync(join(directory, `${name}.jsonl`), text);
};

const root = fileURLToPath(new URL('..', import.meta.url));
const work = flags.dir ?? mkdtempSync(join(tmpdir(), 'promptv-bench-'));
const log = join(work, 'log');
const cache = join(work, 'cache');
const percentiles = [0.25, 0.5, 0.75, 0.95, 0.99];

const ours = join(work, 'ours.mjs');
await build({
  stdin: {
    contents: `
      import { openMetricsLog } from './src/store/metrics-log/source.ts';
      const log = openMetricsLog({ directory: process.argv[2] }, { cacheDirectory: process.argv[3] });
      const summary = await log.summarize({ by: ['prompt', 'version'], percentiles: ${JSON.stringify(percentiles)} });
      process.stdout.write(JSON.stringify(summary));
      process.stderr.write(String(process.resourceUsage().maxRSS));
    `,
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.11',
  minify: true,
  outfile: ours,
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'error',
});

const findDuckdb = () => {
  try {
    return flags.duckdb ?? createRequire(import.meta.url).resolve('@duckdb/node-api');
  } catch {
    return null;
  }
};
const duckdb = findDuckdb();
const theirs = join(work, 'duckdb.mjs');
const names = ['latency_ms', 'input_tokens', 'output_tokens', 'cost_usd', 'quality'];
const quantileList = `[${percentiles.join(', ')}]`;
if (duckdb !== null)
  writeFileSync(
    theirs,
    `import api from ${JSON.stringify(pathToFileURL(duckdb).href)};
    const connection = await (await api.DuckDBInstance.create(':memory:')).connect();
    await connection.run(\`
      CREATE TEMP TABLE log AS
      SELECT ts::DATE AS day, id, prompt, version, status, ${names.map((name) => `metrics.${name} AS ${name}`).join(', ')}
      FROM read_json('\${process.argv[2]}/*.jsonl', format = 'newline_delimited', columns = {
        ts: 'TIMESTAMP', prompt: 'VARCHAR', version: 'VARCHAR', id: 'VARCHAR', status: 'VARCHAR',
        metrics: 'STRUCT(${names.map((name) => `${name} DOUBLE`).join(', ')})'})\`);
    const reader = await connection.runAndReadAll(\`
      SELECT prompt, version, count(*), count(*) FILTER (status = 'error'),
        ${names.map((name) => `count(${name}), sum(${name}), avg(${name}), stddev(${name}), min(${name}), max(${name}), quantile_cont(${name}, ${quantileList})`).join(',\n        ')}
      FROM log WHERE rowid IN (SELECT min(rowid) FROM log GROUP BY day, id) GROUP BY ALL ORDER BY ALL\`);
    process.stdout.write(JSON.stringify(reader.getRowsJson()));
    process.stderr.write(String(process.resourceUsage().maxRSS));`,
  );

const time = (script, ...args) => {
  const start = process.hrtime.bigint();
  const run = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(run.stderr);
  return {
    ms: Number(process.hrtime.bigint() - start) / 1e6,
    mib: Number(run.stderr) / 1024,
    text: run.stdout,
  };
};
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
if (!existsSync(log)) writeLog(log);
// A log that is still warm from its writing would have to be verified; one of past days is not.
const past = new Date(Date.now() - 3_600_000);
for (const name of readdirSync(log)) utimesSync(join(log, name), past, past);
const bytes = readdirSync(log).reduce((sum, name) => sum + statSync(join(log, name)).size, 0);

const empty = join(work, 'empty.mjs');
writeFileSync(empty, 'process.stderr.write("0");');

/** Throws when the two have not answered the same question: groups, records and sums must agree. */
const compareAnswers = (summary, rows) => {
  const sumOf = (row) => Number(row[5]);
  const agree = summary.groups.every(({ key, records: count, metrics }, index) => {
    const row = rows[index] ?? [];
    const isSum = Math.abs(sumOf(row) - metrics.latency_ms.sum) <= 1e-9 * metrics.latency_ms.sum;
    const medians = Math.abs(row[10][1] - metrics.latency_ms.quantiles[1]) <= 1e-9 * row[10][1];
    return row[0] === key.prompt && row[1] === key.version && Number(row[2]) === count && isSum && medians;
  });
  if (!agree || rows.length !== summary.groups.length) throw new Error('DuckDB answers something else');
};

const program = join(root, 'bin', 'promptv.js');
const repository = join(work, 'repository');
if (!existsSync(repository)) {
  mkdirSync(repository);
  spawnSync('git', ['init', '--quiet'], { cwd: repository });
}

/** The command as people type it; its cache is that of the repository. */
const timeCommand = () => {
  const start = process.hrtime.bigint();
  const run = spawnSync(
    process.execPath,
    [program, 'metrics', 'summary', '--by', 'prompt,version', '--json'],
    {
      cwd: repository,
      env: { ...process.env, PROMPTV_METRICS_DIR: log },
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  if (run.status !== 0) throw new Error(run.stderr);
  return { ms: Number(process.hrtime.bigint() - start) / 1e6, mib: Number.NaN, text: run.stdout };
};

const rounds = [];
for (let run = 0; run < runs; run += 1) {
  rmSync(cache, { recursive: true, force: true });
  rmSync(join(repository, '.promptv'), { recursive: true, force: true });
  const node = time(empty);
  const first = time(ours, log, cache);
  const again = time(ours, log, cache);
  if (again.text !== first.text) throw new Error('the second answer differs');
  const database = duckdb === null ? null : time(theirs, log);
  const command = timeCommand();
  const commandAgain = timeCommand();
  if (commandAgain.text !== command.text) throw new Error('the second answer of the command differs');
  if (database !== null) compareAnswers(JSON.parse(first.text), JSON.parse(database.text));
  appendRecords(log, 1000, Date.now() * 1000);
  const more = time(ours, log, cache);
  const commandMore = timeCommand();
  rounds.push({ node, first, again, more, database, command, commandAgain, commandMore });
}

const ms = (name) => median(rounds.map((round) => round[name]?.ms ?? Number.NaN));
const ratio = (a, b) =>
  median(rounds.map((round) => (round[a]?.ms ?? Number.NaN) / (round[b]?.ms ?? Number.NaN)));
const mib = (name) => median(rounds.map((round) => round[name]?.mib ?? Number.NaN));
const row = (what, name, relation, budget) =>
  `| ${what} | ${ms(name).toFixed(0)} | ${Number.isNaN(mib(name)) ? '' : mib(name).toFixed(0)} | ${relation} | ${budget} |`;
const steps = ['node', 'database', 'first', 'again', 'more', 'command', 'commandAgain', 'commandMore'];
const report = flags.json
  ? JSON.stringify({
      records,
      bytes,
      steps: Object.fromEntries(steps.map((name) => [name, { ms: ms(name), mib: mib(name) }])),
    })
  : `${[
      `${records.toLocaleString('en')} records in ${days} segments, ${(bytes / 1e6).toFixed(0)} MB, medians of ${runs} runs; ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`,
      '',
      '| whole process | ms | MiB | ratio | budget |',
      '| --- | --- | --- | --- | --- |',
      row('node, nothing', 'node', '', ''),
      ...(duckdb === null ? [] : [row('DuckDB', 'database', '', '')]),
      row(
        'first summary',
        'first',
        `${ratio('first', 'database').toFixed(2)} × DuckDB`,
        '1.4 (goal 1.0), 300 MiB',
      ),
      row('the same again', 'again', `${(100 * ratio('again', 'first')).toFixed(0)} % of the first`, '20 %'),
      row('after 1,000 more', 'more', `${(100 * ratio('more', 'first')).toFixed(0)} % of the first`, '25 %'),
      row(
        '`promptv metrics summary`, first',
        'command',
        `${ratio('command', 'database').toFixed(2)} × DuckDB`,
        '1.4 (goal 1.0)',
      ),
      row(
        'the same again',
        'commandAgain',
        `${(100 * ratio('commandAgain', 'command')).toFixed(0)} % of the first`,
        '20 %',
      ),
      row(
        'after 1,000 more',
        'commandMore',
        `${(100 * ratio('commandMore', 'command')).toFixed(0)} % of the first`,
        '25 %',
      ),
    ].join('\n')}`;
process.stdout.write(`${report}\n`);
if (flags.dir === undefined) rmSync(work, { recursive: true, force: true });
