// What the benchmark's repository takes from promptv itself, so that its tags are exactly those that `save` writes.
export { contentHash } from '../src/core/prompt/content-hash.ts';
export { formatTagMessage } from '../src/core/version/tag-message.ts';
