import { describe, expect, it } from 'vitest';
import {
  approvalFolder,
  approverSlug,
  createRequest,
  parseApprovalPath,
} from '../../../../src/core/approval/records.ts';

describe('the file of a decision', () => {
  it.each([
    ['Ada@Example.com', 'ada%40example.com'],
    ['a+b_c.d-e@x', 'a%2Bb_c.d-e%40x'],
    ['ä/..@x', '%C3%A4%2F..%40x'],
    ['100%@x', '100%25%40x'],
    ['request', '%72equest'],
  ])('of %s is %s', (email, slug) => {
    expect(approverSlug(email)).toBe(slug);
  });

  it.each(['greet', 'support/triage', 'a/b.c'])('is found again from its path: %s', (prompt) => {
    const place = { environment: 'production', stage: 'review', prompt, version: '1.0.0-rc.1' };
    const path = `${approvalFolder(place)}/ada%40x.json`;
    expect(parseApprovalPath(path)).toEqual({ ...place, slug: 'ada%40x' });
  });

  it.each([
    '.promptv/approvals/a/b/c.json',
    '.promptv/approvals/a/b/c@1.0.0/d.txt',
    'a',
  ])('is nothing else: %s', (path) => {
    expect(parseApprovalPath(path)).toBe(null);
  });
});

describe('the id of a request', () => {
  it('differs for two requests at one moment', () => {
    const about = {
      prompt: 'a',
      version: '1.0.0',
      environment: 'e',
      stage: 's',
      contentHash: 'h',
      comment: null,
    };
    const at = '2026-01-02T03:04:05.678Z';
    const [one, two] = ['A <a@x>', 'B <b@x>'].map((by) => createRequest({ ...about, at, by }).id);
    expect(one).toMatch(/^20260102T030405678Z-[0-9a-f]{12}$/);
    expect(two).not.toBe(one);
  });
});
