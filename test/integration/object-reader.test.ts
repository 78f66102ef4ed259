import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObjectReader } from '../../src/git/objects.ts';
import { createTempRepo, type TempRepo } from '../helpers/temp-repo.ts';

let repo: TempRepo;
let started = 0;

beforeAll(() => {
  repo = createTempRepo({ files: { 'big.txt': 'x'.repeat(1_000_000), 'small.txt': 'x' } });
});
afterAll(() => repo.remove());

const open = (): ObjectReader => {
  started = 0;
  return new ObjectReader(repo.dir, process.env, () => {
    started += 1;
  });
};

const sizeOf = async (reader: ObjectReader, revision: string): Promise<number | null> =>
  (await reader.read(revision))?.content.length ?? null;

describe('reading git objects', () => {
  it('answers all who wait when it is closed, and those who ask later', async () => {
    const reader = open();
    const asked = ['HEAD:big.txt', 'HEAD:none.txt', 'HEAD:small.txt'].map((path) => sizeOf(reader, path));
    reader.close();
    reader.close();
    expect(await Promise.all(asked)).toEqual([1_000_000, null, 1]);
    expect(started).toBe(1);
    const later = sizeOf(reader, 'HEAD:big.txt');
    reader.close();
    expect(await later).toBe(1_000_000);
    expect(started).toBe(2);
  });

  it('answers what is asked in the turn in which it was stopped', async () => {
    const reader = open();
    const stopped = reader.read('HEAD');
    reader.stop();
    const asked = sizeOf(reader, 'HEAD:small.txt');
    await expect(stopped).rejects.toMatchObject({ code: 'GIT_TIMEOUT' });
    expect(await asked).toBe(1);
    reader.close();
  });
});
