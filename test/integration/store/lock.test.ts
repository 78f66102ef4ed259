import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeDeadLock, withLock } from '../../../src/store/lock.ts';

const dead = { pid: 2 ** 22 + 1, host: hostname(), since: '2024-01-01T00:00:00.000Z' };
const options = { patienceMs: 5_000, now: () => new Date() };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'promptv-lock-'));
  path = join(folder, 'promptv.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

describe('withLock', () => {
  it('shows the lock to others with its holder in it, and leaves nothing behind', async () => {
    const seen = await withLock(path, options, async () => [readdirSync(folder), readFileSync(path, 'utf8')]);
    expect(seen).toEqual([['promptv.lock'], expect.stringContaining(`"pid":${process.pid}`)]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('lets one in at a time', async () => {
    let inside = 0;
    const counts = await Promise.all(
      Array.from({ length: 8 }, () =>
        withLock(path, options, async () => {
          inside += 1;
          const count = inside;
          await readFile(path);
          inside -= 1;
          return count;
        }),
      ),
    );
    expect(counts).toEqual(Array(8).fill(1));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes over at once what killed processes left, and clears it away', async () => {
    write('promptv.lock', JSON.stringify(dead));
    write('promptv.lock.takeover', JSON.stringify(dead));
    write(`promptv.lock.${dead.pid}-1`, '');
    expect(await withLock(path, options, async () => readdirSync(folder))).toEqual(['promptv.lock']);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a lock that stands', () => {
  const mine = { ...dead, pid: process.pid };

  it.runIf(existsSync('/proc/self/stat'))(
    'is of nobody when its number belongs to a process that started at another time',
    async () => {
      write('promptv.lock', JSON.stringify({ ...mine, processStart: '1' }));
      expect(await withLock(path, options, async () => readFileSync(path, 'utf8'))).not.toContain(dead.since);
    },
  );

  it.each([
    { what: 'of a process that lives', holder: mine },
    { what: 'of another machine, where the same number may live', holder: { ...dead, host: 'elsewhere' } },
  ])('$what is waited for, and the file to remove is named', async ({ holder }) => {
    write('promptv.lock', JSON.stringify(holder));
    const failure = await withLock(path, { ...options, patienceMs: 20 }, async () => null).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'LOCK_TIMEOUT', hint: expect.stringContaining(`rm "${path}"`) });
    expect(readdirSync(folder)).toEqual(['promptv.lock']);
  });
});

describe('removeDeadLock', () => {
  it('leaves a lock that another process took meanwhile', async () => {
    write('promptv.lock', JSON.stringify({ ...dead, since: '2024-01-01T00:00:01.000Z' }));
    await removeDeadLock(path, dead);
    expect(readdirSync(folder)).toEqual(['promptv.lock']);
  });
});
