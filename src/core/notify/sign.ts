import { createHmac } from 'node:crypto';

/** What is signed. */
interface SignedMessage {
  readonly id: string;
  /** Seconds since 1970: a receiver refuses old ones, so that nobody can send them again. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The headers of Standard Webhooks (standardwebhooks.com): `v1,` and the base64 of HMAC-SHA256 over `ID.TIMESTAMP.BODY`.
 * A key that begins with `whsec_` is base64 after that; any other is taken as it is. Without a key nothing is signed.
 */
export const signMessage = (
  { id, timestamp, body }: SignedMessage,
  key: string | null,
): Readonly<Record<string, string>> => {
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp) };
  if (key === null) return headers;
  const bytes = key.startsWith('whsec_') ? Buffer.from(key.slice(6), 'base64') : Buffer.from(key);
  const signature = createHmac('sha256', bytes).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...headers, 'webhook-signature': `v1,${signature}` };
};
