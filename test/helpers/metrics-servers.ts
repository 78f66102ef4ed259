import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from './loopback-server.ts';

/** A real server of metrics on this machine, with the samples that it was given. */
export interface MetricsServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Whether a program of the system is there; said aloud where it is not. In CI that is an error. */
export const hasProgram = (name: string): boolean => {
  if (spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined) return true;
  if (process.env.CI) throw new Error(`${name} is missing: apt-get install ${name}`);
  console.warn(`skipped: ${name} is missing; run "apt-get install ${name}"`);
  return false;
};

/** Prometheus, which scrapes the samples from an exporter. */
export const startPrometheus = async (samples: string): Promise<MetricsServer> => {
  const exporter = await startServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(samples);
  });
  const server = await startProgram((dir, port) => {
    const target = exporter.url.replace('http://', '');
    const config = `scrape_configs: [{job_name: t, scrape_interval: 200ms, scrape_timeout: 200ms, static_configs: [{targets: ["${target}"]}]}]\n`;
    writeFileSync(join(dir, 'prometheus.yml'), config);
    return [
      'prometheus',
      `--config.file=${dir}/prometheus.yml`,
      `--storage.tsdb.path=${dir}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
  });
  const stop = () => Promise.all([server.stop(), exporter.close()]).then(() => {});
  await waitFor(() => hasSeries(server.url), stop);
  return { ...server, stop };
};

/** VictoriaMetrics, to which the samples are pushed. */
export const startVictoriaMetrics = async (samples: string): Promise<MetricsServer> => {
  const server = await startProgram((dir, port) => [
    'victoria-metrics',
    `-storageDataPath=${dir}/data`,
    `-httpListenAddr=127.0.0.1:${port}`,
    '-search.latencyOffset=0s',
  ]);
  await waitFor(async () => {
    await fetch(`${server.url}/api/v1/import/prometheus`, { method: 'POST', body: samples });
    await fetch(`${server.url}/internal/force_flush`);
    return hasSeries(server.url);
  }, server.stop);
  return server;
};

const hasSeries = async (url: string): Promise<boolean> => {
  const response = await fetch(
    `${url}/api/v1/query?query=${encodeURIComponent('count({__name__=~"t_.+"})')}`,
  );
  return (await response.text()).includes('"value"');
};

const startProgram = async (
  argvFor: (dir: string, port: number) => readonly string[],
): Promise<MetricsServer> => {
  const dir = mkdtempSync(join(tmpdir(), 'promptv-metrics-'));
  const port = await freePort();
  const [program = '', ...args] = argvFor(dir, port);
  const child = spawn(program, args, { stdio: 'ignore' });
  return { url: `http://127.0.0.1:${port}`, stop: () => stopProgram(child, dir) };
};

const stopProgram = async (child: ChildProcess, dir: string): Promise<void> => {
  const ended = new Promise((resolve) => child.once('close', resolve));
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(dir, { recursive: true, force: true });
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const longestStartMs = 30_000;

/** Asks again until it is so. */
const waitFor = async (isSo: () => Promise<boolean>, giveUp: () => Promise<void>): Promise<void> => {
  for (const start = Date.now(); Date.now() - start < longestStartMs; ) {
    if (await isSo().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await giveUp();
  throw new Error('The server did not start.');
};
