// What the benchmark's repository takes from promptv itself, so that its tags and state files are exactly those
// that promptv writes.
export { makeBundle } from '../src/core/bundle/format-bundle.ts';
export { addDeployment, emptyState, formatEnvironmentState } from '../src/core/environment/state.ts';
export { contentHash } from '../src/core/prompt/content-hash.ts';
export { formatTagMessage } from '../src/core/version/tag-message.ts';
