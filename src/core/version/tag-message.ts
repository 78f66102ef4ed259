import type { Impact } from '../impact/grade.ts';
import type { Pin } from '../prompt/document.ts';
import type { RecordedBump } from './bump.ts';
import { formatList, formatValue } from './tag-value.ts';
import { assertMeta, parseMessage } from './user-message.ts';

/** Where a version was saved: the CI system, its run and the run's page. */
export interface CiRecord {
  readonly provider: string;
  readonly run: string | null;
  readonly url: string | null;
}

/** Everything that a version's tag records. The strings are data: escape them before they reach a terminal. */
export interface TagRecord {
  readonly name: string;
  readonly version: string;
  readonly previousVersion: string | null;
  readonly bump: RecordedBump;
  readonly impact: Impact;
  /** `sha256:` + 64 hex digits. */
  readonly contentHash: string;
  /** Git's object id of the file's bytes. */
  readonly blob: string;
  /** The file, relative to git's top level, with `/`. */
  readonly path: string;
  readonly pins: readonly Pin[];
  readonly renamedFrom: string | null;
  /** `Name <mail>` of everybody who changed the file since the previous version. */
  readonly authors: readonly string[];
  /** Null on a detached HEAD. */
  readonly branch: string | null;
  readonly commit: string;
  readonly ci: CiRecord | null;
  readonly meta: Readonly<Record<string, string>>;
  /** The user's; empty when none was given. */
  readonly message: string;
}

/**
 * The message of a version's tag: subject, the user's message, our paragraph of `Key: value` lines. Throws
 * MESSAGE_INVALID and META_INVALID; check both texts before anything is written.
 */
export const formatTagMessage = (record: TagRecord): string => {
  assertMeta(record.meta);
  const paragraphs = [
    `${record.name} ${record.version}`,
    parseMessage(record.message),
    tagLines(record).join('\n'),
  ];
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
};

const tagLines = (record: TagRecord): string[] => [
  ...line('Prompt-Version', record.version),
  ...line('Previous-Version', record.previousVersion),
  ...line('Bump', record.bump),
  ...line('Impact', record.impact),
  ...line('Content-Hash', record.contentHash),
  ...line('Blob', record.blob),
  ...line('Path', record.path),
  ...record.pins.flatMap((pin) => line('Pin', `${pin.name}@${pin.version} ${pin.contentHash}`)),
  ...line('Renamed-From', record.renamedFrom),
  ...(record.authors.length > 0 ? [`Authors: ${formatList(record.authors)}`] : []),
  ...line('Branch', record.branch),
  ...line('Commit', record.commit),
  ...line('CI-Provider', record.ci?.provider ?? null),
  ...line('CI-Run', record.ci?.run ?? null),
  ...line('CI-Url', record.ci?.url ?? null),
  ...Object.keys(record.meta)
    .sort()
    .flatMap((key) => line(`Meta-${key}`, record.meta[key] ?? null)),
];

const line = (key: string, value: string | null): string[] =>
  value === null ? [] : [`${key}: ${formatValue(value)}`];
