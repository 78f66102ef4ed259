import { Document, Scalar } from 'yaml';

/** The first text of a prompt document; without content a short example that renders. */
export const formatContentPrompt = (name: string, content: string | null): string => {
  const title = name.split('/').at(-1)?.replace(/[-_]+/g, ' ') ?? name;
  if (content === null) return exampleText(title);
  const text = new Scalar(content.endsWith('\n') ? content : `${content}\n`);
  text.type = Scalar.BLOCK_LITERAL;
  // Text from elsewhere may hold braces that were never meant as variables.
  const document = new Document({
    name: title,
    description: `Imported text of ${title}.`,
    template: 'none',
    content: text,
  });
  return document.toString({ lineWidth: 0 });
};

const exampleText = (title: string): string => `name: ${JSON.stringify(title)}
description: Say in one sentence what this prompt is for.
category: general
tags: []
variables:
  - name: question
    type: string
    description: What the user asks.
content: |
  Answer the question between the tags in at most three sentences.
  If you do not know the answer, say so.

  <question>
  {{question}}
  </question>
`;
