import { createHash } from 'node:crypto';
import type { PromptDocument } from '../prompt/document.ts';
import { documentTemplates } from '../template/template.ts';
import type { Finding } from './finding.ts';

interface NamedDocument {
  readonly name: string;
  readonly parsed: { readonly document: PromptDocument | null };
}

/** Shorter texts repeat by chance. */
const worthComparing = 40;

/** For every prompt whose text another one has too, white space and case aside: the finding that names the first. */
export const findDuplicates = (prompts: readonly NamedDocument[]): Map<string, Finding[]> => {
  const first = new Map<string, string>();
  const findings = new Map<string, Finding[]>();
  for (const { name, parsed } of prompts) {
    if (parsed.document === null) continue;
    const text = documentTemplates(parsed.document)
      .map((template) => template.text.replace(/\s+/g, ' ').trim().toLowerCase())
      .join('\n');
    if (text.length < worthComparing) continue;
    const digest = createHash('sha256').update(text).digest('base64');
    const earlier = first.get(digest);
    if (earlier === undefined) first.set(digest, name);
    else {
      const path = [parsed.document.content === undefined ? 'messages' : 'content'];
      findings.set(name, [{ ruleId: 'duplicate-content', message: `${earlier} has the same text`, path }]);
    }
  }
  return findings;
};
