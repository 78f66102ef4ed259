import type { Notice } from '../../core/notify/notice.ts';
import { sanitizeLine } from '../text.ts';

/** Who was told; null when nobody was. What failed stands among the warnings. */
export const formatNotices = (notices: readonly Notice[]): string | null => {
  const told = [
    ...new Set(notices.flatMap(({ sink, delivered }) => (delivered ? [sanitizeLine(sink)] : []))),
  ];
  return told.length === 0 ? null : `Told ${told.join(', ')}.`;
};
