import type { Repository } from './repository.ts';
import { type CheckedSignature, unsigned } from './signatures.ts';

/** Tags are verified so many a process: a command line holds no more on some systems. */
const batchSize = 200;

/**
 * The signatures of any number of tag objects, by id, each checked by git itself; few processes, and none for tags that
 * are not signed.
 */
export const readTagSignatures = async (
  repository: Repository,
  oids: readonly string[],
): Promise<ReadonlyMap<string, CheckedSignature>> => {
  const found = new Map<string, CheckedSignature>(oids.map((oid) => [oid, unsigned]));
  const signed: string[] = [];
  for (const oid of found.keys()) if (await hasSignature(repository, oid)) signed.push(oid);
  for (let at = 0; at < signed.length; at += batchSize) {
    const batch = signed.slice(at, at + batchSize);
    const blocks = await verifyTags(repository, batch);
    for (const [index, oid] of batch.entries()) found.set(oid, gradeBlock(blocks[index] ?? ''));
  }
  return found;
};

/** Only says what is worth verifying: anybody can write such a line. */
const hasSignature = async (repository: Repository, oid: string): Promise<boolean> => {
  const object = await repository.readObject(oid);
  return (
    object?.type === 'tag' && /\n-----BEGIN (?:PGP|SSH|SIGNED|CMS)/.test(object.content.toString('utf8'))
  );
};

/** A name that no tag can have. */
const divider = '..';

/**
 * What git says of each tag, in their order. `verify-tag` names no tag in its words, but complains of one that is not
 * there: that divides them (`error: tag '..' not found.`).
 */
const verifyTags = async (repository: Repository, oids: readonly string[]): Promise<readonly string[]> => {
  const names = oids.flatMap((oid) => [oid, divider]);
  const output = await repository.run(['verify-tag', '--raw', ...names], { accept: [1] });
  return output.stderr.split(`error: tag '${divider}' not found.`);
};

/**
 * As git grades a commit. ssh: `Good "git" signature for ada@example.com with …`, without `for` where no trusted person
 * has the key. gpg: `[GNUPG:] GOODSIG KEY NAME <MAIL>`, and how far that key is trusted.
 */
const gradeBlock = (block: string): CheckedSignature => {
  const ssh = /^Good "git" signature for (.+) with \S+ key /m.exec(block)?.[1];
  if (ssh !== undefined) return { state: 'good', principal: ssh };
  const gpg = [...block.matchAll(/^\[GNUPG:\] GOODSIG \S+ (.+)$/gm)];
  const isDoubted = /^\[GNUPG:\] (?:TRUST_(?:UNDEFINED|NEVER)|BADSIG|ERRSIG|EXPSIG|EXPKEYSIG|REVKEYSIG) /m;
  const signer = gpg.length === 1 && !isDoubted.test(block) ? gpg[0]?.[1] : undefined;
  if (signer !== undefined) return { state: 'good', principal: /<([^<>]+)>$/.exec(signer)?.[1] ?? signer };
  const isJudged =
    /^Good "git" signature with |^Could not verify|verification failed|\[GNUPG:\] (?:GOODSIG|BADSIG|EXPSIG|EXPKEYSIG|REVKEYSIG) /m;
  return { state: isJudged.test(block) ? 'bad' : 'unknown', principal: null };
};
