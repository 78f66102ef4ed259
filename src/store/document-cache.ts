import { createHash } from 'node:crypto';
import type { PromptDocument } from '../core/prompt/document.ts';
import { includedPrompts, rememberIncluded } from '../core/template/template.ts';
import type { CacheFolder } from './cache-folder.ts';
import { type ParsedPromptText, parsePromptText, promptFormatOf } from './prompt-text.ts';

/** Fewer texts than this are parsed faster than a cache is read and written. */
const worthCaching = 40;

const fileName = 'documents.json';

/** Raised whenever the meaning of a stored document changes. */
const formatVersion = 3;

/** The git blob id of a text, its document, and the prompts that includes. */
type StoredDocument = readonly [string, PromptDocument, readonly string[]];

/**
 * Documents parsed once per text, within a run and across runs: `.promptv/cache/documents.json` has the document of
 * every git blob id. Only texts without any problem are kept. The file may be deleted at any time.
 */
export class DocumentCache {
  private readonly folder: CacheFolder;
  private readonly objectFormat: 'sha1' | 'sha256';
  private readonly parsed = new Map<string, ParsedPromptText>();
  private stored: ReadonlyMap<string, PromptDocument> | null = null;
  private readonly used = new Map<string, PromptDocument>();
  private fresh = 0;
  private expected = 0;

  /** `objectFormat` is the hash by which the repository names its objects. */
  constructor(folder: CacheFolder, objectFormat: 'sha1' | 'sha256' = 'sha1') {
    this.folder = folder;
    this.objectFormat = objectFormat;
  }

  /** Says how many texts are coming, so that a large run reads the stored documents first. */
  expect(texts: number): void {
    this.expected += texts;
    if (this.expected >= worthCaching) this.stored ??= this.load();
  }

  /**
   * The parsed text; problems are part of the answer, never thrown. `path` names the file in problems, `blob` is the
   * text's id where it is known.
   */
  parse(bytes: Uint8Array, path: string, blob = this.blobId(bytes)): ParsedPromptText {
    const key = `${blob} ${path}`;
    const known = this.parsed.get(key);
    if (known) return known;
    const stored = this.stored?.get(blob);
    const parsed = stored ? fromStored(stored, bytes, path) : parsePromptText(bytes, path);
    this.parsed.set(key, parsed);
    if (!stored) this.fresh++;
    if (parsed.document && parsed.problems.length === 0) this.used.set(blob, parsed.document);
    return parsed;
  }

  /** The id that git gives a blob of these bytes. */
  blobId(bytes: Uint8Array): string {
    return createHash(this.objectFormat).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  }

  /** Writes what this run used, if enough of it was new. */
  flush(): void {
    if (this.fresh === 0 || this.used.size < worthCaching) return;
    // A list: to make an object of thousands of keys takes as long as to write it.
    const documents = Array.from(
      this.used,
      ([blob, document]): StoredDocument => [blob, document, includedPrompts(document)],
    );
    this.folder.write(fileName, JSON.stringify({ formatVersion, documents }));
  }

  private load(): ReadonlyMap<string, PromptDocument> {
    try {
      const data: unknown = JSON.parse(this.folder.read(fileName)?.toString('utf8') ?? '');
      return isStoredDocuments(data) ? recall(data.documents) : new Map();
    } catch {
      return new Map();
    }
  }
}

const recall = (stored: readonly StoredDocument[]): ReadonlyMap<string, PromptDocument> => {
  const documents = new Map<string, PromptDocument>();
  for (const [blob, document, included] of stored) {
    rememberIncluded(document, included);
    documents.set(blob, document);
  }
  return documents;
};

/** What was stored had no problem: it is UTF-8. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const fromStored = (document: PromptDocument, bytes: Uint8Array, path: string): ParsedPromptText => ({
  document,
  problems: [],
  value: document,
  text: utf8.decode(bytes),
  format: promptFormatOf(path),
});

const isStoredDocuments = (data: unknown): data is { documents: readonly StoredDocument[] } =>
  typeof data === 'object' &&
  data !== null &&
  'formatVersion' in data &&
  data.formatVersion === formatVersion &&
  'documents' in data &&
  Array.isArray(data.documents);
