export { isPromptvError, PromptvError } from './errors.ts';
