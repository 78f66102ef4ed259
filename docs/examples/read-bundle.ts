// Run by the tests: node read-bundle.js BUNDLE ENVIRONMENT
import { type ClientPrompt, createClient } from 'promptv/client';

const [bundle = 'prompts.bundle.json', environment = 'production'] = process.argv.slice(2);
const client = await createClient({ bundle, environment });

const invoicePrompt = (invoiceText: string, locale: string): ClientPrompt =>
  client.get('extraction/invoice', { variables: { invoiceText, locale } });

const { messages, document, prompt, version, contentHash } = invoicePrompt('Invoice 7: 12 EUR', 'de-DE');
// What goes to the model, and beside the answer in the log: which text it was.
console.log(JSON.stringify({ model: document.model, messages, prompt, version, contentHash }));
