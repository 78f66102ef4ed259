import type { CheckCase, CheckReport, CheckSuite } from '../../core/checks/report.ts';
import { sanitize } from '../text.ts';
import { formatPlace, messageOf, shorten, toWellFormed } from './text.ts';

/**
 * JUnit XML, one test suite a file. It always holds a case, for parsers take a report without one for a broken run;
 * warnings and notes of a case that passed stand in its `system-out`.
 */
export const formatJunit = (report: CheckReport): string => {
  const suites = report.suites.filter(({ cases }) => cases.length > 0);
  const shown = suites.length > 0 ? suites : [nothingToCheck];
  const lines = shown.flatMap((suite) => formatSuite(suite, report.check));
  const cases = shown.flatMap((suite) => suite.cases);
  const name = attribute('name', `promptv ${report.check}`);
  const time = attribute('time', seconds(report.durationMs));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${name} ${countAttributes(cases)} ${time}>`,
    ...lines,
    '</testsuites>',
    '',
  ].join('\n');
};

const nothingToCheck: CheckSuite = {
  name: 'promptv',
  file: null,
  cases: [{ name: 'nothing to check', outcome: 'skipped', durationMs: 0, problems: [] }],
};

const formatSuite = (suite: CheckSuite, check: string): string[] => {
  const durationMs = suite.cases.reduce((sum, one) => sum + (one.durationMs ?? 0), 0);
  return [
    `  <testsuite ${attribute('name', suite.name)} ${countAttributes(suite.cases)} ${attribute('time', seconds(durationMs))}>`,
    ...suite.cases.flatMap((one) => formatCase(one, suite, check)),
    '  </testsuite>',
  ];
};

const countAttributes = (cases: readonly CheckCase[]): string => {
  const count = (outcome: string): string => String(cases.filter((one) => one.outcome === outcome).length);
  return [
    attribute('tests', String(cases.length)),
    attribute('failures', count('failed')),
    attribute('errors', count('errored')),
    attribute('skipped', count('skipped')),
  ].join(' ');
};

const formatCase = (one: CheckCase, suite: CheckSuite, check: string): string[] => {
  const attributes = [
    attribute('name', one.name),
    attribute('classname', `${check}.${suite.name}`),
    ...(suite.file === null ? [] : [attribute('file', suite.file)]),
    attribute('time', seconds(one.durationMs ?? 0)),
  ].join(' ');
  return [`    <testcase ${attributes}>`, ...outcomeLines(one), '    </testcase>'];
};

const outcomeLines = (one: CheckCase): string[] => {
  if (one.outcome === 'skipped') return ['      <skipped/>'];
  const lines = one.problems.map((problem) => {
    const said = `${problem.severity} ${problem.ruleId}: ${shorten(messageOf(problem, one), 5000)}`;
    return `${formatPlace(problem)} ${said}`.trimStart();
  });
  const body = escapeXml(lines.join('\n'));
  if (one.outcome === 'passed') return lines.length > 0 ? [`      <system-out>${body}</system-out>`] : [];
  const tag = one.outcome === 'failed' ? 'failure' : 'error';
  const first = one.problems[0];
  const message = attribute('message', first === undefined ? one.outcome : messageOf(first, one));
  return [`      <${tag} ${message} ${attribute('type', first?.ruleId ?? one.outcome)}>${body}</${tag}>`];
};

const seconds = (durationMs: number): string => (durationMs / 1000).toFixed(3);

const attribute = (name: string, value: string): string => `${name}="${escapeXml(shorten(value))}"`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Control characters, halves of surrogate pairs and two more cannot stand in XML at all. */
const escapeXml = (text: string): string =>
  toWellFormed(sanitize(text))
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character)
    .replaceAll('##[', '##&#91;');
