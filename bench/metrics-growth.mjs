// How time and memory of `metrics summary` grow with the log, DuckDB beside it. Build first.
//   node bench/metrics-growth.mjs [--sizes 10000,100000,1000000,10000000] [--runs 3]
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: flags } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,100000,1000000,10000000' },
    runs: { type: 'string', default: '3' },
  },
});
const bench = fileURLToPath(new URL('metrics.mjs', import.meta.url));

const rows = flags.sizes.split(',').map((records) => {
  const args = [bench, '--records', records, '--runs', flags.runs, '--json'];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (run.status !== 0) throw new Error(`the run of ${records} records failed`);
  const { bytes, steps } = JSON.parse(run.stdout);
  const seconds = (name) => (steps[name].ms / 1000).toFixed(2);
  const cells = [
    Number(records).toLocaleString('en'),
    `${(bytes / 1e6).toFixed(0)} MB`,
    ...['database', 'first', 'again', 'more', 'command'].map(seconds),
    ...['database', 'first'].map((name) => steps[name].mib?.toFixed(0) ?? ''),
  ];
  process.stderr.write(`${cells.join('  ')}\n`);
  return `| ${cells.join(' | ')} |`;
});
process.stdout.write(
  `${[
    `Seconds of whole processes, medians of ${flags.runs} runs; ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`,
    '',
    '| records | log | DuckDB | first | again | after 1,000 more | command, first | DuckDB MiB | first MiB |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')}\n`,
);
