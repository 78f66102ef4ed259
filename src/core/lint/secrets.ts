import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';

/** A secret's place in a file's text; what it is, never the secret. */
export interface FoundSecret {
  /** The library's word for it, such as `GITHUB_TOKEN`. */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** Keys, tokens and passwords in a file's whole text, by the rules that secretlint recommends. */
export const findSecrets = async (text: string, path: string): Promise<FoundSecret[]> => {
  const { messages } = await lintSource({
    source: { content: text, filePath: path, ext: path.slice(path.lastIndexOf('.')), contentType: 'text' },
    options: {
      noPhysicFilePath: true,
      maskSecrets: true,
      config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] },
    },
  });
  return messages
    .filter(({ type }) => type === 'message')
    .map(({ messageId, range }) => ({ kind: messageId, start: range[0], end: range[1] }));
};
