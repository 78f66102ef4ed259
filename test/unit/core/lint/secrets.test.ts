import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { mayHoldSecret } from '../../../../src/core/lint/secret-hint.ts';
import { findSecrets } from '../../../../src/core/lint/secrets.ts';

const letters = 'aB3dE6gH9kLmN2pQ5sTuV8xYz1C4fJ7rW0';
const take = (count: number): string => letters.repeat(4).slice(0, count);
const digits = (count: number): string => '204816357'.repeat(3).slice(0, count);

const keyLines = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l']
  .map((seed) => `MI${createHash('sha384').update(seed).digest('base64').slice(2)}\n`)
  .join('');

/** Put together here, so that nobody who searches these files takes them for secrets. */
const secrets: Readonly<Record<string, string>> = {
  anthropic: `${'sk-ant'}-api03-${take(93)}AA`,
  aws: `${'AKIA'}IOSFODNN7EXAMPLQ and AWS_SECRET_ACCESS_KEY="${take(40)}"`,
  'an address': `${'https'}://user:${take(12)}@example.org/`,
  'a database': `${'postgres'}://user:${take(12)}@db.example.org:5432/shop`,
  github: `${'ghp'}_${take(36)}`,
  npm: `${'//registry.npmjs.org/:_auth'}Token=npm_${take(36)}`,
  openai: `${'sk'}-${take(20)}${'T3BlbkFJ'}${take(20)}`,
  'a key': `${'-----BEGIN'} RSA PRIVATE KEY-----\n${keyLines}-----END RSA PRIVATE KEY-----`,
  sendgrid: `${'SG'}.${take(22)}.${take(43)}`,
  slack: `${'xoxb'}-${digits(12)}-${digits(12)}-${take(24)}`,
  shopify: `${'shpat'}_${'0a1b2c3d4e5f6789'.repeat(2)}`,
};

it.each(Object.entries(secrets))('a secret of %s is found, and hinted at', async (_, secret) => {
  const text = `content: Answer with ${secret}\n`;
  expect(await findSecrets(text, 'prompts/a.yaml')).not.toEqual([]);
  expect(mayHoldSecret(text)).toBe(true);
});

it.each([
  'partials: team-00/shared/prompt-0007',
  'date: 2026-11-20T10',
  'Answer the customer; a-name-of-many-words is one.',
  '----------------------------------------',
])('"%s" holds no secret, and nothing is loaded to see that', async (text) => {
  expect(mayHoldSecret(text)).toBe(false);
  expect(await findSecrets(text, 'prompts/a.yaml')).toEqual([]);
});
