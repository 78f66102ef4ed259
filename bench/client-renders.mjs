// Prints the milliseconds that 200,000 renders of a two-variable prompt take in the client, once it is warm.
import { createClient } from '../dist/client.js';
import { loadProduct } from './load-product.mjs';

const document = {
  messages: [
    {
      role: 'system',
      content: 'You triage messages for the support desk of {{product}}. Answer in one word.',
    },
    { role: 'user', content: '<customer_message>\n{{message}}\n</customer_message>' },
  ],
  variables: [
    { name: 'message', type: 'string', maxLength: 8000 },
    { name: 'product', type: 'string', default: 'the product' },
  ],
};
const { contentHash, makeBundle } = await loadProduct();
const hash = contentHash(document);
const bundle = makeBundle({
  commit: null,
  environments: { production: { triage: { version: '1.0.0', contentHash: hash } } },
  prompts: { triage: { '1.0.0': { contentHash: hash, document, pins: [] } } },
});
const client = await createClient({ bundle, environment: 'production' });

const timeRenders = (count) => {
  const start = performance.now();
  for (let at = 0; at < count; at += 1) {
    const variables = { message: `I was charged twice, ${at} times.`, product: 'Acme' };
    if (client.get('triage', { variables }).messages.length !== 2) throw new Error('no messages');
  }
  return performance.now() - start;
};

timeRenders(20_000);
process.stdout.write(`${timeRenders(200_000)}\n`);
